/** Python packages with compiled parts are installed on Alpine. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { baseContents } from '../../model/image-contents';
import type { Model, RunStep, Stage } from '../../model/model';
import { isAtLeast, muslWheels, requirementsOf } from '../../model/python-wheels';
import { rootOf } from '../../model/stages';
import { isRunStep } from '../../model/steps';
import type { PackageCall } from '../../shell/packages';
import type { LocalSpan } from '../../syntax/span';
import { replace } from '../edits';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile, type FixResult, type Severity } from '../rule';

export default defineRule({
  id: 'alpine-for-python',
  category: 'size',
  severity: 'warning',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'pip, uv, pipenv or poetry installs a package with compiled parts (numpy, pandas, matplotlib, lxml, cryptography, psycopg2 …) on an Alpine image. The packages are read from the command, and from `requirements.txt` and its kin where the build context is known.',
    why: 'Most wheels are built for glibc; Alpine has musl. For a release without a `musllinux` wheel pip fetches the source and compiles: matplotlib and pandas took 40 minutes where the wheel takes seconds, and the compilers and headers make the image larger than the slim one. Many packages have wheels for musl by now; then it is an info.',
    fix: "Use `python:…-slim`: Debian, some 30 MB more to pull, and every wheel fits. The quick fix changes the base where nothing in the stage is Alpine's own (`apk`, `adduser -D`).",
    ignore:
      'Where the compiling is done in a build stage and cached, or the releases that you pin are known to have wheels for musl.',
    references: [
      'https://peps.python.org/pep-0656/',
      'https://hub.docker.com/_/python',
      'https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.8-alpine
        RUN pip install --no-cache-dir \
              flask \
              # plots
              matplotlib pandas
              ^^^^^^^^^^ warning alpine-for-python: \`matplotlib\` and \`pandas\` have no ready-made wheel for musl that fits \`python:3.8-alpine\`: pip compiles them for minutes, or gives up.
        CMD ["python", "-m", "plots"]
      `,
      good: dockerfile`
        FROM python:3.8-slim
        RUN pip install --no-cache-dir \
              flask \
              # plots
              matplotlib pandas
        CMD ["python", "-m", "plots"]
      `,
    },
    {
      files: { 'requirements.txt': 'flask==3.0\nmysqlclient>=1.4.2\nnumpy==1.24.4\n' },
      bad: dockerfile`
        FROM python:3.13-alpine3.22
        RUN apk add --no-cache build-base mariadb-dev
        COPY requirements.txt .
        RUN <<EOF
        pip install --no-cache-dir -r requirements.txt
                                      ^^^^^^^^^^^^^^^^ warning alpine-for-python: \`mysqlclient\` and \`numpy\` have no ready-made wheel…
        EOF
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.13-alpine
        RUN pip install numpy
                        ^^^^^ info alpine-for-python: \`numpy\` has compiled parts: only releases with a wheel for musl install as fast on \`python:3.13-alpine\` as on slim, the others are compiled.
      `,
      good: dockerfile`
        FROM python:3.13-slim
        RUN pip install numpy
      `,
    },
    {
      ok: dockerfile`
        FROM python:3.13-alpine
        COPY requirements.txt .
        RUN pip install --no-cache-dir flask gunicorn numpy==2.2.1 \
            # nobody knows what is in it
            -r requirements.txt
      `,
      because: 'pure Python, a release with a wheel for musl, and requirements that cannot be read',
    },
    {
      ok: dockerfile`
        FROM python:3.13-slim
        RUN pip install pandas
        FROM alpine:3.20
        RUN apk add --no-cache py3-numpy
      `,
      because: 'Debian has glibc, and Alpine compiles its own packages',
    },
  ],
  *check({ model, context }) {
    for (const stage of model.stages) {
      if (baseContents(stage)?.distribution !== 'alpine') continue;
      const root = rootOf(stage);
      for (const run of model.runs) {
        if (run.stage !== stage || !run.isKnown) continue;
        for (const call of run.calls(['pip', 'uv', 'pipenv', 'poetry'], 'install')) {
          const found = compiledIn(call, root, context);
          if (!found) continue;
          yield {
            at: onOneLine(model.dockerfile, run.at(found.span)),
            message: messageOf(found, root.baseText),
            severity: found.severity,
            fix: () => toSlim(model, root),
          };
        }
      }
    }
  },
});

interface Compiled {
  readonly names: readonly string[];
  readonly span: LocalSpan;
  readonly severity: Severity;
}

interface Candidate {
  readonly name: string;
  readonly version: string | null;
  readonly span: LocalSpan;
}

/** The packages of a call that are compiled on musl: surely, or for some of their releases. */
function compiledIn(call: PackageCall, root: Stage, context: BuildContext | null): Compiled | null {
  if (call.flags.some(({ name, value }) => name === '--only-binary' || (name === '--platform' && value !== null)))
    return null;
  const python = pythonOf(root);
  const surely: Candidate[] = [];
  const perhaps: Candidate[] = [];
  for (const candidate of candidatesOf(call, context)) {
    const wheels = muslWheels(candidate.name);
    if (!wheels) continue;
    if (wheels.kind === 'none') surely.push(candidate);
    else if (candidate.version === null)
      (python !== null && python < 9 && (python < 6 || isNew(candidate.name)) ? surely : perhaps).push(candidate);
    else if (!isAtLeast(candidate.version, wheels.version)) surely.push(candidate);
  }
  const [first] = surely.length > 0 ? surely : perhaps;
  if (!first) return null;
  const names = [...new Set((surely.length > 0 ? surely : perhaps).map(({ name }) => name))];
  return { names, span: first.span, severity: surely.length > 0 ? 'warning' : 'info' };
}

