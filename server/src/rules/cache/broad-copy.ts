/** The whole build context is copied where more comes along than is meant. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { isIncluded } from '../../context/sources';
import type { CopyPath, CopyStep } from '../../model/model';
import { isShipped } from '../../model/shipped';
import { onOneLine, quotable } from '../places';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'broad-copy',
  category: 'cache',
  severity: 'info',
  aliases: ['S6470'],
  fix: 'none',
  docs: {
    what: 'A `COPY` or `ADD` takes the whole build context, and with it the Dockerfile itself; or it puts the whole context where a web server hands it out.',
    why: 'An edit of the Dockerfile’s last line then changes what this step copies, so that it and everything below it are repeated. Below the folder of a web server anybody can read the Dockerfile, `.git` and whatever else lies in the project.',
    fix: 'Copy what is needed: `COPY src/ ./src/`. Or name the Dockerfile in the `.dockerignore`; Docker finds it all the same.',
    ignore: 'When the image is meant to hold the whole project.',
    references: [
      'https://docs.docker.com/build/cache/optimize/#keep-the-context-small',
      'https://docs.docker.com/build/concepts/context/#dockerignore-files',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM python:3.12-slim
        WORKDIR /srv
        COPY . .
             ^ info broad-copy: \`.\` takes \`Dockerfile\` along, so that each edit of it repeats this step and those below.
        RUN pip install --no-cache-dir -r requirements.txt
        CMD ["python", "main.py"]
      `,
      files: { Dockerfile: '', 'main.py': '', 'requirements.txt': '', '.dockerignore': '.git\n' },
    },
    {
      bad: dockerfile`
        FROM nginx:1.27
        # the site
        COPY --chown=nginx:nginx \
            . /usr/share/nginx/html/
            ^ info broad-copy: \`.\` puts the whole build context below \`/usr/share/nginx/html\`, where everybody can read it.
      `,
    },
    {
      ok: dockerfile`
        FROM php:8.4-apache
        COPY . /var/www/html
      `,
      files: { '.git/HEAD': '', 'composer.json': '{}', 'public/index.php': '' },
      because: 'only the folder `public` is handed out',
    },
    {
      ok: dockerfile`
        FROM python:3.12-slim
        COPY . /srv
      `,
      files: { Dockerfile: '', 'main.py': '', '.dockerignore': 'Dockerfile*\n' },
      because: 'the Dockerfile is kept out',
    },
    {
      ok: dockerfile`
        FROM node:22 AS build
        COPY . /srv
        RUN <<EOF
        cp -r . /usr/share/nginx/html
        EOF
        FROM nginx:1.27
        COPY --from=build /srv/dist /usr/share/nginx/html
        COPY site/ /usr/share/nginx/html/
      `,
      because: 'what is in the context is not known, and what is handed out is only a part of it',
    },
  ],
  *check({ model, context }) {
    for (const copy of model.copies) {
      if (copy.fromText !== null || copy.stage.isWindows) continue;
      const source = copy.sources.find(({ value }) => value !== null && isWholeContext(value));
      if (!source) continue;
      const message = messageOf(copy, source, context, isShipped(model, copy.stage));
      if (message !== null) yield { at: onOneLine(model.dockerfile, copy.at(source.span)), message };
    }
  },
});

const isWholeContext = (source: string): boolean => /^(?:\.?\/)*(?:\.|\*)?$/.test(source) && source !== '';

/** Folders that the web servers of well-known images hand out. */
const webRoots =
  /^(?:\/usr\/share\/nginx\/html|\/usr\/local\/apache2\/htdocs|\/var\/www\/html|\/usr\/share\/caddy|\/usr\/local\/tomcat\/webapps(?:\/ROOT)?)\/?$/;

function messageOf(copy: CopyStep, source: CopyPath, context: BuildContext | null, shipped: boolean): string | null {
  const folder = copy.destinationPath?.replace(/(?<=.)\/+$/, '') ?? '';
  if (shipped && webRoots.test(folder) && holdsMore(copy, context))
    return l10n.t(
      '`{0}` puts the whole build context below `{1}`, where everybody can read it.',
      quotable(source.text),
      folder,
    );
  // Where there is no ignore file, that is the finding.
  if (context === null || context.ignoreFile === null) return null;
  const own = ownFile(context);
  return own === null
    ? null
    : l10n.t(
        '`{0}` takes `{1}` along, so that each edit of it repeats this step and those below.',
        quotable(source.text),
        own,
      );
}

/** Whether something lies in the context that nobody wants to hand out; that is likely where it is not known. */
function holdsMore(copy: CopyStep, context: BuildContext | null): boolean {
  // A PHP application is served from the root of its project, by custom.
  const isApplication = copy.stage.rootImage?.name === 'php' || copy.stage.rootImage?.name === 'wordpress';
  if (context === null) return !isApplication;
  // The server is told to hand out that folder, and nothing above it.
  if (isApplication && context.entries.has('public/index.php')) return false;
  return [ownFile(context) ?? '', '.git', '.env'].some(
    (path) => path !== '' && context.entries.has(path) && isIncluded(context, path),
  );
}

/** The Dockerfile's path in the context, where the ignore file lets it through. */
function ownFile(context: BuildContext): string | null {
  const path = context.dockerfilePath ?? (context.entries.get('Dockerfile')?.type === 'file' ? 'Dockerfile' : null);
  return path !== null && context.entries.has(path) && isIncluded(context, path) ? path : null;
}
