/**
 * The layers view in a real window: what it draws, how it follows, what a keyboard and a screen reader get, and that nothing
 * of it breaks its own content policy. Pictures go to out/screenshots.
 */
import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { type EditorWindow, openWindow, runFromPalette } from '../harness/window';

describe('window: layers view', function () {
  this.timeout(120_000);
  let window: EditorWindow;
  const refused: string[] = [];

  before(async function () {
    this.timeout(120_000);
    window = await openWindow({ file: 'shop/Dockerfile', size: { width: 1400, height: 900 } });
    window.page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) refused.push(message.text());
    });
  });
  after(() => window?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.screenshot(`failed-${this.currentTest.title.slice(0, 40)}`);
  });

  const view = (): FrameLocator => window.page.frameLocator('iframe.webview').frameLocator('iframe');
  const row = (text: string | RegExp): Locator => view().locator('.step', { hasText: text }).first();
  /** Puts the cursor in a line; VS Code keeps its lines in no particular order. */
  const cursorIn = async (number: number) => {
    const lines = window.page.locator('.view-lines').first();
    await lines.locator('.view-line').first().waitFor();
    const { height = 19 } = (await lines.locator('.view-line').first().boundingBox()) ?? {};
    await lines.click({ position: { x: 60, y: (number - 0.5) * height } });
  };
  const run = (command: string) => runFromPalette(window.page, command);
  /** The sidebar takes room that the pictures need. */
  const hideSidebar = async () => {
    if (await window.page.locator('.part.sidebar').isVisible()) await window.page.keyboard.press('Control+b');
  };
  /** Opens a file in a fresh window, with the settings given, and the layers view beside it. */
  const open = async (file: string, settings: Record<string, unknown> = {}) => {
    mkdirSync(join(window.workspace, '.vscode'), { recursive: true });
    writeFileSync(join(window.workspace, '.vscode/settings.json'), JSON.stringify(settings));
    await window.open(file);
    await hideSidebar();
    await cursorIn(1);
    await run('Layerwise: Show Layers');
    await view().locator('main').first().waitFor();
  };

  it('draws every stage with its base below and the writable layer of the container on top', async () => {
    await hideSidebar();
    await cursorIn(1);
    await run('Layerwise: Show Layers');
    await view().locator('.stage').nth(2).waitFor();
    assert.equal(await view().locator('.group').count(), 3);
    const top = await view().locator('.writable').boundingBox();
    const layer = await row('--from=server').boundingBox();
    const base = await view().locator('.base', { hasText: 'debian:12-slim' }).boundingBox();
    assert.ok(top && layer && base && top.y < layer.y && layer.y < base.y);
    assert.match(await view().locator('.subtitle').innerText(), /3 layers on debian:12-slim · 3 stages · BuildKit/);
  });

  it('follows the cursor: what an edit rebuilds is marked in the view and in the file, across stages', async () => {
    await cursorIn(7);
    await view().locator('.step.edited', { hasText: 'COPY pages .' }).waitFor();
    await view().locator('.step.rebuilt', { hasText: 'npm run build' }).waitFor();
    await view().locator('.step.rebuilt', { hasText: '--from=pages /pages/dist /srv/static' }).waitFor();
    await view().locator('.step.cached', { hasText: 'npm ci' }).waitFor();
    assert.match(await view().locator('.sentence').innerText(), /An edit of line 7 rebuilds 5 more steps in 3 stages/);
    assert.ok((await view().locator('.rail.dirty').count()) > 0, 'lines of the stage graph are marked');
    await window.page.locator('.glyph-margin-widgets > *').first().waitFor();
    await window.page.waitForTimeout(400);
    await window.screenshot('11-layers-dark');
  });

  it('follows the typing', async () => {
    const { page } = window;
    await cursorIn(25);
    await page.keyboard.press('End');
    await page.keyboard.type('\nRUN echo typed');
    await row('echo typed').waitFor();
    // One undo may take back a word only.
    const isBack = async () => /^3 layers/.test(await view().locator('.subtitle').innerText());
    for (let i = 0; i < 10 && !(await isBack()); i++) {
      await page.keyboard.press('Control+z');
      await page.waitForTimeout(600);
    }
    assert.ok(await isBack());
  });

  it('goes to the line that is clicked, and with Enter gives it the keyboard', async () => {
    const { page } = window;
    await row('go mod download').click();
    await view().locator('.step.edited', { hasText: 'go mod download' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.monaco-editor.focused').first().waitFor();
    await page.locator('.statusbar-item', { hasText: /Ln 13,/ }).waitFor();
  });

  it('is moved through with the arrow keys, one row in the tab order', async () => {
    const { page } = window;
    await row('go mod download').focus();
    const focused = view().locator('[role="treeitem"]:focus');
    assert.match((await focused.getAttribute('aria-label')) ?? '', /^Layer 3, RUN go mod download, line 13/);
    await page.keyboard.press('ArrowUp');
    assert.match((await focused.getAttribute('aria-label')) ?? '', /COPY main\.go/);
    // The edit that is shown is that of the row with the focus; the cursor stays where it was.
    await view().locator('.step.edited', { hasText: 'COPY main.go' }).waitFor();
    assert.match(await focused.innerText(), /main\.go/, 'the focus stays when the view is drawn anew');
    await page.keyboard.press('ArrowLeft');
    assert.match((await focused.getAttribute('aria-label')) ?? '', /^Stage server/);
    await page.keyboard.press('End');
    assert.match((await focused.getAttribute('aria-label')) ?? '', /^Base node:22-slim/);
    assert.equal(await view().locator('[role="treeitem"][tabindex="0"]').count(), 1);
  });

  it('has a role and a name for everything, and says what changes', async () => {
    assert.equal(await view().locator('[role="tree"][aria-label]').count(), 1);
    const rows = view().locator('[role="treeitem"]');
    for (const one of await rows.all()) assert.ok(await one.getAttribute('aria-label'));
    assert.equal(await view().locator('[role="status"][aria-live="polite"]').count(), 1);
    assert.equal(await view().locator('[role="radio"][aria-checked="true"]').count(), 1);
  });

  it('shows sizes, times or what an edit costs', async () => {
    for (const metric of ['size', 'edit', 'time']) {
      await view().locator(`[data-metric="${metric}"]`).click();
      assert.equal(await view().locator(`[data-metric="${metric}"]`).getAttribute('aria-checked'), 'true');
    }
    assert.match(await row('go mod download').innerText(), /≈ \d+ s/);
  });

  it('compares with the Dockerfile after Optimize', async () => {
    await open('node/Dockerfile');
    await cursorIn(10);
    await view().locator('.toggle').click();
    await view().locator('.side', { hasText: 'After Optimize' }).waitFor();
    assert.equal(await view().locator('.side').count(), 2);
    await window.page.waitForTimeout(400);
    await window.screenshot('11-layers-compare');
    await view().locator('.toggle').click();
    await view().locator('.side').nth(1).waitFor({ state: 'detached' });
  });

  it('remembers what was chosen while it was hidden', async () => {
    const { page } = window;
    await view().locator('[data-metric="edit"]').click();
    await page.locator('.tab', { hasText: 'Layers' }).first().click();
    await run('Layerwise: Get Started');
    await page.locator('.getting-started-step').first().waitFor();
    await page.locator('.tab', { hasText: 'Layers' }).first().click();
    await view().locator('[data-metric="edit"][aria-checked="true"]').waitFor();
  });

  it('comes back with the window, as it was left', async () => {
    await open('shop/Dockerfile');
    await view().locator('[data-metric="edit"]').click();
    await view().locator('.step').first().waitFor();
    // VS Code in a browser writes down what is open every five seconds.
    await window.page.waitForTimeout(6000);
    // Without a file to open in the address VS Code brings back what was open.
    const address = new URL(window.page.url());
    address.searchParams.set('payload', JSON.stringify([['skipWelcome', 'true']]));
    await window.page.goto(address.href);
    await view().locator('.step', { hasText: 'go mod download' }).waitFor();
    await view().locator('[data-metric="edit"][aria-checked="true"]').waitFor();
    assert.equal(await window.page.locator('.tab', { hasText: 'Layers' }).count(), 1);
    await view().locator('[data-metric="time"]').click();
  });

  it('is at home in light, high contrast and narrow windows', async () => {
    const themes = { light: 'Default Light Modern', 'high-contrast': 'Default High Contrast' };
    for (const [name, theme] of Object.entries(themes)) {
      await open('shop/Dockerfile', { 'workbench.colorTheme': theme });
      await cursorIn(7);
      await view().locator('.step.edited').waitFor();
      await window.page.waitForTimeout(400);
      await window.screenshot(`11-layers-${name}`);
    }
    await window.page.setViewportSize({ width: 760, height: 900 });
    await open('shop/Dockerfile');
    await cursorIn(7);
    await view().locator('.step.edited').waitFor();
    await window.page.waitForTimeout(400);
    await window.screenshot('11-layers-narrow');
    const overflow = await view()
      .locator('body')
      .evaluate((body) => body.scrollWidth - body.clientWidth);
    assert.equal(overflow, 0, 'nothing sticks out');
    await window.page.setViewportSize({ width: 1400, height: 900 });
  });

  it('is shown in the walkthrough, step by step', async () => {
    await run('Layerwise: Get Started');
    const steps = window.page.locator('.getting-started-step');
    await steps.nth(5).waitFor();
    assert.equal(await steps.count(), 6);
    await steps.nth(1).click();
    await window.page.waitForTimeout(1000);
    await window.screenshot('12-walkthrough');
  });

  it('says so where there is no image to draw', async () => {
    writeFileSync(join(window.workspace, 'Empty.Dockerfile'), '# nothing yet\n');
    await open('Empty.Dockerfile');
    await view().locator('main', { hasText: 'makes no image yet' }).waitFor();
    await window.screenshot('11-layers-empty');
    await cursorIn(1);
    await window.page.keyboard.press('End');
    await window.page.keyboard.type('\nFROM alpine:3.20\nRUN a');
    await view().locator('.step', { hasText: 'RUN a' }).waitFor();
  });

  it('never breaks its content policy', () => assert.deepEqual(refused, []));
});
