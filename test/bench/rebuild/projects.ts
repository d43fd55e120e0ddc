/**
 * Small projects with a Dockerfile each, written for this bench in the ways in which such projects write theirs, and with the
 * Dockerfile that would be best for their history. Six of them go by the history of a real repository.
 */
import type { ContextHistory } from '../../../server/src/context/history';
import { dockerfile } from '../../../server/src/rules/rule';
import { type Kind, madeHistory, recordedHistory } from './history';

export interface Project {
  readonly name: string;
  readonly dockerfile: string;
  /** The same image, with the least to rebuild that a person who knows the project can think of. */
  readonly best: string;
  /** The build context as it is now. */
  readonly files: Readonly<Record<string, string>>;
  readonly history: ContextHistory;
}

const npmFiles = {
  'package.json':
    '{"name":"app","version":"1.0.0","dependencies":{"express":"4.21.2"},"scripts":{"build":"node build.js"}}',
  'package-lock.json': '{"name":"app","lockfileVersion":3,"packages":{}}',
};
const pipFiles = { 'requirements.txt': 'flask==3.0.3\ngunicorn==23.0.0\n' };

const code = (folder: string, ending: string, share = 78): Kind => ({
  share,
  paths: ['main', 'routes', 'store', 'auth', 'views/list', 'views/item', 'lib/dates', 'lib/money'].map(
    (name) => `${folder}/${name}.${ending}`,
  ),
});
const docs: Kind = { share: 10, paths: ['README.md', 'docs/usage.md', 'CHANGELOG.md'] };
const manifests = (...paths: string[]): Kind => ({ share: 6, paths });
const settings = (...paths: string[]): Kind => ({ share: 3, paths });

const filesOf = (kinds: readonly Kind[], more: Readonly<Record<string, string>>): Record<string, string> => ({
  ...Object.fromEntries(kinds.flatMap(({ paths }) => paths).map((path) => [path, `${path}\n`])),
  ...more,
});

function made(
  name: string,
  seed: number,
  kinds: readonly Kind[],
  more: Readonly<Record<string, string>>,
  written: string,
  best: string,
): Project {
  const files = { ...filesOf(kinds, more), Dockerfile: written };
  return { name, dockerfile: written, best, files, history: madeHistory(kinds, seed) };
}

function real(repository: string, more: Readonly<Record<string, string>>, written: string, best: string): Project {
  const history = recordedHistory(repository);
  const paths = new Set(history.commits.flatMap((commit) => commit.paths ?? []));
  const files: Record<string, string> = {};
  // A path that was a file and a folder at different times can only be one of them now.
  for (const path of paths) if (![...paths].some((other) => other.startsWith(`${path}/`))) files[path] = `${path}\n`;
  return { name: repository, dockerfile: written, best, files: { ...files, ...more, Dockerfile: written }, history };
}

const web = [
  code('src', 'js'),
  docs,
  manifests('package.json', 'package-lock.json'),
  settings('nginx.conf', 'build.js'),
];
const service = [code('app', 'py'), docs, manifests('requirements.txt'), settings('gunicorn.conf.py')];
const native = [code('src', 'c'), docs, settings('Makefile', 'etc/tool.conf')];
const gem = [code('lib', 'rb'), docs, manifests('Gemfile', 'Gemfile.lock'), settings('config/app.yml')];
const shop = [
  code('web', 'js', 50),
  code('api', 'py', 35),
  docs,
  manifests('package.json', 'package-lock.json', 'requirements.txt'),
];

