/** A program built against glibc lands in an image that has another C library, or none. */
import * as l10n from '@vscode/l10n';
import type { BuildContext } from '../../context/context';
import { stepsBefore } from '../../model/brought-programs';
import { type GlibcProgram, glibcPrograms } from '../../model/built-programs';
import { baseContents } from '../../model/image-contents';
import type { CopyStep, Stage } from '../../model/model';
import { normalizePath } from '../../model/paths';
import { rootOf } from '../../model/stages';
import { insert } from '../edits';
import { onOneLine } from '../places';
import { defineRule, dockerfile, type FixResult } from '../rule';

export default defineRule({
  id: 'libc-mismatch',
  category: 'correctness',
  severity: 'warning',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'A program that a stage on Debian links against glibc is copied to Alpine, `busybox:musl`, a distroless `static` image or `scratch`: Go with cgo (on by default in `golang:…`), Rust for its usual target, C and C++ by gcc.',
    why: 'The loader that the program names, `/lib64/ld-linux-x86-64.so.2`, is not there. The container ends with `no such file or directory`, although the file is there, which costs an afternoon. A Go program is affected as soon as something in it uses net or os/user.',
    fix: 'Go: `CGO_ENABLED=0 go build …` makes a static program; the quick fix writes it. Rust: build for `x86_64-unknown-linux-musl`, or in `rust:…-alpine`. C: link with `-static`, or build on Alpine. Or run on an image with glibc: `debian:…-slim`, `gcr.io/distroless/base`.',
    ignore:
      'Where the program is linked statically in a way that the Dockerfile does not show, as by `crt-static` in `.cargo/config.toml`, or for a Go program that surely has neither net nor os/user.',
    references: [
      'https://pkg.go.dev/cmd/cgo',
      'https://doc.rust-lang.org/reference/linkage.html#static-and-dynamic-c-runtimes',
      'https://wiki.alpinelinux.org/wiki/Running_glibc_programs',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM golang:1.24 AS build
        WORKDIR /src
        COPY . .
        RUN go vet ./... \
            # the server
            && GOOS=linux go build -o /out/server ./cmd/server

        FROM scratch
        COPY --from=build /out/server /server
                          ^^^^^^^^^^^ warning libc-mismatch: \`go build\` on line 6 links \`/out/server\` against glibc as soon as it uses net or os/user, and \`scratch\` has none: it would not start.
        ENTRYPOINT ["/server"]
      `,
      good: dockerfile`
        FROM golang:1.24 AS build
        WORKDIR /src
        COPY . .
        RUN go vet ./... \
            # the server
            && CGO_ENABLED=0 GOOS=linux go build -o /out/server ./cmd/server

        FROM scratch
        COPY --from=build /out/server /server
        ENTRYPOINT ["/server"]
      `,
    },
    {
      bad: dockerfile`
        FROM rust:1 AS build
        WORKDIR /src
        COPY . .
        RUN <<EOF
        cargo build --release
        EOF
        FROM alpine:3.20
        COPY --from=build \
            /src/target/release/tool \
            ^^^^^^^^^^^^^^^^^^^^^^^^ warning libc-mismatch: \`cargo build\` on line 5 links \`/src/target/release/tool\` against glibc, and \`alpine:3.20\` has musl: it does not start.
            /usr/local/bin/
      `,
    },
    {
      bad: dockerfile`
        FROM gcc:14 AS build
        WORKDIR /src
        RUN gcc -O2 -o hello hello.c
        FROM busybox:musl
        COPY --from=build /src/hello /bin/hello
                          ^^^^^^^^^^ warning libc-mismatch
      `,
    },
    {
      ok: dockerfile`
        FROM golang:1.24 AS build
        ENV CGO_ENABLED=0
        WORKDIR /src
        RUN go build -o /out/server .
        FROM scratch
        COPY --from=build /out/server /server
        FROM golang:1.24-alpine AS small
        RUN go build -o /out/server .
        FROM alpine:3.20
        COPY --from=small /out/server /server
      `,
      because: 'cgo is off, or the build is on Alpine too',
    },
    {
      ok: dockerfile`
        FROM golang:1.24 AS build
        RUN go build -ldflags '-linkmode external -extldflags "-static"' \
            # no library at all
            -o /server .
        FROM scratch
        COPY --from=build /server /server
        FROM rust:1 AS rust
        RUN cargo build --release --target x86_64-unknown-linux-musl
        FROM alpine:3.20
        COPY --from=rust /target/x86_64-unknown-linux-musl/release/tool /tool
      `,
      because: 'they are linked statically',
    },
    {
      ok: dockerfile`
        FROM golang:1.24 AS build
        RUN go build -o /server .
        FROM alpine:3.20
        RUN apk add --no-cache gcompat
        COPY --from=build /server /server
        FROM debian:12-slim
        COPY --from=build /server /server
      `,
      because: 'there is something that does what glibc does, or glibc itself',
    },
  ],
  *check({ model, context }) {
    for (const copy of model.copies) {
      const { fromStage, stage } = copy;
      if (!fromStage || stage.isWindows) continue;
      const libc = baseContents(stage)?.libc;
      if (libc !== 'musl' && libc !== 'none') continue;
      const programs = glibcPrograms(fromStage);
      if (programs.length === 0 || bringsGlibc(copy)) continue;
      for (const source of copy.sources) {
        if (source.value === null) continue;
        const path = normalizePath(`/${source.value}`);
        const program = programs.filter((one) => one.holds(path)).at(-1);
        if (!program) continue;
        yield {
          at: onOneLine(model.dockerfile, copy.at(source.span)),
          message: messageOf(program, lineOf(model.dockerfile.lines, program), path, stage, libc),
          fix: () => withoutCgo(program, lineOf(model.dockerfile.lines, program), context),
        };
      }
    }
  },
});