/** What the last release for Python 3.8 has no wheel for yet. */
const isNew = (name: string): boolean =>
  /^(?:numpy|pandas|scipy|matplotlib|scikit-learn|pyarrow|statsmodels|duckdb|confluent-kafka)$/i.test(name);

function candidatesOf(call: PackageCall, context: BuildContext | null): readonly Candidate[] {
  const named = call.packages.flatMap(({ name, version, word, isFile }) =>
    name === null || isFile ? [] : [{ name, version: exact(word.unquoted, version), span: word.span }],
  );
  const files = call.flags.filter(({ name }) => /^(?:-r|--requirement|--requirements)$/.test(name));
  const listed = files.flatMap(({ value, word, valueWord }) => {
    const path = (value ?? '').replace(/^\.\//, '');
    const text = context?.text(path) ?? context?.text(path.slice(path.lastIndexOf('/') + 1));
    const span = (valueWord ?? word).span;
    return text === undefined ? [] : requirementsOf(text).map((one) => ({ ...one, span }));
  });
  return [...named, ...listed];
}

/** `numpy==1.26` names the release; `numpy>=1.26` and a variable leave it open. */
const exact = (text: string, version: string | null): string | null =>
  version !== null && /^[\d.]+\w*$/.test(version) && text.includes('==') ? version : null;

/** The minor number of Python 3 that the tag names, 0 for Python 2: the pip of neither 2 nor 3.5 knows wheels for musl. */
function pythonOf({ image }: Stage): number | null {
  if (image?.name === 'python' && /^2(?:\.|-)/.test(image.tag ?? '')) return 0;
  const minor = image?.name === 'python' ? /^3\.(\d+)/.exec(image.tag ?? '')?.[1] : undefined;
  return minor === undefined ? null : Number(minor);
}

function messageOf({ names, severity }: Compiled, base: string): string {
  const [first = '', second = ''] = names;
  if (severity === 'info')
    return l10n.t(
      '`{0}` has compiled parts: only releases with a wheel for musl install as fast on `{1}` as on slim, the others are compiled.',
      first,
      quotable(base),
    );
  if (names.length === 1)
    return l10n.t(
      '`{0}` has no ready-made wheel for musl that fits `{1}`: pip compiles it for minutes, or gives up.',
      first,
      quotable(base),
    );
  return names.length === 2
    ? l10n.t(
        '`{0}` and `{1}` have no ready-made wheel for musl that fits `{2}`: pip compiles them for minutes, or gives up.',
        first,
        second,
        quotable(base),
      )
    : l10n.t(
        '`{0}` and {1} more packages have no ready-made wheel for musl that fits `{2}`: pip compiles them for minutes, or gives up.',
        first,
        names.length - 1,
        quotable(base),
      );
}

function toSlim(model: Model, root: Stage): FixResult {
  const { image, baseText, baseSpan, from } = root;
  const line = from.line + 1;
  const version = /^([\w.]+?)-alpine[\d.]*$/.exec(image?.tag ?? '')?.[1];
  if (
    !image?.isOfficial ||
    image.name !== 'python' ||
    !baseSpan ||
    baseText !== image.text ||
    (version === undefined && image.tag !== 'alpine')
  )
    return { refused: l10n.t('The slim variant of the base on line {0} is not known.', line) };
  const own = alpineStep(model, root);
  if (own)
    return {
      refused: l10n.t(
        'Line {0} does what only Alpine knows: it has to be written anew for Debian.',
        own.instruction.line + 1,
      ),
    };
  const text = `${image.text.slice(0, image.nameEnd)}:${version === undefined ? 'slim' : `${version}-slim`}`;
  return {
    title: l10n.t('Use `{0}`', text),
    safety: 'suggestion',
    edits: [replace(from.at(baseSpan), text)],
    risk: l10n.t('It is another distribution: scripts that rely on Alpine have to change.'),
  };
}

/** A RUN on the same base that Debian would not understand: apk, the options of busybox's adduser. */
function alpineStep(model: Model, root: Stage): RunStep | null {
  for (const stage of model.allStages) {
    if (rootOf(stage) !== root) continue;
    const found = stage.steps
      .filter(isRunStep)
      .find(
        (run) =>
          !run.isKnown ||
          run.scripts.some(({ commands }) =>
            commands.some(({ name }) => /^(?:apk|adduser|addgroup|deluser|delgroup)$/.test(name ?? '')),
          ),
      );
    if (found) return found;
  }
  return null;
}
