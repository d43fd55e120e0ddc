/** `lsp`: the command is also the way to start the language server. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { cli } from './command';

describe('lsp', () => {
  it('talks over standard input and output, and ends when told to', async () => {
    const child = spawn(process.execPath, [cli, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let received = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      received += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const send = (message: object) => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message });
      child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    const arrived = async (pattern: RegExp) => {
      const deadline = Date.now() + 15_000;
      while (!pattern.test(received) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
      assert.match(received, pattern, stderr);
    };
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    try {
      send({ id: 1, method: 'initialize', params: { processId: process.pid, rootUri: null, capabilities: {} } });
      await arrived(/"id":1[,}]/);
      assert.match(received, /"capabilities":/);
      send({ method: 'initialized', params: {} });
      send({ id: 2, method: 'shutdown' });
      await arrived(/"id":2[,}]/);
      send({ method: 'exit' });
      assert.equal(await ended, 0);
    } finally {
      child.kill();
    }
  });
});
