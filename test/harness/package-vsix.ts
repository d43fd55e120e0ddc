/** `npm run package`: writes layerwise-VERSION.vsix, or the file named on the command line, and refuses a fat one. */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { root } from './paths';
import { runProcess } from './processes';

/** The package may have this many bytes: 2 MB. */
const mostBytes = 2_000_000;

async function packageVsix(file: string): Promise<void> {
  const status = await runProcess(process.execPath, [join(root, 'build.mjs'), '--production']);
  if (status !== 0) throw new Error('the bundles could not be built');
  mkdirSync(dirname(file), { recursive: true });
  // Everything needed is in the bundles: no node_modules, and nothing else than .vscodeignore lets through.
  await createVSIX({
    cwd: root,
    packagePath: file,
    dependencies: false,
    rewriteRelativeLinks: false,
    allowMissingRepository: true,
    // The rules about secrets have examples, made up, that look like tokens.
    allowPackageSecrets: ['npm'],
  });
  const bytes = statSync(file).size;
  console.log(`${relative(root, file)}: ${(bytes / 1e6).toFixed(2)} MB`);
  if (bytes > mostBytes) throw new Error(`more than ${mostBytes / 1e6} MB`);
}

function usualFile(): string {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  return join(root, `${name}-${version}.vsix`);
}

packageVsix(process.argv[2] ? resolve(process.argv[2]) : usualFile()).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
