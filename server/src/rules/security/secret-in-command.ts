/** A password or token is written into a RUN. */
import * as l10n from '@vscode/l10n';
import { onOneLine } from '../places';
import { defineRule, dockerfile } from '../rule';
import { writtenSecrets } from '../written-secrets';

export default defineRule({
  id: 'secret-in-command',
  category: 'security',
  severity: 'warning',
  scope: 'instruction',
  keywords: ['RUN'],
  aliases: [],
  fix: 'none',
  docs: {
    what: 'A `RUN` holds a password or token that is written out: in a URL, an option such as `curl -u` or `--password`, a header, a variable set in the script, the input of `chpasswd`. Tokens of GitHub, GitLab, npm, AWS and others are recognised by their form. Variables and placeholders are no findings.',
    why: '`docker history` shows every RUN to whoever has the image, and the Dockerfile shows it to whoever has the repository. The secret is to be taken for known from then on.',
    fix: 'Make a new secret, and give it to the RUN from outside: `RUN --mount=type=secret,id=token,env=TOKEN curl -H "Authorization: Bearer $TOKEN" …`, with `docker build --secret id=token,env=TOKEN`. For private repositories there is `RUN --mount=type=ssh`. Passwords of accounts belong to the start of the container.',
    ignore: 'For the password of a test database that nobody can reach.',
    references: [
      'https://docs.docker.com/build/building/secrets/',
      'https://docs.docker.com/reference/dockerfile/#run---mounttypesecret',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM debian:12-slim
        RUN curl -fsSL -u admin:Xy7-secret https://repo.example.com/a.tgz -o /a.tgz \
                          ^^^^^^^^^^^^^^^^ warning secret-in-command: \`curl -u admin:…\` holds a password: \`docker history\` shows it to everybody who has the image.
            # the other one
            && git clone https://bot:Xy7secret@git.example.com/acme/tool.git /tool \
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning secret-in-command: \`https://bot:…@git.example.com/acme/tool.git\` holds a password in a URL: \`docker history\` shows it to everybody who has the image.
            && echo 'root:screencast' | chpasswd
                    ^^^^^^^^^^^^^^^^^ warning secret-in-command: \`root:…\` holds a password: \`docker history\` shows it to everybody who has the image.
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-slim
        RUN <<EOF
        npm config set //registry.npmjs.org/:_authToken=npm_0123456789abcdefghijABCDEFGHIJ012345
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning secret-in-command: \`//registry.npmjs.org/:_authToken=…\` holds an npm token: \`docker history\` shows it to everybody who has the image.
        export DB_PASSWORD="s3cr3t-value"
               ^^^^^^^^^^^^^^^^^^^^^^^^^^ warning secret-in-command
        curl -H "Authorization: Bearer 0a1b2c3d4e5f" https://api.example.com/
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning secret-in-command
        EOF
        RUN ["wget", "--http-password=Xy7-secret", "https://example.com/a"]
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^ warning secret-in-command
      `,
    },
    {
      ok: dockerfile`
        FROM node:22-slim
        RUN --mount=type=secret,id=token,env=TOKEN \
            # nothing of it is written here
            curl -u "bot:$TOKEN" -H "Authorization: Bearer $TOKEN" https://bot:\${TOKEN}@git.example.com/ \
            && npm config set //registry.npmjs.org/:_authToken=$TOKEN \
            && echo "app:$(cat /run/secrets/app)" | chpasswd
      `,
      because: 'variables and files hold the secrets',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        RUN git clone https://user:password@git.example.com/x.git || git clone ssh://git@github.com/acme/x.git
        RUN curl -u '<user>:<token>' ftp://anonymous:me@example.com/x \
            && export TOKEN_FILE=/run/secrets/token KEY=0123ABCD PASSWORD=changeme \
            && tool --password-file /run/p --token "$(cat /t)" --password=your-password \
            && echo 'app:$6$salt$hash' | chpasswd -e
      `,
      because: 'placeholders, files, names of keys and hashes are no secrets',
    },
  ],
  *check({ model }) {
    for (const run of model.runs) {
      if (!run.isKnown) continue;
      for (const script of run.scripts)
        for (const { span, shown, kind } of writtenSecrets(script))
          yield {
            at: onOneLine(model.dockerfile, run.at(span)),
            message: l10n.t('`{0}` holds {1}: `docker history` shows it to everybody who has the image.', shown, kind),
          };
    }
  },
});