const lineOf = (lines: { lineAt(offset: number): number }, { run, command }: GlibcProgram): number =>
  lines.lineAt(run.at(command.nameWord?.span ?? command.span).start) + 1;

const wordsOf = ({ command }: GlibcProgram): string =>
  [command.name ?? '', ...(/^(?:go|cargo)$/.test(command.name ?? '') ? [command.args[0]?.unquoted ?? ''] : [])]
    .join(' ')
    .trim();

function messageOf(program: GlibcProgram, line: number, path: string, stage: Stage, libc: 'musl' | 'none'): string {
  const words = wordsOf(program);
  const base = rootOf(stage).baseText;
  if (program.language === 'go' && !program.isAsked)
    return libc === 'none'
      ? l10n.t(
          '`{0}` on line {1} links `{2}` against glibc as soon as it uses net or os/user, and `{3}` has none: it would not start.',
          words,
          line,
          path,
          base,
        )
      : l10n.t(
          '`{0}` on line {1} links `{2}` against glibc as soon as it uses net or os/user, and `{3}` has musl: it would not start.',
          words,
          line,
          path,
          base,
        );
  return libc === 'none'
    ? l10n.t(
        '`{0}` on line {1} links `{2}` against glibc, and `{3}` has none: it does not start.',
        words,
        line,
        path,
        base,
      )
    : l10n.t(
        '`{0}` on line {1} links `{2}` against glibc, and `{3}` has musl: it does not start.',
        words,
        line,
        path,
        base,
      );
}

/** Whether the image gets glibc, or what stands in for it, in another way. */
function bringsGlibc(copy: CopyStep): boolean {
  const steps = [...stepsBefore(copy), ...copy.stage.steps.slice(copy.index)];
  return steps.some(
    ({ body, keyword }) =>
      /libc6-compat|gcompat|glibc|ld-linux|\/lib64|\/lib\/x86_64|\/lib\/aarch64|patchelf/.test(body.raw) ||
      (keyword === 'ADD' && !/https?:/.test(body.raw)) ||
      (keyword === 'COPY' &&
        /\s\/?(?:lib|usr\/lib|usr)?\/?\s+\/?$|\s\/?(?:usr\/)?lib\S*\s+\/(?:usr\/)?lib/.test(body.raw)),
  );
}

const cModules = /mattn\/go-sqlite3|confluent-kafka-go|godror|go-oci8|libgit2\/git2go|go-gl\/|gographics\/imagick/;

function withoutCgo(program: GlibcProgram, line: number, context: BuildContext | null): FixResult {
  const { language, isAsked, command, run, script } = program;
  if (language === 'rust')
    return {
      refused: l10n.t(
        'Which target `cargo` on line {0} can build for depends on the crates: add one for musl, or run on glibc.',
        line,
      ),
    };
  if (language === 'c')
    return {
      refused: l10n.t(
        'Whether `{0}` on line {1} can link statically depends on its libraries.',
        command.name ?? '',
        line,
      ),
    };
  if (isAsked)
    return { refused: l10n.t('cgo is asked for on line {0}: run the program on an image with glibc.', line) };
  const module = cModules.exec(context?.text('go.mod') ?? '')?.[0];
  if (module !== undefined)
    return { refused: l10n.t('`{0}` in go.mod needs cgo: run the program on an image with glibc.', module) };
  if (script.form === 'exec' || script.form === 'json')
    return { refused: l10n.t('The RUN on line {0} is in exec form.', line) };
  return {
    title: l10n.t('Build with `CGO_ENABLED=0`'),
    safety: 'suggestion',
    edits: [insert(run.at(command.span).start, 'CGO_ENABLED=0 ')],
    risk: l10n.t('Packages that are written in C, as go-sqlite3, need cgo.'),
  };
}