export const projects = (): Project[] => [
  made(
    'node service, everything copied first',
    1,
    web,
    npmFiles,
    dockerfile`
      FROM node:22
      WORKDIR /app
      COPY . .
      RUN npm ci
      EXPOSE 3000
      CMD ["node", "src/main.js"]
    `,
    dockerfile`
      FROM node:22
      WORKDIR /app
      COPY package.json package-lock.json ./
      RUN npm ci
      COPY . .
      EXPOSE 3000
      CMD ["node", "src/main.js"]
    `,
  ),
  made(
    'python service, system packages last',
    2,
    service,
    pipFiles,
    dockerfile`
      FROM python:3.12-slim
      WORKDIR /srv
      COPY requirements.txt .
      COPY app ./app
      RUN pip install --no-cache-dir -r requirements.txt
      COPY gunicorn.conf.py .
      RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
      CMD ["gunicorn", "app.main:app"]
    `,
    dockerfile`
      FROM python:3.12-slim
      WORKDIR /srv
      COPY requirements.txt .
      RUN pip install --no-cache-dir -r requirements.txt
      RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
      COPY gunicorn.conf.py .
      COPY app ./app
      CMD ["gunicorn", "app.main:app"]
    `,
  ),
  made(
    'C tool with make, compiler after the source',
    3,
    native,
    {},
    dockerfile`
      FROM debian:12
      WORKDIR /build
      COPY . /build
      ENV LANG=C.UTF-8
      RUN apt-get update && apt-get install -y --no-install-recommends gcc make libc6-dev && rm -rf /var/lib/apt/lists/*
      RUN make
      CMD ["/build/tool"]
    `,
    dockerfile`
      FROM debian:12
      WORKDIR /build
      ENV LANG=C.UTF-8
      RUN apt-get update && apt-get install -y --no-install-recommends gcc make libc6-dev && rm -rf /var/lib/apt/lists/*
      COPY . /build
      RUN make
      CMD ["/build/tool"]
    `,
  ),
  made(
    'ruby worker, packages after the code',
    4,
    gem,
    { Gemfile: 'source "https://rubygems.org"\ngem "redis", "5.3.0"\n', 'Gemfile.lock': 'GEM\n' },
    dockerfile`
      FROM ruby:3.3
      WORKDIR /worker
      COPY config /worker/config
      COPY lib /worker/lib
      RUN apt-get update && apt-get install -y --no-install-recommends imagemagick ghostscript && rm -rf /var/lib/apt/lists/*
      RUN gem install redis:5.3.0 rack:3.1.8
      CMD ["ruby", "lib/main.rb"]
    `,
    dockerfile`
      FROM ruby:3.3
      WORKDIR /worker
      RUN apt-get update && apt-get install -y --no-install-recommends imagemagick ghostscript && rm -rf /var/lib/apt/lists/*
      RUN gem install redis:5.3.0 rack:3.1.8
      COPY config /worker/config
      COPY lib /worker/lib
      CMD ["ruby", "lib/main.rb"]
    `,
  ),
  made(
    'site built with node, served by nginx',
    5,
    web,
    npmFiles,
    dockerfile`
      FROM node:22 AS build
      WORKDIR /site
      COPY . .
      RUN npm ci
      RUN npm run build

      FROM nginx:1.27
      COPY --from=build /site/dist /srv/site
      COPY nginx.conf /srv/conf/site.conf
      RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
      EXPOSE 80
    `,
    dockerfile`
      FROM node:22 AS build
      WORKDIR /site
      COPY package.json package-lock.json ./
      RUN npm ci
      COPY . .
      RUN npm run build

      FROM nginx:1.27
      RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
      COPY nginx.conf /srv/conf/site.conf
      COPY --from=build /site/dist /srv/site
      EXPOSE 80
    `,
  ),
  made(
    'go service of several stages, tools after the binary',
    6,
    [code('cmd', 'go'), docs, manifests('go.mod', 'go.sum')],
    { 'go.mod': 'module example.org/app\n\ngo 1.23\n', 'go.sum': '' },
    dockerfile`
      FROM golang:1.23 AS build
      WORKDIR /src
      COPY go.mod go.sum ./
      RUN go mod download
      COPY . .
      RUN go build -o /out/app ./cmd

      FROM debian:12-slim
      COPY --from=build /out/app /srv/app
      RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata && rm -rf /var/lib/apt/lists/*
      USER 1000
      ENTRYPOINT ["/srv/app"]
    `,
    dockerfile`
      FROM golang:1.23 AS build
      WORKDIR /src
      COPY go.mod go.sum ./
      RUN go mod download
      COPY . .
      RUN go build -o /out/app ./cmd

      FROM debian:12-slim
      RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata && rm -rf /var/lib/apt/lists/*
      COPY --from=build /out/app /srv/app
      USER 1000
      ENTRYPOINT ["/srv/app"]
    `,
  ),
  made(
    'two parts in one repository',
    7,
    shop,
    { ...npmFiles, ...pipFiles },
    dockerfile`
      FROM debian:12
      COPY web /srv/web
      COPY api /srv/api
      RUN apt-get update && apt-get install -y --no-install-recommends python3 nodejs && rm -rf /var/lib/apt/lists/*
      RUN mkdir -p /var/lib/shop && chmod 700 /var/lib/shop
      CMD ["/srv/api/main.py"]
    `,
    dockerfile`
      FROM debian:12
      RUN apt-get update && apt-get install -y --no-install-recommends python3 nodejs && rm -rf /var/lib/apt/lists/*
      RUN mkdir -p /var/lib/shop && chmod 700 /var/lib/shop
      COPY api /srv/api
      COPY web /srv/web
      CMD ["/srv/api/main.py"]
    `,
  ),
  made(
    'python with poetry, in the best order already',
    8,
    service,
    pipFiles,
    dockerfile`
      FROM python:3.12-slim
      WORKDIR /srv
      COPY requirements.txt .
      RUN pip install --no-cache-dir -r requirements.txt
      COPY . .
      CMD ["python", "app/main.py"]
    `,
    dockerfile`
      FROM python:3.12-slim
      WORKDIR /srv
      COPY requirements.txt .
      RUN pip install --no-cache-dir -r requirements.txt
      COPY . .
      CMD ["python", "app/main.py"]
    `,
  ),
  real(
    'traefik/whoami',
    { 'go.mod': 'module example.org/whoami\n\ngo 1.24\n', 'go.sum': '' },
    dockerfile`
      FROM golang:1-alpine AS build
      RUN apk add --no-cache git make tzdata
      WORKDIR /go/tool
      COPY go.mod go.sum ./
      RUN go mod download
      COPY . .
      RUN make build
      FROM scratch
      COPY --from=build /go/tool/whoami .
      ENTRYPOINT ["/whoami"]
    `,
    dockerfile`
      FROM golang:1-alpine AS build
      RUN apk add --no-cache git make tzdata
      WORKDIR /go/tool
      COPY go.mod go.sum ./
      RUN go mod download
      COPY . .
      RUN make build
      FROM scratch
      COPY --from=build /go/tool/whoami .
      ENTRYPOINT ["/whoami"]
    `,
  ),
  real(
    'toptal/haste-server',
    npmFiles,
    dockerfile`
      FROM node:16
      WORKDIR /usr/src/app
      COPY . .
      RUN npm ci
      ENV STORAGE_TYPE=file PORT=7777
      EXPOSE 7777
      CMD ["node", "server.js"]
    `,
    dockerfile`
      FROM node:16
      WORKDIR /usr/src/app
      COPY package.json package-lock.json ./
      RUN npm ci
      COPY . .
      ENV STORAGE_TYPE=file PORT=7777
      EXPOSE 7777
      CMD ["node", "server.js"]
    `,
  ),
  real(
    'benbusby/whoogle-search',
    pipFiles,
    dockerfile`
      FROM python:3.12-alpine
      WORKDIR /whoogle
      COPY app/ /whoogle/app/
      COPY run /whoogle/
      COPY requirements.txt /whoogle/
      RUN pip install --no-cache-dir -r requirements.txt
      RUN apk add --no-cache tor curl
      EXPOSE 5000
      CMD ["./run"]
    `,
    dockerfile`
      FROM python:3.12-alpine
      RUN apk add --no-cache tor curl
      WORKDIR /whoogle
      COPY requirements.txt /whoogle/
      RUN pip install --no-cache-dir -r requirements.txt
      COPY run /whoogle/
      COPY app/ /whoogle/app/
      EXPOSE 5000
      CMD ["./run"]
    `,
  ),
  real(
    'dutchcoders/transfer.sh',
    {
      'go.mod': 'module example.org/transfer\n\ngo 1.24\n\nrequire example.org/dep v1.0.0\n',
      'go.sum': 'example.org/dep v1.0.0 h1:x\n',
    },
    dockerfile`
      FROM golang:1.24-alpine AS build
      WORKDIR /go/src/transfer
      COPY . .
      RUN apk add --no-cache git musl-dev mailcap
      RUN go build -o /go/bin/transfer
      FROM alpine:3.20
      COPY --from=build /go/bin/transfer /go/bin/transfer
      RUN mkdir -p /srv/uploads && chmod 700 /srv/uploads
      ENTRYPOINT ["/go/bin/transfer"]
    `,
    dockerfile`
      FROM golang:1.24-alpine AS build
      RUN apk add --no-cache git musl-dev mailcap
      WORKDIR /go/src/transfer
      COPY go.mod go.sum ./
      RUN go mod download
      COPY . .
      RUN go build -o /go/bin/transfer
      FROM alpine:3.20
      RUN mkdir -p /srv/uploads && chmod 700 /srv/uploads
      COPY --from=build /go/bin/transfer /go/bin/transfer
      ENTRYPOINT ["/go/bin/transfer"]
    `,
  ),
  real(
    'thedevs-network/kutt',
    npmFiles,
    dockerfile`
      FROM node:22-alpine
      ENV NODE_ENV=production
      WORKDIR /kutt
      COPY . .
      RUN npm ci --omit=dev
      RUN mkdir -p /var/lib/kutt
      EXPOSE 3000
      CMD npm start
    `,
    dockerfile`
      FROM node:22-alpine
      ENV NODE_ENV=production
      WORKDIR /kutt
      COPY package.json package-lock.json ./
      RUN npm ci --omit=dev
      RUN mkdir -p /var/lib/kutt
      COPY . .
      EXPOSE 3000
      CMD npm start
    `,
  ),
  real(
    'postmanlabs/httpbin',
    pipFiles,
    dockerfile`
      FROM ubuntu:22.04
      LABEL name="httpbin"
      ENV LANG=C.UTF-8
      COPY httpbin /httpbin
      RUN apt-get update && apt-get install -y python3-pip git
      WORKDIR /httpbin
      EXPOSE 80
      CMD ["gunicorn", "-b", "0.0.0.0:80", "httpbin:app"]
    `,
    dockerfile`
      FROM ubuntu:22.04
      LABEL name="httpbin"
      ENV LANG=C.UTF-8
      RUN apt-get update && apt-get install -y python3-pip git
      COPY httpbin /httpbin
      WORKDIR /httpbin
      EXPOSE 80
      CMD ["gunicorn", "-b", "0.0.0.0:80", "httpbin:app"]
    `,
  ),
];
