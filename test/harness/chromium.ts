/** The browser that the suites show VS Code in. None is ever downloaded: it is what the machine has, or Debian's. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { isRootOnDebian } from './platform';

const debianPackages = ['chromium', 'fonts-liberation', 'fonts-noto-cjk'];

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Keeps Chromium from asking its maker's hosts for anything; --no-sandbox is what root needs. */
const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path of a Chromium: the one that CHROMIUM names, one on PATH, or one in the usual place. */
export function findChromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const onPath = names.flatMap((name) => findOnPath(name) ?? []);
  return onPath[0] ?? places.find((place) => existsSync(place));
}

/** The path of a program on PATH. */
export function findOnPath(name: string): string | undefined {
  const endings = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
    .find((path) => existsSync(path));
}

/** Where Debian runs us as root and Chromium is missing, installs it; elsewhere says what to install. */
export function ensureChromium(): string | undefined {
  const found = findChromium();
  if (found) return found;
  if (isRootOnDebian()) {
    installDebianPackages();
    return findChromium();
  }
  console.error('!!! No Chromium: install Chromium or Google Chrome, or set CHROMIUM to the path of one !!!');
  return undefined;
}

/** Starts a headless browser. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: chromiumArgs });
}

function installDebianPackages(): void {
  console.error(`Installing ${debianPackages.join(', ')} from Debian…`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const get = (...args: string[]) => execFileSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 2, 2] });
  const install = () => get('install', '-y', '--no-install-recommends', ...debianPackages);
  try {
    get('update');
    install();
  } catch (error) {
    console.error(`!!! Chromium could not be installed: ${error} !!!`);
  }
}
