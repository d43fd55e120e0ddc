/** A window of a real VS Code with the packed extension installed, to be driven and photographed from outside. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findChromium, launchChromium } from './chromium';
import { editorWorkspace, screenshots, testedVsix } from './paths';
import { startServer } from './vscode-server';

export interface WindowOptions {
  /** The folder to open a copy of; by default the sample workspace. */
  readonly folder?: string;
  /** The file to open in it, as a path within the folder. */
  readonly file?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The display language that extensions are told, `ko`; VS Code's own texts stay English, for want of a language pack. */
  readonly language?: string;
  /** In pixels. */
  readonly size?: { readonly width: number; readonly height: number };
}

export interface EditorWindow {
  /** The browser page that shows VS Code. */
  readonly page: Page;
  /** The copy of the folder that is open. */
  readonly workspace: string;
  /** Opens a file of the workspace in a fresh load of the window. */
  open(file: string): Promise<void>;
  /** Keeps a picture as out/screenshots/NAME.png. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

const startLimit = 60_000;
const usualSize = { width: 1200, height: 800 };
const usualSettings = { 'editor.hover.delay': 100, 'workbench.colorTheme': 'Default Dark Modern' };

/** Opens a window; close it in an `after` hook. */
export async function openWindow(options: WindowOptions = {}): Promise<EditorWindow> {
  const chromium = findChromium();
  if (!chromium) throw new Error('no Chromium');
  const dataFolder = mkdtempSync(join(tmpdir(), 'layerwise-window-'));
  const workspace = join(dataFolder, 'workspace');
  cpSync(options.folder ?? editorWorkspace, workspace, { recursive: true });
  const settings = { ...usualSettings, ...options.settings };
  const server = await startServer({ dataFolder, vsix: testedVsix, settings });
  const browser = await launchChromium(chromium);
  const page = await (await browser.newContext({ viewport: options.size ?? usualSize })).newPage();
  if (options.language) await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = '${options.language}'`);
  const authority = `127.0.0.1:${server.port}`;
  const load = async (file?: string): Promise<void> => {
    const open = file ? [['openFile', `vscode-remote://${authority}${join(workspace, file)}`]] : [];
    const query = new URLSearchParams({
      folder: workspace,
      payload: JSON.stringify([...open, ['skipWelcome', 'true']]),
    });
    await page.goto(`http://${authority}/?${query}`);
    const ready = file ? '.monaco-workbench .part.editor .view-lines' : '.monaco-workbench .part.sidebar';
    await page.waitForSelector(ready, { timeout: startLimit });
  };
  const screenshot = async (name: string): Promise<void> => {
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: join(screenshots, `${name}.png`) });
  };
  const close = async (): Promise<void> => {
    await browser.close().catch(() => undefined);
    await server.stop();
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await load(options.file);
  } catch (error) {
    await screenshot('window-did-not-open').catch(() => undefined);
    await close();
    throw error;
  }
  return { page, workspace, open: load, screenshot, close };
}

/** Runs a command from the palette. A busy window may not hear a key, or close what it opened: then it is pressed again. */
export async function runFromPalette(page: Page, command: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const timeout = 8000;
      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget input').first().waitFor({ timeout });
      await page.keyboard.insertText(`>${command}`);
      await page
        .locator('.quick-input-list .monaco-list-row.focused', { hasText: command })
        .first()
        .waitFor({ timeout });
      await page.keyboard.press('Enter');
      return;
    } catch (error) {
      if (tries === 5) throw error;
      await page.keyboard.press('Escape');
    }
  }
}
