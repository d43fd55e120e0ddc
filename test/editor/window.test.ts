/** The packed extension, installed, at work in a window: seen from outside, and photographed. */
import { type EditorWindow, openWindow } from '../harness/window';

describe('window with the packed extension', () => {
  let window: EditorWindow;

  before(async function () {
    this.timeout(120_000);
    window = await openWindow({ file: 'node/Dockerfile' });
  });

  after(async function () {
    this.timeout(30_000);
    await window?.close();
  });

  it('underlines what it finds', async function () {
    this.timeout(60_000);
    await window.page
      .waitForSelector('.monaco-editor .squiggly-warning', { timeout: 30_000 })
      .finally(() => window.screenshot('window-squiggles'));
  });
});
