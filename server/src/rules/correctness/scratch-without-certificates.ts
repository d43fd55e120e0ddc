/** A program on scratch talks TLS, and nothing tells it whom to trust. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { contentsOf, officialName } from '../../model/image-contents';
import type { Model, Stage, Step } from '../../model/model';
import { rootOf } from '../../model/stages';
import { isCopyStep, isRunStep } from '../../model/steps';
import { indentOf, insert, keywordLike } from '../edits';
import { startCommandOf } from '../multi-stage/start-command';
import { quotable } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'scratch-without-certificates',
  category: 'correctness',
  severity: 'info',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'The final stage is `FROM scratch`, its program talks TLS, and no CA certificates are copied. That it talks TLS is taken from what the files say: an `https://` address in `ENV` or the start command, port 443 or 8443, `ca-certificates` installed in the build stage, or a library for it in `go.mod` or `Cargo.toml`.',
    why: 'scratch is empty: it has no `/etc/ssl/certs`. The first request fails with `x509: certificate signed by unknown authority`, in production, since it works on every other machine.',
    fix: 'Copy the list from a stage that has it: `COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/`. The quick fix adds that line where a stage surely has the file. Or stand on `gcr.io/distroless/static`, which brings certificates, time zones and a user.',
    ignore:
      'Where the program has its own list (`webpki-roots`, `golang.org/x/crypto/x509roots/fallback`), or gets it mounted.',
    references: [
      'https://docs.docker.com/build/building/base-images/#create-a-minimal-base-image-using-scratch',
      'https://github.com/GoogleContainerTools/distroless',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM golang:1.24 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /out/sync .

        FROM scratch
             ^^^^^^^ info scratch-without-certificates: \`/sync\` talks TLS (\`https://api.example.com\` on line 8), and \`scratch\` has no CA certificates: it trusts nobody.
        COPY --from=build /out/sync /sync
        ENV UPSTREAM=https://api.example.com
        # asks it every minute
        ENTRYPOINT ["/sync"]
      `,
      good: dockerfile`
        FROM golang:1.24 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /out/sync .

        FROM scratch
        COPY --from=build /out/sync /sync
        COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
        ENV UPSTREAM=https://api.example.com
        # asks it every minute
        ENTRYPOINT ["/sync"]
      `,
    },
    {
      bad: dockerfile`
        FROM alpine:3.20
        RUN <<EOF
        apk add --no-cache ca-certificates go
        CGO_ENABLED=0 go build -o /bot .
        EOF
        FROM scratch
             ^^^^^^^ info scratch-without-certificates: \`/bot\` talks TLS (\`ca-certificates\` on line 3)…
        COPY --from=0 \
            /bot \
            /bot
        ENTRYPOINT ["/bot"]
      `,
      good: dockerfile`
        FROM alpine:3.20
        RUN <<EOF
        apk add --no-cache ca-certificates go
        CGO_ENABLED=0 go build -o /bot .
        EOF
        FROM scratch
        COPY --from=0 \
            /bot \
            /bot
        COPY --from=0 /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
        ENTRYPOINT ["/bot"]
      `,
    },
    {
      files: { 'go.mod': 'module example.com/tool\nrequire github.com/aws/aws-sdk-go-v2 v1.30.0\n' },
      bad: dockerfile`
        FROM scratch
             ^^^^^^^ info scratch-without-certificates: \`/tool\` talks TLS (\`github.com/aws/aws-sdk-go-v2\` in go.mod)…
        COPY tool /tool
        ENTRYPOINT ["/tool"]
      `,
    },
    {
      ok: dockerfile`
        FROM golang:1.24 AS build
        FROM scratch
        COPY --from=build /etc/ssl/certs/ /etc/ssl/certs/
        COPY --from=build /out/sync /sync
        ENV UPSTREAM=https://api.example.com
        ENTRYPOINT ["/sync"]
      `,
      because: 'the certificates are copied',
    },
    {
      ok: dockerfile`
        FROM golang:1.24 AS build
        FROM scratch
        COPY --from=build /out/hello /hello
        ENTRYPOINT ["/hello"]
        FROM scratch
        COPY --from=build /out/hello \
            # only a file
            /hello
        ENV HOMEPAGE=https://example.com
      `,
      because: 'nothing says that it talks TLS, or nothing is started',
    },
  ],
  *check({ model, context }) {
    const stage = model.finalStage;
    const root = stage && rootOf(stage);
    if (!stage || !root?.isScratch || stage.isWindows || !stage.baseSpan) return;
    const chain = chainOf(stage);
    const start = startCommandOf(stage);
    if (!start || chain.some(mayBringCertificates)) return;
    const evidence = evidenceOf(model, chain, context);
    if (evidence === null) return;
    yield {
      at: stage.from.at(stage.baseSpan),
      message:
        evidence.line === null
          ? l10n.t(
              '`{0}` talks TLS (`{1}` in {2}), and `scratch` has no CA certificates: it trusts nobody.',
              start.program,
              evidence.text,
              evidence.file,
            )
          : l10n.t(
              '`{0}` talks TLS (`{1}` on line {2}), and `scratch` has no CA certificates: it trusts nobody.',
              start.program,
              evidence.text,
              evidence.line,
            ),
      fix: () => copyCertificates(model, stage),
    };
  },
});

function chainOf(stage: Stage): readonly Step[] {
  return stage.parent ? [...chainOf(stage.parent), ...stage.steps] : stage.steps;
}

/** Whether a step brings certificates, a folder that may hold them, or says where they are. */
function mayBringCertificates(step: Step): boolean {
  if (/certs?\b|\.crt|\.pem|\/ssl|pki|SSL_CERT/i.test(step.body.raw)) return true;
  if (step.keyword === 'RUN') return true;
  if (!isCopyStep(step)) return false;
  // A folder onto the root, an archive: nobody knows what is in it.
  const isRoot = /^\.?\/?$|^\/etc\/?$/.test(step.destination?.value ?? '/');
  return (
    isRoot &&
    (step.keyword === 'ADD' || step.sources.some(({ value }) => value === null || /\/$|^\.?$|rootfs|[*]/.test(value)))
  );
}

