/** The packed extension where the display language is Korean. */
import { strict as assert } from 'node:assert';
import { type EditorWindow, openWindow } from '../harness/window';

describe('window in Korean', function () {
  this.timeout(60_000);
  let window: EditorWindow;

  before(async function () {
    this.timeout(120_000);
    window = await openWindow({ file: 'node/Dockerfile', language: 'ko' });
  });
  after(() => window?.close());

  it('speaks Korean in the status bar, in quick fixes and in Optimize', async () => {
    const { page } = window;
    await page.locator('.statusbar-item', { hasText: '레이어 6개' }).waitFor();
    await page
      .locator('.view-line span', { hasText: /^MAINTAINER$/ })
      .first()
      .click();
    const menu = page.locator('.action-widget').first();
    for (let attempt = 0; attempt < 5; attempt++) {
      await page.keyboard.press('Control+.');
      const isShown = await menu.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
      if (isShown) break;
    }
    assert.match(await menu.innerText(), /여기서\s+maintainer-deprecated\s+무시/);
    await window.screenshot('10-korean-quick-fixes');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.locator('.editor-actions .action-label.codicon-layers').first().click();
    await page.locator('.notifications-toasts .monaco-button', { hasText: '적용' }).first().waitFor();
    await page.waitForTimeout(800);
    await window.screenshot('10-korean-optimize');
    await page.locator('.notifications-toasts .monaco-button', { hasText: '취소' }).first().click();
  });
});
