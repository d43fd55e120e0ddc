/** What ShellCheck, the real program, says of scripts, at its place in Dockerfiles of every shape; and how it reaches an editor. */
import { strict as assert } from 'node:assert';
import { analyze } from '../../server/src/analysis/analyze';
import { applyEdits, fixOf } from '../../server/src/analysis/fixes';
import { shellSources } from '../../server/src/analysis/shell-findings';
import { type Config, defaultConfig } from '../../server/src/rules/config';
import { dockerfile, isRefusal } from '../../server/src/rules/rule';
import { runShellcheck } from '../../server/src/shell/node/shellcheck';
import { createReportCache } from '../../server/src/shell/shellcheck';
import { ensureShellcheck } from '../harness/shellcheck';
import { applyTextEdits, at, editsOf, modernClient, type Session, startSession } from './session';

let program: string | undefined;

/** A text, analysed with what ShellCheck says of it. */
async function ask(text: string, config: Partial<Config> = {}) {
  const shell = createReportCache(1000);
  const options = { config: { ...defaultConfig, ...config }, context: null, shell };
  await runShellcheck(program ?? '', shellSources(analyze(text, options).model), shell.set);
  return analyze(text, options);
}

/** ShellCheck's findings as `line: text CODE`, lines from 1. */
async function found(text: string, config: Partial<Config> = {}): Promise<string[]> {
  const { findings, dockerfile: file } = await ask(text, config);
  return findings
    .filter(({ rule }) => rule.foundBy)
    .map(({ at: { start, end }, rule }) => `${file.lines.lineAt(start) + 1}: ${text.slice(start, end)} ${rule.id}`);
}

/** The text with all of ShellCheck's repairs. */
async function repaired(text: string): Promise<string> {
  const analysis = await ask(text);
  const edits = analysis.findings
    .filter(({ rule }) => rule.foundBy)
    .flatMap((finding) => {
      const fix = fixOf(analysis, finding);
      return fix && !isRefusal(fix) ? fix.edits : [];
    });
  return applyEdits(text, edits);
}

const crlf = (text: string) => text.replaceAll('\n', '\r\n');
const codes = (rows: readonly string[]) => rows.map((row) => row.slice(row.lastIndexOf(' ') + 1));

