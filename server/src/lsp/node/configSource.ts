/** Configuration files on this machine's disk, for the language server. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ConfigFile, EffectiveConfig } from '../../config/node/files';
import type { Settings } from '../../config/settings';
import type { ConfigSource, DocumentConfig, PlacedProblem } from '../configs';

const fileName = /\/\.(?:layerwise|hadolint)\.ya?ml$/;

export function createConfigSource(): ConfigSource {
  let opened = new Map<string, (dockerfile: string) => EffectiveConfig>();
  let answers = new WeakMap<EffectiveConfig, DocumentConfig>();

  const open = async (settings: Settings) => {
    const key = JSON.stringify([settings.builder, [...(settings.severities ?? [])], settings.ignore]);
    const known = opened.get(key);
    if (known) return known;
    // Loaded with the first document: answering `initialize` needs none of it.
    const [{ openConfigs }, { ruleNames }] = await Promise.all([
      import('../../config/node/files'),
      import('../../config/names'),
    ]);
    const made = opened.get(key) ?? openConfigs({ settings, names: ruleNames });
    opened.set(key, made);
    return made;
  };

  return {
    async configOf(uri, settings) {
      const path = pathOf(uri);
      if (path === null) return null;
      const configFor = await open(settings);
      const effective = configFor(path);
      const known = answers.get(effective);
      if (known) return known;
      const { config, file } = effective;
      const report = file && { uri: pathToFileURL(file.path).href, problems: await placeProblems(file) };
      const answer = { config, file: report };
      answers.set(effective, answer);
      return answer;
    },
    isConfigFile: (uri) => fileName.test(uri),
    forget() {
      opened = new Map();
      answers = new WeakMap();
    },
  };
}

/** The path of a file; null for what is none on this machine. */
function pathOf(uri: string): string | null {
  if (!uri.startsWith('file:')) return null;
  try {
    return fileURLToPath(uri);
  } catch {
    return null;
  }
}

/** Problems have a start; an editor underlines the word that stands there. */
async function placeProblems({ path, problems }: ConfigFile): Promise<PlacedProblem[]> {
  if (problems.length === 0) return [];
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  return problems.map((problem) => {
    const rest = (lines[problem.line] ?? '').slice(problem.character);
    const word = /^(?:"[^"]*"|'[^']*'|[^\s:,#[\]{}]+)/.exec(rest)?.[0] ?? rest.slice(0, 1);
    return { ...problem, endCharacter: problem.character + word.length };
  });
}
