/**
 * Types into a document as an editor would, through any language server over stdio, and times each keystroke until the
 * findings for it are there. For a clone that has no other driver.
 *
 *   node lsp-typing.mjs [--edits N] FILE… -- COMMAND [ARG…]
 *
 * The files are joined to one document. Each edit is at another instruction: mostly a letter at its end, now and then a
 * new line above it, or a letter in front of its keyword, which the next edit takes away again. Prints one JSON object;
 * milliseconds, and MiB for the peak of the memory (Linux only, else 0).
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const [own, command] = splitArguments(process.argv.slice(2));
const edits = own[0] === '--edits' ? Number(own.splice(0, 2)[1]) : 200;
const text = own.map(readText).join('');
const uri = pathToFileURL(resolve(own[0])).href;
const root = pathToFileURL(dirname(resolve(own[0]))).href;
const server = startServer(command);

const begun = performance.now();
const { capabilities } = await server.request('initialize', {
  processId: process.pid,
  rootUri: root,
  workspaceFolders: [{ uri: root, name: 'bench' }],
  capabilities: {
    workspace: { configuration: true, workspaceEdit: { documentChanges: true } },
    textDocument: { synchronization: {}, diagnostic: {}, publishDiagnostics: { versionSupport: true } },
  },
});
const initialize = performance.now() - begun;
server.notify('initialized', {});
const pulls = Boolean(capabilities.diagnosticProvider);
const { change = capabilities.textDocumentSync } = capabilities.textDocumentSync;
let version = 1;

const opened = performance.now();
let findings = await findingsAfter(() =>
  server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'dockerfile', version, text } }),
);
const open = performance.now() - opened;
const atOpen = findings.length;

const lines = text.split('\n');
const times = [];
let line = -1;
let broken;
let breaks = 0;
let noticed = 0;
for (let count = 0; count < edits; count++) {
  const [range, typed] = nextEdit(count);
  const { start, end } = range;
  const changed = lines[start.line].slice(0, start.character) + typed + lines[start.line].slice(end.character);
  lines.splice(start.line, 1, ...changed.split('\n'));
  const contentChanges = [change === 2 ? { range, text: typed } : { text: lines.join('\n') }];
  const before = findings.length;
  const sent = performance.now();
  version++;
  findings = await findingsAfter(() =>
    server.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges }),
  );
  times.push(performance.now() - sent);
  if (broken !== undefined && findings.length !== before) noticed++;
  await new Promise((proceed) => setTimeout(proceed, 2));
}
times.sort((a, b) => a - b);
const quantile = (part) => Number(times[Math.min(times.length - 1, Math.floor(part * times.length))].toFixed(3));
const result = { lines: lines.length - 1, pull: pulls, initialize, open, diagnostics: atOpen, edits };
const speed = { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), max: quantile(1) };
console.log(JSON.stringify({ ...result, ...speed, broken: breaks, noticed, rss: peakMemory(server.pid) }));
await server.request('shutdown', null);
server.notify('exit');
setTimeout(() => process.exit(0), 100);

function splitArguments(args) {
  const at = args.indexOf('--');
  if (at < 1 || at === args.length - 1) {
    console.error('usage: lsp-typing.mjs [--edits N] FILE… -- COMMAND [ARG…]');
    process.exit(2);
  }
  return [args.slice(0, at), args.slice(at + 1)];
}

function readText(file) {
  const read = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n');
  return read.endsWith('\n') ? read : `${read}\n`;
}

/** The range to replace and what with. */
function nextEdit(count) {
  const at = (where, from, to, typed) => [
    { start: { line: where, character: from }, end: { line: where, character: to } },
    typed,
  ];
  if (broken !== undefined) {
    const mend = at(broken, 0, 1, '');
    broken = undefined;
    return mend;
  }
  do line = (line + 1) % lines.length;
  while (!/^(?:RUN|COPY|ENV|FROM|ADD|WORKDIR|LABEL|EXPOSE|ARG)\s+\S/.test(lines[line]));
  if (count % 20 === 19) {
    broken = line;
    breaks++;
    return at(line, 0, 0, 'Z');
  }
  if (count % 10 === 9) return at(line, 0, 0, '\n');
  const end = lines[line].replace(/\s*\\?\s*$/, '').length;
  return at(line, end, end, 'abcdefghij'[count % 10]);
}

/** Sends something and resolves to the findings that hold after it. */
async function findingsAfter(send) {
  if (!pulls) {
    const pushed = server.pushed(uri, version);
    send();
    return pushed;
  }
  send();
  const report = await server.request('textDocument/diagnostic', { textDocument: { uri } });
  if (!Array.isArray(report.items)) throw new Error(`not a full report: ${JSON.stringify(report).slice(0, 200)}`);
  return report.items;
}

function startServer([file, ...args]) {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map();
  let buffered = Buffer.alloc(0);
  let lastId = 0;
  let awaitedPush;
  const send = (message) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const accept = ({ id, method, params, result, error }) => {
    if (method === undefined) {
      const { done, failed } = waiting.get(id) ?? {};
      waiting.delete(id);
      if (error) failed?.(new Error(JSON.stringify(error)));
      else done?.(result);
    } else if (id !== undefined) {
      send({ id, result: method === 'workspace/configuration' ? params.items.map(() => null) : null });
    } else if (method === 'textDocument/publishDiagnostics' && awaitedPush?.uri === params.uri) {
      if (params.version === undefined || params.version === awaitedPush.version) {
        const { done } = awaitedPush;
        awaitedPush = undefined;
        done(params.diagnostics);
      }
    }
  };
  child.stdout.on('data', (data) => {
    buffered = Buffer.concat([buffered, data]);
    for (let head = buffered.indexOf('\r\n\r\n'); head >= 0; head = buffered.indexOf('\r\n\r\n')) {
      const length = Number(/content-length: *(\d+)/i.exec(buffered.subarray(0, head).toString())[1]);
      const end = head + 4 + length;
      if (buffered.length < end) return;
      const body = buffered.subarray(head + 4, end).toString();
      buffered = buffered.subarray(end);
      accept(JSON.parse(body));
    }
  });
  setTimeout(() => {
    console.error('no end after two minutes');
    child.kill();
    process.exit(1);
  }, 120_000).unref();
  return {
    pid: child.pid,
    notify: (method, params) => send({ method, params }),
    request: (method, params) =>
      new Promise((done, failed) => {
        const id = ++lastId;
        waiting.set(id, { done, failed });
        send({ id, method, params });
      }),
    pushed: (pushedUri, pushedVersion) =>
      new Promise((done) => {
        awaitedPush = { uri: pushedUri, version: pushedVersion, done };
      }),
  };
}

function peakMemory(pid) {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return 0;
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8'))[1]) / 1024);
}
