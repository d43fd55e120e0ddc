/** What BuildKit refuses about instructions that its parser has read. */
import { strict as assert } from 'node:assert';
import { checkInstruction } from '../../server/src/syntax/instructions';
import { parseDockerfile } from '../../server/src/syntax/parse';

/** Checks the problems of the last instruction, written as `code: the text it is about`. */
function checkProblems(text: string, ...expected: readonly string[]): void {
  const { instructions } = parseDockerfile(text);
  const last = instructions[instructions.length - 1] ?? assert.fail();
  const found = checkInstruction(last.body).map(({ code, span, inTrigger, message }) => {
    assert.notEqual(message, '');
    const { start, end } = last.at(span);
    return `${inTrigger ? 'trigger ' : ''}${code}: ${text.slice(start, end)}`;
  });
  assert.deepEqual(found, expected, text);
}

describe('instruction checks', () => {
  it('know the instructions', () => {
    checkProblems('FOO bar', 'unknown-instruction: FOO');
    checkProblems('fr\\\nim a', 'unknown-instruction: fr\\\nim');
    checkProblems('from a');
  });

  it('count arguments', () => {
    checkProblems('COPY a', 'missing-argument: COPY');
    checkProblems('ADD ["a"]', 'missing-argument: ADD');
    checkProblems('COPY --from=a b', 'missing-argument: COPY');
    checkProblems('COPY a b');
    for (const keyword of ['ARG', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'LABEL', 'MAINTAINER', 'ONBUILD', 'SHELL']) {
      checkProblems(keyword, `missing-argument: ${keyword}`);
    }
    for (const keyword of ['FROM', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR']) {
      checkProblems(`${keyword} \\\n`, `missing-argument: ${keyword}`);
    }
    for (const keyword of ['RUN', 'CMD', 'ENTRYPOINT']) checkProblems(keyword);
    checkProblems('SHELL []', 'missing-argument: SHELL');
    checkProblems('WORKDIR a b');
  });

  it('know the flags', () => {
    checkProblems('MAINTAINER --boo a', 'unknown-flag: --boo');
    checkProblems('COPY --From=a b c', 'unknown-flag: --From=a');
    checkProblems('COPY --toString=a b c', 'unknown-flag: --toString=a');
    checkProblems('COPY --from=a --from=b c d', 'duplicate-flag: --from=b');
    checkProblems('COPY --exclude=a --exclude=b c d');
    checkProblems('RUN --mount=type=ssh --mount=type=ssh a');
    checkProblems('COPY --from a b', 'missing-flag-value: --from');
    checkProblems('COPY --link= a b', 'missing-flag-value: --link=');
    checkProblems('COPY --link=yes a b', 'invalid-flag-value: yes');
    checkProblems('COPY --link=TRUE --parents a b');
    checkProblems('COPY --link --link a b', 'duplicate-flag: --link');
    checkProblems('FROM --platform=x --foo a', 'unknown-flag: --foo');
    checkProblems('ARG --foo A');
    checkProblems('STOPSIGNAL --foo A');
    checkProblems('HEALTHCHECK --foo NONE');
    checkProblems('HEALTHCHECK --foo=1 CMD a', 'unknown-flag: --foo=1');
  });

  it('know what may follow FROM', () => {
    checkProblems('FROM a AS b');
    checkProblems('FROM a as B.c-d_1');
    checkProblems('FROM a b', 'from-arguments: b');
    checkProblems('FROM a AS', 'from-arguments: AS');
    checkProblems('FROM a IS b', 'from-arguments: IS b');
    checkProblems('FROM a AS b c', 'from-arguments: AS b c');
    checkProblems('FROM a AS 1b', 'invalid-stage-name: 1b');
    checkProblems('FROM a AS b/c', 'invalid-stage-name: b/c');
  });

  it('know what ONBUILD must not wrap, and look into what it wraps', () => {
    checkProblems('ONBUILD FROM a', 'onbuild-forbidden: FROM');
    checkProblems('ONBUILD maintainer a', 'onbuild-forbidden: maintainer');
    checkProblems('ONBUILD ONBUILD RUN a', 'onbuild-chained: ONBUILD');
    checkProblems('ONBUILD FOO', 'trigger unknown-instruction: FOO');
    checkProblems('ONBUILD COPY --x=1 a', 'trigger unknown-flag: --x=1', 'trigger missing-argument: COPY');
    checkProblems('ONBUILD RUN a');
  });

  it('know names, health checks, shells, volumes and destinations', () => {
    checkProblems('ENV =a', 'blank-name: =a');
    checkProblems('ARG =a', 'blank-name: =a');
    checkProblems('LABEL a=b =c', 'blank-name: =c');
    checkProblems('HEALTHCHECK NONE a', 'too-many-arguments: a');
    checkProblems('HEALTHCHECK TEST a', 'unknown-healthcheck: TEST');
    checkProblems('HEALTHCHECK CMD', 'missing-argument: CMD');
    checkProblems('HEALTHCHECK cmd []', 'missing-argument: cmd');
    checkProblems('HEALTHCHECK none');
    checkProblems('SHELL sh -c', 'shell-not-json: sh -c');
    checkProblems('VOLUME ["a", " "]', 'blank-volume: " "');
    checkProblems('COPY a <<E\nE\n', 'heredoc-destination: <<E');
    checkProblems('COPY <<E /a\nE\n');
  });

  it('leave to the parser what the parser refused', () => {
    checkProblems('ENV A');
    checkProblems('COPY [1]');
  });
});