interface Evidence {
  readonly text: string;
  /** 1-based; null where a file of the context says it. */
  readonly line: number | null;
  readonly file: string;
}

const clients =
  /(?:^|[\s"'])((?:github\.com\/aws\/aws-sdk-go(?:-v2)?|cloud\.google\.com\/go|google\.golang\.org\/api|github\.com\/Azure\/azure-sdk-for-go|golang\.org\/x\/oauth2|github\.com\/stripe\/stripe-go|github\.com\/slack-go\/slack|github\.com\/getsentry\/sentry-go|github\.com\/google\/go-github|github\.com\/go-resty\/resty|github\.com\/minio\/minio-go|golang\.org\/x\/crypto\/acme)\S*?)(?=[\s"'/]|$)/m;
const crates =
  /^\s*(reqwest|hyper-tls|hyper-rustls|native-tls|tokio-native-tls|rustls-native-certs|aws-config|ureq|octocrab)\b/m;

function evidenceOf(model: Model, chain: readonly Step[], context: BuildContext | null): Evidence | null {
  for (const step of chain) {
    const { body, keyword, instruction } = step;
    const line = instruction.line + 1;
    if (keyword === 'ENV' || keyword === 'CMD' || keyword === 'ENTRYPOINT') {
      const address = /\b(?:https|wss):\/\/(?!(?:localhost|127\.0\.0\.1))[^\s"',]+/.exec(body.rest)?.[0];
      if (address) return { text: quotable(address), line, file: '' };
    }
    if (keyword === 'EXPOSE') {
      const port = /(?:^|\s)(443|8443)(?:\/tcp)?(?=\s|$)/i.exec(body.rest)?.[1];
      if (port) return { text: `EXPOSE ${port}`, line, file: '' };
    }
  }
  for (const copy of chain.filter(isCopyStep)) {
    const installed = copy.fromStage && installsCertificates(model, copy.fromStage);
    if (installed) return { text: 'ca-certificates', line: installed, file: '' };
  }
  const module = context?.text('go.mod') ?? '';
  const found = /x509roots/.test(module) ? null : clients.exec(module)?.[1];
  if (found) return { text: found, line: null, file: 'go.mod' };
  const manifest = context?.text('Cargo.toml') ?? '';
  const crate = /webpki-roots/.test(manifest + (context?.text('Cargo.lock') ?? '')) ? null : crates.exec(manifest)?.[1];
  return crate ? { text: crate, line: null, file: 'Cargo.toml' } : null;
}

/** The line on which a stage installs the list of certificates; null where it does not. */
function installsCertificates(model: Model, stage: Stage): number | null {
  for (const run of chainOf(stage).filter(isRunStep))
    for (const call of run.calls(undefined, 'install')) {
      const operand = call.packages.find(({ name }) => name === 'ca-certificates');
      if (operand) return model.dockerfile.lines.lineAt(run.at(operand.word.span).start) + 1;
    }
  return null;
}

function copyCertificates(model: Model, stage: Stage): FixResult {
  const last = stage.steps.filter(isCopyStep).at(-1);
  if (!last) return { refused: l10n.t('The stage on line {0} copies nothing yet.', stage.from.line + 1) };
  const source = stage.steps
    .filter(isCopyStep)
    .find((copy) => copy.fromStage && hasCertificates(model, copy.fromStage));
  if (!source?.fromText)
    return {
      refused: l10n.t('No stage that line {0} copies from surely has the certificates.', last.instruction.line + 1),
    };
  const file = model.dockerfile;
  const text = `${file.eol}${indentOf(file, last.instruction)}${keywordLike(last.instruction, 'COPY')} --from=${source.fromText} ${certificates} /etc/ssl/certs/`;
  return {
    title: l10n.t('Copy the CA certificates from `{0}`', source.fromText),
    safety: 'suggestion',
    edits: [insert(last.instruction.span.end, text)],
    claims: [last.instruction.span],
    risk: l10n.t('They are as old as the stage they come from.'),
  };
}

const certificates = '/etc/ssl/certs/ca-certificates.crt';

/** Whether the list is there at the usual place: the images of languages bring it, and Alpine itself. */
function hasCertificates(model: Model, stage: Stage): boolean {
  const { image } = rootOf(stage);
  const name = image ? officialName(image) : null;
  const system = image ? contentsOf(image)?.distribution : undefined;
  if (system === 'alpine') return true;
  if (system !== 'debian' && system !== 'ubuntu') return false;
  return (
    installsCertificates(model, stage) !== null ||
    (name !== null && /^(?:golang|rust|buildpack-deps|gcc|swift|haskell)$/.test(name))
  );
}