describe('ShellCheck', function () {
  this.timeout(60_000);
  before(function () {
    this.timeout(300_000);
    program = ensureShellcheck();
    if (!program) this.skip();
  });

  describe('in a Dockerfile', () => {
    const continued = dockerfile`
      FROM debian:12
      ARG DIR
      RUN set -e; \
          # about the folder
          mkdir $DIR \
          # between the words

            $DIR/😀 $DIR; \
      	rm -rf "$DIR"/*.o
    `;

    it('stands at its place in continued lines with comments, blank lines, tabs and characters of two units', async () => {
      const expected = ['5: $DIR SC2086', '8: $DIR SC2086', '8: $DIR SC2086'];
      assert.deepEqual(await found(continued), expected);
      assert.deepEqual(await found(crlf(continued)), expected);
      assert.deepEqual(await found(continued.replace(/\n$/, '')), expected);
      assert.deepEqual(await found(`# escape=\`\n${continued.replaceAll('\\\n', '`\n')}`), [
        '6: $DIR SC2086',
        '9: $DIR SC2086',
        '9: $DIR SC2086',
      ]);
    });

    it('is repaired there, and nothing else is touched', async () => {
      const good = continued.replace('mkdir $DIR', 'mkdir "$DIR"').replace('$DIR/😀 $DIR;', '"$DIR"/😀 "$DIR";');
      assert.equal(await repaired(continued), good);
      assert.equal(await repaired(crlf(continued)), crlf(good));
      assert.deepEqual(await found(good), []);
    });

    it('stands at its place in here-documents, chomped ones too, and in those that feed a shell', async () => {
      const text = dockerfile`
        FROM debian:12
        RUN <<EOF
        set -e
        cd $HOME/$X
        EOF
        RUN <<-EOF
        	for f in *; do
        		rm $f
        	done
        	EOF
        RUN <<EOF
        #!/bin/bash
        [[ $A == 1 ]] && rm -r $A
        EOF
        RUN bash -e <<'EOF'
        source /etc/os-release
        rm -r $B
        EOF
        RUN <<EOF
        #!/usr/bin/env python3
        print($A)
        EOF
      `;
      const rows = ['4: $HOME SC2086', '4: $X SC2086', '8: $f SC2086', '13: $A SC2086', '17: $B SC2086'];
      const all = await found(text);
      for (const row of rows) assert.ok(all.includes(row), `${row} in\n${all.join('\n')}`);
      assert.ok(
        codes(all).every((code) => ['SC2086', 'SC2035', 'SC2154'].includes(code)),
        all.join('\n'),
      );
      const good = await repaired(text);
      assert.ok(good.includes('cd "$HOME"/"$X"\n') && good.includes('\t\trm "$f"\n') && good.includes('rm -r "$B"\n'));
    });

    it('stands at its place in JSON strings, where the repair is escaped, and in ONBUILD', async () => {
      const text = dockerfile`
        FROM debian:12
        RUN ["/bin/bash", "-c", "echo \"é\" && rm -r $A"]
        ONBUILD RUN rm -r $A
        RUN ["rm", "-r", "$A"]
      `;
      assert.deepEqual(await found(text), ['2: $A SC2086', '3: $A SC2086']);
      assert.equal(
        await repaired(text),
        text.replace('rm -r $A"]', 'rm -r \\"$A\\""]').replace('ONBUILD RUN rm -r $A', 'ONBUILD RUN rm -r "$A"'),
      );
    });

    it('knows the shell that SHELL names, and leaves those alone that it does not know', async () => {
      const of = async (shell: string, base = 'debian:12') =>
        codes(await found(`FROM ${base}\nSHELL [${shell}]\nRUN [[ -e /x ]] && a=(1) && echo "\${a[0]}"\n`));
      assert.deepEqual(await of('"/bin/bash", "-o", "pipefail", "-c"'), []);
      assert.deepEqual(await of('"/bin/sh", "-c"'), ['SC3010', 'SC3030', 'SC3054']);
      assert.deepEqual(await of('"/bin/dash", "-c"', 'example.com/own'), ['SC3010', 'SC3030', 'SC3054']);
      assert.deepEqual(await of('"/bin/ksh", "-c"'), []);
      assert.deepEqual(await of('"cmd", "/S", "/C"'), []);
      assert.deepEqual(await of('"/usr/bin/fish", "-c"'), []);
      assert.deepEqual(await found('FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN rm $A\n'), []);
    });

    it('says what sh cannot do only where the image tells which sh that is', async () => {
      const of = async (base: string) =>
        codes(await found(`FROM ${base}\nRUN [[ -e /x ]] && a=(1) && echo "\${a[0]}"\n`));
      assert.deepEqual(await of('debian:12'), ['SC3010', 'SC3030', 'SC3054']);
      assert.deepEqual(await of('node:20-bookworm-slim'), ['SC3010', 'SC3030', 'SC3054']);
      assert.deepEqual(await of('node:20-alpine'), ['SC3030', 'SC3054']);
      assert.deepEqual(await of('fedora:40'), []);
      assert.deepEqual(await of('example.com/own:1'), []);
    });

    it('knows the variables of the Dockerfile, and what ENV says of them', async () => {
      const text = dockerfile`
        ARG outside=1
        FROM debian:12 AS base
        ENV plain=/opt/app spaced="a b" apostrophe="it's"
        FROM base
        ARG given=1
        RUN rm -r $plain $spaced $apostrophe $given $http_proxy; echo "$none $outside"
      `;
      assert.deepEqual(await found(text), [
        '6: $spaced SC2086',
        '6: $apostrophe SC2090',
        '6: $given SC2086',
        '6: $http_proxy SC2086',
        '6: $none SC2154',
        '6: $outside SC2154',
      ]);
    });

    it('takes -e and pipefail of SHELL into account', async () => {
      const text = 'FROM debian:12\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN cd /x; make\n';
      assert.deepEqual(await found(text), []);
      assert.deepEqual(await found(text.replace('-eo', '-o')), ['3: cd /x SC2164']);
    });
  });

  describe('is switched off', () => {
    const text = 'FROM debian:12\nRUN rm $A; \\\n    rm $B && \\\n    cd $C; ls\n';
    const all = ['2: $A SC2086', '3: $B SC2086', '4: cd $C SC2164', '4: $C SC2086'];

    it('by comments above the instruction, ours, hadolint’s and its own', async () => {
      assert.deepEqual(await found(text), all);
      for (const comment of ['layerwise ignore=SC2086', 'hadolint ignore=sc2086', 'shellcheck disable=SC2086,SC1000'])
        assert.deepEqual(await found(text.replace('RUN', `# ${comment}\nRUN`)), ['5: cd $C SC2164'], comment);
      assert.deepEqual(await found(`# layerwise ignore-file=SC2086\n${text}`), ['5: cd $C SC2164']);
      assert.deepEqual(await found(`# hadolint global ignore=SC2086\n${text}`), ['5: cd $C SC2164']);
    });

    it('by its own comments among continued lines, for the command below', async () => {
      const below = text.replace('    rm $B', '    # shellcheck disable=SC2086\n    rm $B');
      assert.deepEqual(await found(below), ['2: $A SC2086', '5: cd $C SC2164', '5: $C SC2086']);
      const first = text.replace('rm $A', '\\\n# shellcheck disable=SC2086\n    rm $A');
      assert.deepEqual(await found(first), ['6: cd $C SC2164']);
    });

    it('by its own comments in a here-document', async () => {
      const body = 'FROM debian:12\nRUN <<EOF\n# shellcheck disable=SC2086\nrm $A\nrm $B\nEOF\n';
      assert.deepEqual(await found(body), []);
      assert.deepEqual(await found(body.replace('# shell', 'true\n# shell')), ['6: $B SC2086']);
      assert.deepEqual(await found(body.replace('# shell', '#!/bin/sh\n# shell')), []);
    });

    it('by configuration, which can also change its severity or choose it', async () => {
      assert.deepEqual(await found(text, { ignore: ['SC2086'] }), ['4: cd $C SC2164']);
      assert.deepEqual(await found(text, { severities: new Map([['SC2086', 'off']]) }), ['4: cd $C SC2164']);
      assert.deepEqual(await found(text, { select: ['SC2164'] }), ['4: cd $C SC2164']);
      assert.deepEqual(await found(text, { select: ['untagged-image'] }), []);
      const { findings } = await ask(text, { severities: new Map([['SC2164', 'error']]), select: ['SC2164'] });
      assert.deepEqual(
        findings.map(({ severity }) => severity),
        ['error'],
      );
    });

    it('where it means files that are not here, or is hardly ever a mistake in a RUN', async () => {
      const quiet = "FROM debian:12\nRUN . /etc/os-release && echo 'export A=$A' >> /etc/profile\n";
      assert.deepEqual(await found(quiet), []);
      assert.deepEqual(codes(await found(quiet, { all: true })), ['SC2016']);
      assert.deepEqual(codes(await found(quiet, { select: ['SC2016'] })), ['SC2016']);
    });
  });

  describe('in an editor', () => {
    const text = 'FROM debian:12\nUSER 1000\nCMD ["a"]\nRUN rm $A\n';
    const settings: { value: unknown } = { value: null };
    let session: Session;

    const start = async (initializationOptions: object = { trusted: true }, PATH?: string) => {
      settings.value = null;
      const before = process.env.PATH;
      if (PATH !== undefined) process.env.PATH = PATH;
      try {
        session = await startSession({ settings, initializationOptions, capabilities: modernClient });
      } finally {
        process.env.PATH = before;
      }
      const uri = session.uri('Dockerfile');
      session.open(uri, text);
      return uri;
    };
    const shellItems = async (uri: string) =>
      (await session.pull(uri)).items.filter(({ source }) => source === 'ShellCheck');
    const refreshed = (from: number) =>
      session.client.waitFor(({ method }) => method === 'workspace/diagnostic/refresh', from);
    /** Pulls until ShellCheck's findings are there. */
    const awaitItems = async (uri: string) => {
      for (;;) {
        const from = session.client.received.length;
        const items = await shellItems(uri);
        if (items.length > 0) return items;
        await refreshed(from);
      }
    };
    /** Longer than it takes to ask. */
    const aWhile = () => new Promise((resolve) => setTimeout(resolve, 1500));
    afterEach(async () => assert.equal(await session.end(), 0));

    it('comes after our own findings, with its name, its code and its page', async () => {
      const uri = await start();
      assert.deepEqual(await shellItems(uri), []);
      const [item] = await awaitItems(uri);
      assert.equal(item?.code, 'SC2086');
      assert.equal(item.severity, 3);
      assert.equal(item.codeDescription?.href, 'https://www.shellcheck.net/wiki/SC2086');
      assert.deepEqual(item.range, { start: { line: 3, character: 7 }, end: { line: 3, character: 9 } });
    });

    it('offers its repair and the ways to ignore it', async () => {
      const uri = await start();
      await awaitItems(uri);
      const actions = await session.actions(uri, at(3, 8));
      const take = async (title: string) => {
        const action = actions.find((one) => one.title === title);
        assert.ok(action, `${title} among ${actions.map((one) => one.title).join(', ')}`);
        return applyTextEdits(text, editsOf(await session.resolve(action), uri));
      };
      assert.equal(await take('Take ShellCheck’s repair'), text.replace('$A', '"$A"'));
      assert.equal(await take('Ignore SC2086 here'), text.replace('RUN', '# layerwise ignore=SC2086\nRUN'));
      assert.equal(await take('Ignore SC2086 in this file'), `# layerwise ignore-file=SC2086\n${text}`);
    });

    it('follows the text: answers are kept for scripts that are as they were, and asked for those that are not', async () => {
      const uri = await start();
      await awaitItems(uri);
      session.change(uri, 2, [{ range: at(0), text: '# a line\n' }]);
      assert.deepEqual(
        (await shellItems(uri)).map(({ range }) => range.start.line),
        [4],
      );
      session.change(uri, 3, [{ text: text.replace('$A', '$A $B') }]);
      assert.deepEqual(await shellItems(uri), []);
      assert.equal((await awaitItems(uri)).length, 2);
    });

    it('needs trust, which can be given later', async () => {
      const uri = await start({});
      await session.pull(uri);
      await aWhile();
      assert.deepEqual(await shellItems(uri), []);
      session.client.notify('layerwise/trusted');
      await awaitItems(uri);
    });

    it('can be switched off and told what not to say', async () => {
      const uri = await start();
      await awaitItems(uri);
      const change = async (shellcheck: object) => {
        settings.value = { shellcheck };
        const from = session.client.received.length;
        session.client.notify('workspace/didChangeConfiguration', { settings: null });
        await refreshed(from);
      };
      await change({ exclude: ['2086'] });
      assert.deepEqual(await shellItems(uri), []);
      await change({});
      assert.equal((await awaitItems(uri)).length, 1);
      await change({ enable: false });
      assert.deepEqual(await shellItems(uri), []);
    });

    it('is silent where the program is not there', async () => {
      const uri = await start({ trusted: true }, '/nonexistent');
      await session.pull(uri);
      await aWhile();
      assert.deepEqual(await shellItems(uri), []);
      assert.equal(session.client.stderr(), '');
    });
  });
});
