/** Runs images: what a container prints, and what a server in one answers. */
import { ask, demand } from './daemon';
import type { Engine } from './engine';

/** What the container of an image prints until it ends by itself; it has no network but its own. */
export async function runImage(engine: Engine, image: string): Promise<string> {
  return withContainer(engine, image, async (id) => {
    const { body } = await demand(engine.daemon, 'POST', `/containers/${id}/wait`);
    const { StatusCode } = JSON.parse(body.toString()) as { StatusCode: number };
    const printed = await readLogs(engine, id);
    if (StatusCode !== 0) throw new Error(`${image} ended with ${StatusCode}: ${printed}`);
    return printed;
  });
}

/** What a command inside the running container of an image prints, tried again until it prints something. */
export async function askContainer(engine: Engine, image: string, command: readonly string[]): Promise<string> {
  return withContainer(engine, image, async (id) => {
    let printed = '';
    for (let tries = 0; tries < 50 && printed === ''; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const made = await ask(engine.daemon, 'POST', `/containers/${id}/exec`, {
        body: { Cmd: command, AttachStdout: true, Tty: true },
      });
      if (made.status !== 201) break;
      const exec = (JSON.parse(made.body.toString()) as { Id: string }).Id;
      const answer = await demand(engine.daemon, 'POST', `/exec/${exec}/start`, { body: { Detach: false, Tty: true } });
      const state = await demand(engine.daemon, 'GET', `/exec/${exec}/json`);
      const { ExitCode } = JSON.parse(state.body.toString()) as { ExitCode: number };
      if (ExitCode === 0) printed = plain(answer.body);
    }
    if (printed === '') throw new Error(`${image} does not answer: ${await readLogs(engine, id)}`);
    return printed;
  });
}

async function withContainer<T>(engine: Engine, image: string, work: (id: string) => Promise<T>): Promise<T> {
  const { body } = await demand(engine.daemon, 'POST', '/containers/create', {
    body: { Image: image, Tty: true, HostConfig: { NetworkMode: 'none' } },
  });
  const { Id } = JSON.parse(body.toString()) as { Id: string };
  try {
    await demand(engine.daemon, 'POST', `/containers/${Id}/start`);
    return await work(Id);
  } finally {
    await ask(engine.daemon, 'DELETE', `/containers/${Id}`, { query: { force: '1' } });
  }
}

async function readLogs(engine: Engine, id: string): Promise<string> {
  const query = { stdout: '1', stderr: '1' };
  return plain((await demand(engine.daemon, 'GET', `/containers/${id}/logs`, { query })).body);
}

/** A terminal ends lines with a carriage return too. */
const plain = (output: Buffer): string => output.toString().replace(/\r\n/g, '\n');
