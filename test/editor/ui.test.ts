/**
 * The packed extension, installed, at work in a window of a real VS Code: driven by mouse and keyboard, photographed into
 * out/screenshots for people to look at. The suites inside the editor prove what is right; here is what can be seen.
 */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { type EditorWindow, openWindow, runFromPalette } from '../harness/window';

const file = 'node/Dockerfile';

describe('window with the packed extension', function () {
  this.timeout(120_000);
  let window: EditorWindow;

  before(async function () {
    this.timeout(120_000);
    window = await openWindow({ file });
  });
  after(() => window?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.screenshot(`failed-${this.currentTest.title.slice(0, 40)}`);
    for (let i = 0; i < 3; i++) await window.page.keyboard.press('Escape');
  });

  const onDisk = () => readFileSync(join(window.workspace, file), 'utf8');
  /** A word in the editor, as its syntax colour sets it apart. */
  const word = (text: RegExp): Locator => window.page.locator('.view-line span', { hasText: text }).first();
  /** Puts the mouse on a word of a line, counting columns: what is underlined is cut into pieces. */
  const hoverInLine = async (line: RegExp, text: string) => {
    const content = window.page.locator('.view-line > span', { hasText: line }).first();
    const box = await content.boundingBox();
    const written = (await content.innerText()).replace(/\s/g, ' ');
    assert.ok(box);
    const column = written.indexOf(text) + 1.5;
    await window.page.mouse.move(box.x + (box.width / written.length) * column, box.y + box.height / 2);
  };
  const run = (command: string) => runFromPalette(window.page, command);
  const button = (text: string) =>
    window.page.locator('.notifications-toasts .monaco-button', { hasText: text }).first();

  it('underlines what it finds and counts the layers', async () => {
    await window.page.waitForSelector('.monaco-editor .squiggly-warning');
    await window.page.locator('.statusbar-item', { hasText: /\d+ layers/ }).waitFor();
    await window.page.waitForTimeout(500);
    await window.screenshot('1-squiggles');
  });

  it('explains an instruction when the mouse rests on it', async () => {
    await word(/^COPY$/).hover();
    const hover = window.page.locator('.monaco-hover', { hasText: /layer/i }).first();
    await hover.waitFor();
    assert.doesNotMatch(await hover.innerText(), /\$\(/, 'icons are drawn, not spelled');
    await window.page.waitForTimeout(300);
    await window.screenshot('2-hover');
  });

  it('explains a finding, an image and a package manager', async () => {
    for (const [name, line, text] of [
      ['3-hover-finding', /^MAINTAINER/, 'MAINTAINER'],
      ['3-hover-image', /^FROM/, 'node'],
      ['3-hover-package-manager', /apt-get\s+install/, 'apt-get'],
    ] as const) {
      await window.page.keyboard.press('Escape');
      await window.page.mouse.move(900, 700);
      await window.page.waitForTimeout(300);
      await hoverInLine(line, text);
      await window.page.locator('.monaco-hover .hover-contents').first().waitFor();
      await window.page.waitForTimeout(400);
      await window.screenshot(name);
    }
  });

  it('shows the quick fixes', async () => {
    const { page } = window;
    await page.mouse.move(900, 700);
    await word(/^MAINTAINER$/).click();
    await page.keyboard.press('Escape');
    const menu = page.locator('.action-widget').first();
    for (let attempt = 0; attempt < 5; attempt++) {
      await page.keyboard.press('Control+.');
      if (
        await menu.waitFor({ timeout: 3000 }).then(
          () => true,
          () => false,
        )
      )
        break;
    }
    assert.match(await menu.innerText(), /Ignore\s+maintainer-deprecated\s+here/);
    await page.waitForTimeout(300);
    await window.screenshot('4-quick-fixes');
  });

  it('lists the layers from the status bar', async () => {
    const { page } = window;
    await page.locator('.statusbar-item', { hasText: /\d+ layers/ }).click();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'COPY' }).first().waitFor();
    await page.waitForTimeout(300);
    await window.screenshot('5-layers');
  });

  it('shows what Optimize would do, and leaves the file alone when it is declined', async () => {
    const { page } = window;
    const before = onDisk();
    await word(/^COPY$/).click();
    await run('Layerwise: Optimize Dockerfile');
    await page.locator('.monaco-diff-editor').first().waitFor();
    await button('Apply').waitFor();
    await page.waitForTimeout(800);
    await window.screenshot('6-optimize');
    await button('Details').click();
    await page.locator('.tab', { hasText: 'Optimize Dockerfile.md' }).first().waitFor();
    await page.waitForTimeout(1500);
    await window.screenshot('6-optimize-details');
    await button('Cancel').click();
    await page.locator('.monaco-diff-editor').first().waitFor({ state: 'detached' });
    await page.locator('.tab', { hasText: 'Optimize Dockerfile.md' }).first().waitFor({ state: 'detached' });
    assert.equal(await page.locator('.tab').count(), 1, 'one tab is left');
    assert.equal(onDisk(), before);
  });

  it('lets the user choose among safe changes and suggestions', async () => {
    const { page } = window;
    await word(/^COPY$/).click();
    await run('Layerwise: Optimize Dockerfile');
    await button('Choose').click();
    await page.locator('.refactor-preview-panel, .bulk-edit-panel').first().waitFor();
    await page.waitForTimeout(800);
    await window.screenshot('7-choose');
    await page
      .locator('.bulk-edit-panel .monaco-button, .refactor-preview-panel .monaco-button', { hasText: 'Discard' })
      .first()
      .click();
  });

  it('optimizes when told so', async () => {
    const { page } = window;
    const before = onDisk();
    await word(/^COPY$/).click();
    await run('Layerwise: Optimize Dockerfile');
    await button('Apply').click();
    await page.locator('.monaco-diff-editor').first().waitFor({ state: 'detached' });
    await page.waitForTimeout(500);
    await window.screenshot('8-optimized');
    await page.keyboard.press('Control+s');
    for (let i = 0; i < 50 && onDisk() === before; i++) await page.waitForTimeout(50);
    assert.notEqual(onDisk(), before);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+s');
    for (let i = 0; i < 50 && onDisk() !== before; i++) await page.waitForTimeout(50);
    assert.equal(onDisk(), before, 'one undo brings the file back');
  });

  it('opens the page of a rule from the link at its finding', async () => {
    const { page } = window;
    await page.mouse.move(900, 700);
    await page.keyboard.press('Control+Home');
    await hoverInLine(/^MAINTAINER/, 'MAINTAINER');
    const link = page.locator('.monaco-hover a', { hasText: 'maintainer-deprecated' }).first();
    await link.waitFor();
    await link.click();
    await page.locator('.tab', { hasText: 'maintainer-deprecated.md' }).first().waitFor();
    await page.waitForTimeout(1500);
    await window.screenshot('9-rule-page');
  });
});
