/** A quote or brace that is never closed in what Docker expands: ENV, LABEL, COPY, WORKDIR… */
import * as l10n from '@vscode/l10n';
import { baseBringsOnlyPath } from '../../model/base-config';
import { globalArgsOf } from '../../model/global-args';
import type { Model, Step } from '../../model/model';
import { perStep } from '../../model/per-step';
import { type Environment, type ExpansionError, expandWord } from '../../syntax/expand';
import { type ExpandedText, expandedTexts } from '../../syntax/expanded-texts';
import type { Instruction, InstructionBody } from '../../syntax/tree';
import { onFirstLine, quotable } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'unterminated-quote',
  category: 'syntax',
  severity: 'error',
  aliases: [],
  fix: 'none',
  docs: {
    what: 'A quote is opened and never closed in a part of an instruction that Docker expands (`ENV`, `LABEL`, `ARG`, `COPY`, `ADD`, `WORKDIR`, `USER`, `VOLUME`, `EXPOSE`, `FROM`, a mount), a `${` lacks its `}`, or what stands between them is no substitution that Docker knows.',
    why: 'Docker refuses the file when it comes to the instruction, after all that stands above may have been built.',
    fix: 'Close the quote, or write `\\"` or `\\\'` where the character itself is meant.',
    ignore: 'Never for a file that Docker is to read.',
    references: ['https://docs.docker.com/reference/dockerfile/#environment-replacement'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM alpine:3.20
        ENV GREETING="Hello
                     ^^^^^^ error unterminated-quote: The quote in \`"Hello\` is never closed, so Docker refuses the file.
        ENV NOTE it's me
                 ^^^^^^^ error unterminated-quote: The quote in \`it's me\` is never closed, so Docker refuses the file.
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        LABEL version=\${VERSION name=\${NAME^^}
                      ^^^^^^^^^ error unterminated-quote: \`\${VERSION\` lacks a \`}\`, so Docker refuses the file.
                                     ^^^^^^^^^ error unterminated-quote: \`\${NAME^^}\` holds a substitution that Docker does not know, so it refuses the file.
      `,
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        ENV A="it's" B=\"c D='"' \
            # a comment's quote does not count
            E="\${F:-g}"
        RUN echo it\'s
      `,
      because: 'all quotes are closed, escaped, or inside others',
    },
    {
      ok: dockerfile`
        FROM alpine:3.20
        COPY <<EOF /motd
        It's me
        EOF
        CMD echo "
      `,
      because: 'quotes are ordinary characters in a here-document, and those of a command are the shell’s business',
    },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      const texts = expandedTexts(instruction.body);
      if (texts.length === 0) continue;
      const step = model.stepOf(instruction);
      const errors = step ? errorsIn(step) : errorsAbove(model, instruction);
      for (const { text, error } of errors) {
        // What is not set in the file may be set in the base.
        if (error.code === 'required' && step && !baseBringsOnlyPath(step.stage)) continue;
        yield {
          ...onFirstLine(model.dockerfile, instruction, text.span),
          message: messageOf(text, error),
        };
      }
    }
  },
});

interface TextError {
  readonly text: ExpandedText;
  readonly error: ExpansionError;
}

const errorsIn = perStep((step: Step): readonly TextError[] => errorsOf(step.body, (name) => valueIn(step, name)));

/** Those of a FROM, or of an ARG above the first FROM; nothing else is expanded there. */
function errorsAbove(model: Model, { keyword, body }: Instruction): readonly TextError[] {
  return keyword === 'FROM' || keyword === 'ARG' ? errorsOf(body, globalArgsOf(model).value) : [];
}

function errorsOf(body: InstructionBody, lookUp: Environment): readonly TextError[] {
  return expandedTexts(body).flatMap((text) => {
    const escapeCharacter = text.isHeredoc ? '\\' : body.escape;
    const { error } = expandWord(text.text, lookUp, escapeCharacter, { ignoreQuotes: text.isHeredoc });
    return error ? [{ text, error }] : [];
  });
}

/** An ARG without a value may get one, and is not missed here: `${NAME:?}` is there to ask for it. */
function valueIn(step: Step, name: string): string | undefined {
  const variable = step.before.scope.get(name);
  return variable ? (variable.value ?? 'x') : undefined;
}

function messageOf({ text }: ExpandedText, { code, detail }: ExpansionError): string {
  const written = quotable(text);
  switch (code) {
    case 'unterminated-quote':
      return l10n.t('The quote in `{0}` is never closed, so Docker refuses the file.', written);
    case 'missing-brace':
      return l10n.t('`{0}` lacks a `}`, so Docker refuses the file.', written);
    case 'missing-slash':
      return l10n.t('`{0}` lacks the `/` between pattern and replacement, so Docker refuses the file.', written);
    case 'required':
      return l10n.t('`{0}` demands a value that nothing gives, so Docker refuses the file.', written);
    default:
      return detail === '' && !text.endsWith('}')
        ? l10n.t('`{0}` lacks a `}`, so Docker refuses the file.', written)
        : l10n.t('`{0}` holds a substitution that Docker does not know, so it refuses the file.', written);
  }
}
