/** A plain language client over stdio, with no library between it and the wire, so that nothing is smoothed over. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './paths';

/** A message as it stands on the wire. */
export interface Message {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Error codes of JSON-RPC and LSP that tests name. */
export const errorCodes = {
  methodNotFound: -32601,
  invalidParams: -32602,
  invalidRequest: -32600,
  serverNotInitialized: -32002,
  requestCancelled: -32800,
  contentModified: -32801,
} as const;

/** What an answer is where there shall be none. */
export const noAnswer = Symbol('no answer');

export interface ClientOptions {
  /** The command line behind `node`; the built server over stdio by default. */
  readonly command?: readonly string[];
  /** Answers to requests of the server, by method; null for all others. */
  readonly answers?: Readonly<Record<string, (params: unknown) => unknown>>;
}

export interface LspClient {
  /** Sends a request; rejects with a ResponseError-like Error when the answer is an error. */
  request<R = unknown>(method: string, params?: unknown): Promise<R>;
  /** Sends a request and returns its id at once, to be cancelled or waited for. */
  start(method: string, params?: unknown): { readonly id: number; readonly answer: Promise<Message> };
  notify(method: string, params?: unknown): void;
  /** Writes bytes as they are. */
  write(bytes: string): void;
  /** What the server sent of itself, oldest first. */
  readonly received: readonly Message[];
  /** Resolves with the first message (already received or yet to come) that the condition accepts. */
  waitFor(condition: (message: Message) => boolean, from?: number): Promise<Message>;
  /** The exit status, once the process has ended. */
  readonly ended: Promise<number | null>;
  /** What it printed on stderr. */
  stderr(): string;
  /** Closes the server's stdin, as a client does that dies. */
  closeInput(): void;
  kill(): void;
}

/** An error that the server answered with. */
export class AnsweredError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

const patience = 15_000;

export function startClient({ command = [serverFile(), '--stdio'], answers = {} }: ClientOptions = {}): LspClient {
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  let buffer = Buffer.alloc(0);
  let lastId = 0;
  const waiting = new Map<number, (message: Message) => void>();
  const received: Message[] = [];
  const listeners = new Set<(message: Message) => void>();
  const ended = new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)));
  const killAtExit = () => void child.kill();
  process.once('exit', killAtExit);
  void ended.then(() => process.off('exit', killAtExit));
  child.stderr.on('data', (data: Buffer) => {
    errors += data;
  });
  child.stdin.on('error', () => undefined);

  const write = (bytes: string) => void child.stdin.write(bytes);
  const send = (message: object) => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const accept = (message: Message) => {
    if (message.method === undefined) {
      if (typeof message.id === 'number') waiting.get(message.id)?.(message);
      return;
    }
    received.push(message);
    const result = answers[message.method]?.(message.params) ?? null;
    if (message.id !== undefined && result !== noAnswer) send({ id: message.id, result });
    for (const listener of [...listeners]) listener(message);
  };
  child.stdout.on('data', (data: Buffer) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      const head = buffer.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, head).toString())?.[1]);
      if (buffer.length < head + 4 + length) return;
      const text = buffer.subarray(head + 4, head + 4 + length).toString();
      buffer = buffer.subarray(head + 4 + length);
      accept(JSON.parse(text) as Message);
    }
  });

  const start = (method: string, params?: unknown) => {
    const id = ++lastId;
    const answer = new Promise<Message>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no answer to ${method} in ${patience} ms\n${errors}`)),
        patience,
      );
      void ended.then(() => {
        clearTimeout(timer);
        // An answer sent right before the end may still be on its way through the pipe.
        setTimeout(() => reject(new Error(`the server ended before it answered ${method}\n${errors}`)), 100);
      });
      waiting.set(id, (message) => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(message);
      });
    });
    answer.catch(() => undefined);
    send({ id, method, ...(params === undefined ? {} : { params }) });
    return { id, answer };
  };

  return {
    start,
    async request<R>(method: string, params?: unknown): Promise<R> {
      const { result, error } = await start(method, params).answer;
      if (error) throw new AnsweredError(error.code, error.message);
      return result as R;
    },
    notify: (method, params) => send({ method, ...(params === undefined ? {} : { params }) }),
    write,
    received,
    waitFor(condition, from = 0) {
      const found = received.slice(from).find(condition);
      if (found) return Promise.resolve(found);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          listeners.delete(listener);
          reject(new Error(`no such message in ${patience} ms\n${errors}`));
        }, patience);
        const listener = (message: Message) => {
          if (!condition(message)) return;
          clearTimeout(timer);
          listeners.delete(listener);
          resolve(message);
        };
        listeners.add(listener);
      });
    },
    ended,
    stderr: () => errors,
    closeInput: () => void child.stdin.end(),
    kill: () => void child.kill(),
  };
}

/** The built server. */
export function serverFile(): string {
  return join(root, 'dist/server.js');
}
