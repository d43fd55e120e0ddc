/** A RUN that is too long to be read. */
import * as l10n from '@vscode/l10n';
import type { RunStep } from '../../model/model';
import { toHeredoc } from '../heredoc-script';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

/** Lines and characters beyond which a chain of commands is hard to read. */
const mostLines = 30;
const longestLine = 200;

export default defineRule({
  id: 'long-run',
  category: 'style',
  severity: 'off',
  scope: 'instruction',
  keywords: ['RUN'],
  aliases: ['S7020'],
  fix: 'suggestion',
  docs: {
    what: 'A `RUN` chains its commands over more than 30 lines, or on one line of more than 200 characters. Off by default.',
    why: 'Which command belongs to which `&&`, and where a backslash is missing, is hard to see in such a chain, and a change in it hard to review.',
    fix: 'Write it as a here-document, `RUN <<EOF`, with a command on each line and `set -e` as the first one; or put a script beside the Dockerfile and mount it. The quick fix writes the here-document.',
    ignore: 'For the legacy builder, which has no here-documents.',
    references: ['https://docs.docker.com/reference/dockerfile/#here-documents'],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN apt-get update && apt-get install -y --no-install-recommends build-essential ca-certificates curl && curl -fsSL -o /tmp/tool.tgz https://example.com/releases/download/v1.2.3/tool-1.2.3-linux-x86_64.tar.gz && rm -rf /var/lib/apt/lists/*
        ^^^ info long-run: Line 2 chains 4 commands in 239 characters; nobody reads that far.
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN <<EOF
        set -e
        apt-get update
        apt-get install -y --no-install-recommends build-essential ca-certificates curl
        curl -fsSL -o /tmp/tool.tgz https://example.com/releases/download/v1.2.3/tool-1.2.3-linux-x86_64.tar.gz
        rm -rf /var/lib/apt/lists/*
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN --network=none set -eux; \
        ^^^ info long-run: This RUN chains 4 commands over 33 lines; as a here-document each had its own.
            # the groups
            groupadd app; \
            useradd \
              -m \
              -c "1" \
              -c "2" \
              -c "3" \
              -c "4" \
              -c "5" \
              -c "6" \
              -c "7" \
              -c "8" \
              -c "9" \
              -c "10" \
              -c "11" \
              -c "12" \
              -c "13" \
              -c "14" \
              -c "15" \
              -c "16" \
              -c "17" \
              -c "18" \
              -c "19" \
              -c "20" \
              -c "21" \
              -c "22" \
              -c "23" \
              -c "24" \
              # much
              app; \
            # the end
            printf '%s\n' app > /made
      `,
      good: dockerfile`
        FROM debian:12-slim
        RUN --network=none <<EOF
        set -eux
        # the groups
        groupadd app
        # much
        useradd \
              -m \
              -c "1" \
              -c "2" \
              -c "3" \
              -c "4" \
              -c "5" \
              -c "6" \
              -c "7" \
              -c "8" \
              -c "9" \
              -c "10" \
              -c "11" \
              -c "12" \
              -c "13" \
              -c "14" \
              -c "15" \
              -c "16" \
              -c "17" \
              -c "18" \
              -c "19" \
              -c "20" \
              -c "21" \
              -c "22" \
              -c "23" \
              -c "24" \
              app
        # the end
        printf '%s\n' app > /made
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN apt-get update \
            # what it needs
            && apt-get install -y --no-install-recommends curl \
            && rm -rf /var/lib/apt/lists/*
      `,
      because: 'a chain of this length is easily read',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN curl -fsSL -o /tmp/tool.tgz "https://example.com/a/very/long/address/that/nobody/can/make/any/shorter/because/it/is/signed?signature=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
        RUN <<EOF
        echo 1
        echo 2
        EOF
      `,
      because: 'a single command is as long as it is, and a here-document is a script already',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      const [script] = run.scripts;
      if (!run.isKnown || !script || script.form !== 'shell' || run.body.heredocs.length > 0) continue;
      const count = script.statements.reduce((sum, { pipelines }) => sum + pipelines.length, 0);
      const message = count >= 3 ? messageFor(run, count) : null;
      if (message === null) continue;
      yield {
        at: onOneLine(model.dockerfile, run.at(run.body.keywordSpan)),
        message,
        fix: () => toHeredoc(model, run, script),
      };
    }
  },
});

function messageFor({ instruction, body }: RunStep, count: number): string | null {
  const lines = body.raw.split('\n');
  if (lines.length > mostLines)
    return l10n.t(
      'This RUN chains {0} commands over {1} lines; as a here-document each had its own.',
      count,
      lines.length,
    );
  const index = lines.findIndex((line) => line.length > longestLine && line.split(/&&|;/).length > 3);
  const long = lines[index];
  if (long === undefined) return null;
  return l10n.t(
    'Line {0} chains {1} commands in {2} characters; nobody reads that far.',
    instruction.line + index + 1,
    count,
    long.replace(/\r$/, '').length,
  );
}
