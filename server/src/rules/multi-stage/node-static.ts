/** A project that is built to static files: nginx serves them, and Node.js stays behind. */
import * as l10n from '@vscode/l10n';
import { parseImageReference } from '../../model/images';
import { isRunStep } from '../../model/steps';
import { officialTag } from '../official-tags';
import type { Fix, Refusal } from '../rule';
import { splitStage } from './split';
import { lineOf, type RunCommand, type StageShape } from './stage-shape';

export interface ServedFolder {
  readonly path: string;
  readonly port: number;
  /** Every path that is no file gives index.html. */
  readonly isApp: boolean;
}

/** The split with nginx in place of a file server on Node.js. `isBuild` tells what of a RUN the files are made by. */
export function serveStatically(
  shape: StageShape,
  served: ServedFolder,
  isBuild: (command: RunCommand) => boolean,
): Fix | Refusal {
  const { stage, model } = shape;
  const isServer = ({ call }: RunCommand) =>
    call?.packages.some(({ name }) => /^(?:serve|http-server)$/.test(name ?? '')) === true;
  const last = shape.commands.filter((one) => isBuild(one) && !isServer(one)).at(-1)?.run;
  if (!last) return { refused: l10n.t('Nothing in the stage builds.') };
  if (model.builder === 'legacy')
    return {
      refused: l10n.t('The configuration of nginx takes a here-document, which the legacy builder does not know.'),
    };
  const install = shape.commands.find((one) => isServer(one) && one.run.index > last.index)?.run;
  const below = stage.steps.slice(last.index + 1).filter((step) => step !== install);
  const odd = below.find(
    (step) =>
      isRunStep(step) ||
      /^(?:COPY|ADD|VOLUME)$/.test(step.keyword) ||
      (step.keyword === 'HEALTHCHECK' && step.body.healthcheck === 'CMD'),
  );
  if (odd)
    return { refused: l10n.t('What {0} on line {1} is for beside nginx is not known.', odd.keyword, lineOf(odd)) };
  const drops = stage.steps.filter(
    (step) =>
      step === install ||
      (/^(?:CMD|ENTRYPOINT|USER|WORKDIR|ENV)$/.test(step.keyword) &&
        (step.index > last.index || /^(?:CMD|ENTRYPOINT)$/.test(step.keyword))),
  );
  const nginx = nginxFor(served.port);
  return splitStage(
    { ...shape, family: null },
    {
      base: nginx,
      isSameBase: false,
      last,
      repeated: [],
      packages: { packages: [], isLean: true },
      isBare: true,
      drops,
      copies: [`${served.path} /usr/share/nginx/html`],
      first: configuration(served),
      title: l10n.t('Build in a stage of its own, and let nginx serve the files'),
      risk: l10n.t(
        'nginx takes the place of the file server: headers, redirects and rewrites that were set up for that one have to be set up anew.',
      ),
      saves: l10n.t('Node.js and node_modules, hundreds of MB'),
    },
  );
}

/** Ports above 1023 need no root. */
function nginxFor(port: number): string {
  const nginx = parseImageReference('nginx');
  const tag = `${(nginx && officialTag(nginx)) ?? '1'}-alpine`;
  return port >= 1024 ? `nginxinc/nginx-unprivileged:${tag}` : `nginx:${tag}`;
}

const configuration = ({ port, isApp }: ServedFolder): readonly string[] => [
  "COPY <<'EOF' /etc/nginx/conf.d/default.conf",
  'server {',
  `    listen ${port};`,
  '    root /usr/share/nginx/html;',
  '    location / {',
  `        try_files $uri $uri/ ${isApp ? '/index.html' : '=404'};`,
  '    }',
  '}',
  'EOF',
];
