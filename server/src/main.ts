/** The language server as a process: over stdio, Node's IPC, a pipe or a socket, as the command line says. */
import { Console } from 'node:console';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { type Connection, createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import type { BuildContext } from './context/context';
import type { KnowledgeSource } from './lsp/knowledge';
import { createConfigSource } from './lsp/node/configSource';
import { createStreamWriter } from './lsp/node/streamWriter';
import { startServer } from './lsp/server';
import type { ShellcheckSource } from './lsp/shellAdvice';
import type { ImageReference } from './model/images';

// Node.js lets a heap grow to several times what is in use, and spends memory and time on compiling what ran but a few
// times. An editor has many servers: ours stays small. Without these flags the peak is half as much again.
for (const flag of [
  'semi-space-growth-factor=1',
  'heap-growing-percent=30',
  'interrupt-budget=500000',
  'always-sparkplug',
])
  setFlagsFromString(`--${flag}`);

const otherTransport = /^--(?:node-ipc|socket|pipe)(?:=|$)/;

const connection = process.argv.some((argument) => otherTransport.test(argument))
  ? createConnection(ProposedFeatures.all)
  : connectStdio();
// A promise that nobody waits for must not take a user's editor support away; it is told to the client instead.
process.on('unhandledRejection', (error) => connection.console.error(`unhandled: ${String(error)}`));
startServer(connection, {
  contextSource: readContext,
  configSource: createConfigSource(),
  shellcheck,
  digestSource,
  knowledgeSource: knowledgeSource(),
});

/** Asked for only when the user chooses to pin an image. */
async function digestSource(image: ImageReference): Promise<string> {
  const { askDigest } = await import('./context/node/digests');
  return askDigest(image);
}

/** The build context of a Dockerfile on this machine's disk: its folder. */
async function readContext(uri: string): Promise<BuildContext | null> {
  if (!uri.startsWith('file:')) return null;
  const path = fileURLToPath(uri);
  const { loadContext } = await import('./context/node/preload');
  return loadContext(dirname(path), path);
}

/** Asks the ShellCheck of this machine, if it has one. */
async function shellcheck(...[sources, onAnswer, signal]: Parameters<ShellcheckSource>): Promise<boolean> {
  const { findShellcheck, runShellcheck } = await import('./shell/node/shellcheck');
  const program = findShellcheck();
  if (program !== undefined) await runShellcheck(program, sources, onAnswer, signal);
  return program !== undefined;
}

/** Git, docker and files, loaded when somebody asks for costs. */
function knowledgeSource(): KnowledgeSource {
  let loading: Promise<KnowledgeSource> | undefined;
  const source = () => {
    loading ??= import('./lsp/node/knowledgeSource').then(({ createKnowledgeSource }) => createKnowledgeSource());
    return loading;
  };
  return {
    history: async (...given) => (await source()).history(...given),
    readKept: async (...given) => (await source()).readKept(...given),
    keep: async (...given) => (await source()).keep(...given),
    readRecording: async (...given) => (await source()).readRecording(...given),
    build: async (...given) => (await source()).build(...given),
  };
}

/** Started without saying how to talk, the server talks over stdio too, as people expect who try it by hand. */
function connectStdio(): Connection {
  // What a package might print must not get between the messages.
  globalThis.console = new Console(process.stderr, process.stderr);
  // The library takes a stream beside a writer; only its types have them in pairs.
  const writer = createStreamWriter(process.stdout) as unknown as NodeJS.WritableStream;
  return createConnection(ProposedFeatures.all, process.stdin, writer);
}
