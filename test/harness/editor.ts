/**
 * A mocha suite inside the extension host of a real VS Code, in one launch. On Linux that is VS Code's server with
 * headless Chromium, which needs no display and no download but npm's; elsewhere, or with LAYERWISE_VSCODE=electron,
 * the desktop program that @vscode/test-electron fetches. Usage: editor.ts BUNDLE; the bundle exports only `run`.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { format } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { findChromium, launchChromium } from './chromium';
import { codeVersion } from './code-server';
import { editorWorkspace, root, screenshots } from './paths';
import { usesElectron } from './platform';
import { startServer } from './vscode-server';

const limit = 240_000;

/** What VS Code itself logs while it starts with no network; it says nothing about Layerwise. */
const noise =
  /^(Ignoring fetching|Resolv|Creating a socket|Updating additional|\[|ChatSession|getaddrinfo|Error while getting|No search|Creation of workbench)/;

/** Runs the bundle and resolves to the exit status of the suite in it. */
async function runInEditor(bundle: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-editor-'));
  // The suite edits and saves files: it gets a copy of the workspace.
  const workspace = join(folder, 'workspace');
  cpSync(editorWorkspace, workspace, { recursive: true });
  try {
    return usesElectron()
      ? await runInElectron(bundle, workspace, folder)
      : await runInServer(bundle, workspace, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function runInElectron(bundle: string, workspace: string, folder: string): Promise<number> {
  return runTests({
    version: codeVersion,
    extensionDevelopmentPath: root,
    extensionTestsPath: bundle,
    extensionTestsEnv: { LAYERWISE_RESULTS: process.env.LAYERWISE_RESULTS },
    launchArgs: [
      workspace,
      '--disable-workspace-trust',
      '--user-data-dir',
      join(folder, 'user'),
      '--disable-extensions',
    ],
  });
}

async function runInServer(bundle: string, workspace: string, dataFolder: string): Promise<number> {
  const chromium = findChromium();
  if (!chromium) throw new Error('no Chromium');
  const server = await startServer({ dataFolder });
  const browser = await launchChromium(chromium);
  try {
    const page = await (await browser.newContext({ viewport: { width: 1200, height: 800 } })).newPage();
    const ended = new Promise<number>((finish) => {
      const timer = setTimeout(() => {
        console.error(`No result after ${limit / 1000} s\n${server.log().slice(-4000)}`);
        finish(1);
      }, limit);
      timer.unref();
      page.on('crash', () => finish(1));
      void server.ended.then(() => finish(1));
      void page.exposeFunction('codeAutomationExit', (status: number) => finish(status));
    });
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
      const text = format(...args);
      if (noise.test(text) && !process.env.VERBOSE) return;
      if (type === 'error') console.error(text);
      else console.log(text);
    });
    const authority = `127.0.0.1:${server.port}`;
    const payload = JSON.stringify([
      ['extensionDevelopmentPath', `vscode-remote://${authority}${root}`],
      ['extensionTestsPath', `vscode-remote://${authority}${bundle}`],
      ['skipWelcome', 'true'],
    ]);
    const query = new URLSearchParams({ folder: workspace, payload });
    await page.goto(`http://${authority}/?${query}`);
    const status = await ended;
    mkdirSync(screenshots, { recursive: true });
    if (status !== 0)
      await page.screenshot({ path: join(screenshots, 'editor-suite-failed.png') }).catch(() => undefined);
    return status;
  } finally {
    await browser.close().catch(() => undefined);
    await server.stop();
  }
}

runInEditor(resolve(process.argv[2] ?? '')).then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
