/** The language server as a process: over stdio, Node's IPC, a pipe or a socket, as the command line says. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import type { BuildContext } from './context/context';
import { startServer } from './lsp/server';

const transport = /^--(?:stdio|node-ipc|socket|pipe)(?:=|$)/;

// Node.js lets a heap grow to several times what is in use, and spends memory and time on compiling what ran but a few
// times. An editor has many servers: ours stays small. Without these flags the peak is half as much again.
for (const flag of [
  'semi-space-growth-factor=1',
  'heap-growing-percent=30',
  'interrupt-budget=500000',
  'always-sparkplug',
])
  setFlagsFromString(`--${flag}`);

// Started without saying how to talk, it talks over stdio, as people expect who try it by hand.
if (!process.argv.some((argument) => transport.test(argument))) process.argv.push('--stdio');

const connection = createConnection(ProposedFeatures.all);
// A promise that nobody waits for must not take a user's editor support away; it is told to the client instead.
process.on('unhandledRejection', (error) => connection.console.error(`unhandled: ${String(error)}`));
startServer(connection, { contextSource: readContext });

/** The build context of a Dockerfile on this machine's disk: its folder. */
async function readContext(uri: string): Promise<BuildContext | null> {
  if (!uri.startsWith('file:')) return null;
  const path = fileURLToPath(uri);
  const { loadContext } = await import('./context/node/preload');
  return loadContext(dirname(path), path);
}
