/** Compilers, headers and build tools that are in the image long after they were needed. */
import { leftoverOf } from '../multi-stage/leftovers';
import { planSplit } from '../multi-stage/plan';
import { type StageShape, shapeOf } from '../multi-stage/stage-shape';
import { defineRule, dockerfile } from '../rule';

export default defineRule({
  id: 'build-tools-in-final-stage',
  category: 'size',
  severity: 'info',
  aliases: [],
  fix: 'suggestion',
  docs: {
    what: 'The image that is shipped holds what only its build needed: a compiler, header files, Maven, a JDK, devDependencies of Node.js.',
    why: 'A compiler with its headers is 150 to 800 MB that are pulled at every deployment, and every program in an image can have a hole, or serve somebody who got in.',
    fix: 'Build in one stage and copy the result into a second one, on a base image that has only what runs. The quick fix writes that second stage where it is sure of what has to go over: the program that `go build`, `cargo build`, `gcc` or `make` leaves, the jar of Maven or Gradle, a virtual environment with what pip compiled, a Node.js project without its devDependencies, or its static files for nginx. Build and try the image: files that the program reads at run time may have to be copied too. Where it cannot be sure, it says why.',
    ignore: 'In images that are there to build or to develop in.',
    references: [
      'https://docs.docker.com/build/building/multi-stage/',
      'https://docs.docker.com/build/building/best-practices/#use-multi-stage-builds',
    ],
  },
  examples: [
    {
      bad: dockerfile`
        FROM golang:1.24
             ^^^^^^^^^^^ info build-tools-in-final-stage: The final image stands on \`golang:1.24\`: compiler and build tools stay in it, for nothing but \`go build\` on line 6.
        WORKDIR /src
        COPY go.mod go.sum ./
        RUN go mod download
        COPY . .
        RUN go build -o /usr/local/bin/server ./cmd/server
        EXPOSE 8080
        CMD ["server"]
      `,
      good: dockerfile`
        FROM golang:1.24 AS build
        WORKDIR /src
        COPY go.mod go.sum ./
        RUN go mod download
        COPY . .
        RUN CGO_ENABLED=0 go build -o /usr/local/bin/server ./cmd/server

        FROM gcr.io/distroless/static-debian12
        WORKDIR /src
        COPY --from=build /usr/local/bin/server /usr/local/bin/server
        EXPOSE 8080
        CMD ["server"]
      `,
    },
    {
      bad: dockerfile`
        FROM debian:12-slim AS tool
        # what the program is for
        LABEL org.opencontainers.image.title="tool"
        RUN apt-get update \
            && apt-get install -y --no-install-recommends \
              gcc \
              ^^^ info build-tools-in-final-stage: \`gcc\` and 2 more packages for building stay in the final image, for nothing but \`make\` on line 13.
              libc6-dev \
              make \
              tzdata \
            && rm -rf /var/lib/apt/lists/*
        WORKDIR /src
        COPY . .
        RUN make
        ENTRYPOINT ["/src/tool"]
      `,
      good: dockerfile`
        FROM debian:12-slim AS build
        RUN apt-get update \
            && apt-get install -y --no-install-recommends \
              gcc \
              libc6-dev \
              make \
              tzdata \
            && rm -rf /var/lib/apt/lists/*
        WORKDIR /src
        COPY . .
        RUN make

        FROM debian:12-slim AS tool
        RUN apt-get update \
            && apt-get install -y --no-install-recommends tzdata \
            && rm -rf /var/lib/apt/lists/*
        WORKDIR /src
        COPY --from=build /src/tool /src/tool
        # what the program is for
        LABEL org.opencontainers.image.title="tool"
        ENTRYPOINT ["/src/tool"]
      `,
    },
    {
      bad: dockerfile`
        FROM python:3.13-slim
        ENV PYTHONUNBUFFERED=1
        RUN <<EOF
        apt-get update
        apt-get install -y --no-install-recommends gcc libpq-dev
                                                   ^^^ info build-tools-in-final-stage: \`gcc\` and \`libpq-dev\` stay in the final image, for nothing but \`pip install\` on line 11.
        rm -rf /var/lib/apt/lists/*
        EOF
        WORKDIR /app
        COPY requirements.txt .
        # psycopg2 is compiled
        RUN pip install --no-cache-dir -r requirements.txt
        COPY . .
        USER 1000
        CMD ["gunicorn", "app:app"]
      `,
      good: dockerfile`
        FROM python:3.13-slim AS build
        ENV PYTHONUNBUFFERED=1
        RUN <<EOF
        apt-get update
        apt-get install -y --no-install-recommends gcc libpq-dev
        rm -rf /var/lib/apt/lists/*
        EOF
        WORKDIR /app
        COPY requirements.txt .
        RUN python -m venv /opt/venv
        ENV PATH="/opt/venv/bin:$PATH"
        # psycopg2 is compiled
        RUN pip install --no-cache-dir -r requirements.txt

        FROM python:3.13-slim
        RUN apt-get update \
            && apt-get install -y --no-install-recommends libpq5 \
            && rm -rf /var/lib/apt/lists/*
        ENV PYTHONUNBUFFERED=1
        WORKDIR /app
        COPY --from=build /opt/venv /opt/venv
        ENV PATH="/opt/venv/bin:$PATH"
        COPY . .
        USER 1000
        CMD ["gunicorn", "app:app"]
      `,
    },
    {
      bad: dockerfile`
        FROM node:22-alpine
        WORKDIR /app
        COPY package*.json ./
        RUN npm ci
            ^^^^^^ info build-tools-in-final-stage: The devDependencies stay in the final image, for nothing but \`npm run build\` on line 6.
        COPY . .
        RUN npm run build
        CMD ["node", "dist/main.js"]
      `,
      good: dockerfile`
        FROM node:22-alpine AS build
        WORKDIR /app
        COPY package*.json ./
        RUN npm ci
        COPY . .
        RUN npm run build
        RUN npm prune --omit=dev

        FROM node:22-alpine
        WORKDIR /app
        COPY --from=build /app /app
        CMD ["node", "dist/main.js"]
      `,
    },
    {
      ok: dockerfile`
        FROM python:3.13-alpine
        RUN apk add --no-cache --virtual .build gcc musl-dev \
            && pip install --no-cache-dir uwsgi \
            && apk del .build
        CMD ["uwsgi", "--ini", "/app.ini"]
      `,
      because: 'the compiler goes in the RUN that brought it',
    },
    {
      ok: dockerfile`
        FROM golang:1.24 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /server .

        FROM gcr.io/distroless/static-debian12
        COPY --from=build /server /server
        ENTRYPOINT ["/server"]
      `,
      because: 'the compiler stays in a stage that is not shipped',
    },
    {
      ok: dockerfile`
        FROM debian:12-slim
        # tools to work with
        RUN apt-get update && apt-get install -y gcc make && rm -rf /var/lib/apt/lists/*
        RUN make --version
        CMD ["bash"]
      `,
      because: 'the image is there to build in',
    },
  ],
  *check({ model, context }) {
    const stage = model.finalStage;
    if (!stage || stage.isWindows) return;
    const shape = shapeOf(model, stage, context);
    if (!shape.start || startsTool(shape)) return;
    const found = leftoverOf(shape);
    if (found) yield { ...found, fix: () => planSplit(shape) };
  },
});

/** Whether the image is there to build: it starts a shell, a compiler or a build tool. */
const startsTool = ({ start }: StageShape): boolean =>
  start === null ||
  /^(?:.*\/)?(?:ba|da|a|z)?sh$|^(?:.*\/)?(?:make|cmake|gcc|g\+\+|clang|go|cargo|rustc|mvn|mvnw|gradle|gradlew|javac|sbt|tail|sleep|tox|pytest|jupyter\S*)$/.test(
    start.program,
  );
