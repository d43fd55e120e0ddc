/** pip is given a second package index, and takes from either what has the highest version. */
import * as l10n from '@vscode/l10n';
import type { Step } from '../../model/model';
import type { PackageCall } from '../../shell/packages';
import type { LocalSpan } from '../../syntax/span';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'extra-package-index',
  category: 'security',
  severity: 'info',
  scope: 'instruction',
  keywords: ['RUN', 'ENV', 'ARG'],
  aliases: [],
  fix: 'none',
  docs: {
    what: 'pip gets a second index: `--extra-index-url`, or `PIP_EXTRA_INDEX_URL`.',
    why: 'pip knows no order among indexes: it looks for every package in all of them and takes the highest version. Who publishes a package on PyPI under the name of your private one, with a version of 99, gets code into your image (dependency confusion). This has happened to PyTorch.',
    fix: 'Give pip one index, `--index-url`, that also passes on what comes from PyPI, as private registries can. Or install the private packages in a call of their own with `--index-url` and `--no-deps`, or pin everything with `--require-hashes`. uv asks the extra index first and takes a package from one index only.',
    ignore: 'Where every name on the extra index is yours on PyPI as well.',
    references: [
      'https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-extra-index-url',
      'https://docs.astral.sh/uv/concepts/indexes/#searching-across-multiple-indexes',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.13-slim
        RUN pip install --no-cache-dir \
              # ours
              --extra-index-url https://pypi.example.com/simple \
              ^^^^^^^^^^^^^^^^^ info extra-package-index: pip takes the highest version from either index: who publishes one of your names on PyPI gets into the image.
              acme-auth flask
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.13-slim
        ENV PIP_EXTRA_INDEX_URL=https://pypi.example.com/simple
            ^^^^^^^^^^^^^^^^^^^ info extra-package-index
        RUN <<EOF
        python3 -m pip install --extra-index-url=https://download.example.com/whl torch
                               ^^^^^^^^^^^^^^^^^ info extra-package-index
        pip config set global.extra-index-url https://pypi.example.com/simple
                       ^^^^^^^^^^^^^^^^^^^^^^ info extra-package-index
        EOF
      `,
    },
    {
      ok: dockerfile`
        FROM python:3.13-slim
        RUN pip install --no-cache-dir --index-url https://pypi.example.com/simple acme-auth \
            # every file is known
            && pip install --no-cache-dir --require-hashes --extra-index-url https://pypi.example.com/simple -r requirements.txt
      `,
      because: 'there is one index, or the hash of every package is written down',
    },
    {
      ok: dockerfile`
        FROM python:3.13-slim
        ENV PIP_EXTRA_INDEX_URL=""
        RUN uv pip install --extra-index-url https://pypi.example.com/simple acme-auth
      `,
      because: 'the variable is empty, and uv takes a package from the first index that has it',
    },
  ],
  *check({ model }) {
    const report = (step: Step, span: LocalSpan) => ({
      at: onOneLine(model.dockerfile, step.at(span)),
      message: l10n.t(
        'pip takes the highest version from either index: who publishes one of your names on PyPI gets into the image.',
      ),
    });
    for (const step of model.steps) {
      if (step.keyword !== 'ENV' && step.keyword !== 'ARG') continue;
      for (const { name, value, nameSpan } of step.body.pairs)
        if (name === 'PIP_EXTRA_INDEX_URL' && value !== null && !/^["']*$/.test(value)) yield report(step, nameSpan);
    }
    for (const run of model.runs) {
      if (!run.isKnown) continue;
      for (const call of run.calls(['pip', 'uv'])) {
        const span = extraIndexOf(call);
        if (span) yield report(run, span);
      }
    }
  },
});

/** Where a call names a second index of which any package may be taken. */
function extraIndexOf({ manager, flags, subcommand, operands, command }: PackageCall): LocalSpan | null {
  const has = (...names: readonly string[]) => flags.find(({ name }) => names.includes(name));
  if (has('--require-hashes', '--no-index')) return null;
  const option = has('--extra-index-url');
  if (manager === 'uv') {
    const strategy = has('--index-strategy');
    if (!/^unsafe-/.test(strategy?.value ?? strategy?.valueWord?.unquoted ?? '')) return null;
  }
  if (option) {
    const { span, text } = option.word;
    const length = '--extra-index-url'.length;
    return span.to - span.from === text.length ? { from: span.from, to: span.from + length } : span;
  }
  if (!subcommand.startsWith('config')) return null;
  const words = [...operands, ...command.args];
  return words.find(({ unquoted }) => /^(?:global|install|user|site)\.extra-index-url$/.test(unquoted))?.span ?? null;
}
