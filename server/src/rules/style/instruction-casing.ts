/** Keywords written in mixed case, or in another case than most of the file. */
import * as l10n from '@vscode/l10n';
import type { Instruction, InstructionBody } from '../../syntax/tree';
import { replace } from '../edits';
import { defineRule, dockerfile } from '../rule';

const words = new WeakMap<InstructionBody, string>();

/** The keyword as written. */
function written({ body }: Instruction): string {
  let word = words.get(body);
  if (word === undefined) {
    word = body.raw.slice(body.keywordSpan.from, body.keywordSpan.to);
    words.set(body, word);
  }
  return word;
}

export default defineRule({
  id: 'instruction-casing',
  category: 'style',
  severity: 'hint',
  scope: 'file',
  aliases: ['ConsistentInstructionCasing', 'S6476'],
  fix: 'safe',
  docs: {
    what: 'An instruction is written in another case than most instructions of the file, or in mixed case.',
    why: 'Keywords are found by their shape. The builder ignores their case.',
    fix: 'Write all keywords alike; upper case is the custom. The quick fix follows the majority of the file, and upper case where there is none.',
    ignore: 'Where two files are pasted together by a script and each keeps its own case.',
    references: ['https://docs.docker.com/reference/build-checks/consistent-instruction-casing/'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM alpine:3.20
        run apk add --no-cache curl
        ^^^ hint instruction-casing: \`run\` is lower case where most of the file is upper case.
        EntryPoint ["curl"]
        ^^^^^^^^^^ hint instruction-casing: \`EntryPoint\` is mixed case where most of the file is upper case.
      `,
      good: dockerfile`
        FROM alpine:3.20
        RUN apk add --no-cache curl
        ENTRYPOINT ["curl"]
      `,
    },
    {
      bad: dockerfile`
        from alpine:3.20
        run apk add --no-cache curl
        CMD ["curl"]
        ^^^ hint instruction-casing: \`CMD\` is upper case where most of the file is lower case.
      `,
      good: dockerfile`
        from alpine:3.20
        run apk add --no-cache curl
        cmd ["curl"]
      `,
    },
    {
      ok: dockerfile`
        from alpine:3.20
        cmd ["sh"]
      `,
      because: 'all keywords are lower case',
    },
    {
      ok: dockerfile`
        ARG VERSION=3.20
        FROM alpine:$VERSION
        CMD ["sh"]
      `,
      because: 'all keywords are upper case',
    },
  ],
  *check({ model }) {
    const others: Instruction[] = [];
    let lower = 0;
    let upper = 0;
    const count = (instruction: Instruction) => {
      if (isUpper(instruction)) {
        upper++;
        return;
      }
      others.push(instruction);
      const word = written(instruction);
      if (word === word.toLowerCase()) lower++;
      else if (word === word.toUpperCase()) upper++;
    };
    for (const stage of model.stages) {
      count(stage.from);
      for (const step of stage.steps) count(step.instruction);
    }
    const isLower = lower > upper;
    if (others.length === 0) return;
    const looked = isLower
      ? model.stages.flatMap((stage) => [stage.from, ...stage.steps.map((step) => step.instruction)])
      : others;
    for (const instruction of looked) {
      const word = written(instruction);
      const wanted = isLower ? word.toLowerCase() : word.toUpperCase();
      if (word === wanted || instruction.body.known === null) continue;
      const at = instruction.at(instruction.body.keywordSpan);
      yield {
        at,
        message: messageOf(word, isLower),
        fix: () => ({ title: l10n.t('Write {0}', wanted), safety: 'safe', edits: [replace(at, wanted)] }),
      };
    }
  },
});

/** Most are; the keyword of an instruction is in upper case whatever is written. */
const isUpper = ({ body }: Instruction): boolean =>
  body.known !== null &&
  body.keywordSpan.to - body.keywordSpan.from === body.known.length &&
  body.raw.startsWith(body.known, body.keywordSpan.from);

function messageOf(word: string, isLower: boolean): string {
  const isMixed = word !== word.toLowerCase() && word !== word.toUpperCase();
  if (isLower)
    return isMixed
      ? l10n.t('`{0}` is mixed case where most of the file is lower case.', word)
      : l10n.t('`{0}` is upper case where most of the file is lower case.', word);
  return isMixed
    ? l10n.t('`{0}` is mixed case where most of the file is upper case.', word)
    : l10n.t('`{0}` is lower case where most of the file is upper case.', word);
}
