/** How often what a COPY takes in changes: by its kind, where no history of the files is known. */
import { isManifest } from '../context/manifests';
import type { CopyPath, CopyStep, Stage } from './model';
import { normalizePath } from './paths';

/** `rare`: libraries, manifests, configuration; `often`: the application's own code and what is built from it. */
export type Volatility = 'rare' | 'usual' | 'often';

const order: readonly Volatility[] = ['rare', 'usual', 'often'];

/** The most volatile of what a COPY takes. */
export function volatilityOf(copy: CopyStep): Volatility {
  if (copy.body.heredocs.length > 0 && copy.sources.length === 0) return 'rare';
  // What another stage makes changes with it; a published image does not.
  if (copy.fromText !== null) return copy.fromStage && takesSource(copy.fromStage) ? 'often' : 'rare';
  const kinds = copy.sources.map(volatilityOfSource);
  return order[Math.max(0, ...kinds.map((kind) => order.indexOf(kind)))] ?? 'usual';
}

/** Whether a stage brings in anything that changes often by itself; what it only fetches is as stable as its text. */
function takesSource(stage: Stage): boolean {
  return stage.steps.some((step) => {
    if (step.keyword !== 'COPY' && step.keyword !== 'ADD') return false;
    const copy = step as CopyStep;
    return copy.fromText === null ? volatilityOf(copy) === 'often' : copy.fromStage !== null;
  });
}

const oftenFolders =
  /^(?:src|app|apps|source|sources|code|web|www|html|public|client|server|frontend|backend|api|cmd|internal|packages|dist|build|target|out|output|release|publish)$/;
const rareFolders =
  /^(?:libs?|vendor|vendors|third[-_]?party|deps|dependencies|fonts?|certs?|certificates|ssl|keys|conf|config|configs|configuration|etc|rootfs|nginx|apache2?|supervisor|patches|licenses?|locales?|templates)$/;
const oftenEndings =
  /\.(?:py|m?[jt]sx?|cjs|go|rb|php|java|kt|scala|rs|c|cc|cpp|h|cs|ex|exs|jar|war|ear|html|css|vue|svelte)$/i;
const rareEndings =
  /\.(?:conf|cfg|cnf|ini|toml|ya?ml|json|xml|properties|env|repo|list|sources|gpg|asc|crt|pem|cer|service|ttf|otf|woff2?|deb|rpm|apk|whl|patch|diff|lock|txt)$/i;

function volatilityOfSource({ value }: CopyPath): Volatility {
  if (value === null) return 'usual';
  if (/^[a-z]+:\/\//i.test(value)) return 'rare';
  return volatilityOfPath(normalizePath(`/${value}`).slice(1));
}

/** How often a path of the context (relative, '/'-separated; '' for all of it) changes, by its kind. */
export function volatilityOfPath(path: string): Volatility {
  if (path === '' || path === '*') return 'often';
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (isManifest(path) || /^(?:package\*\.json|requirements.*|Gemfile.*|go\.\*|yarn\.lock.*)$/.test(name))
    return 'rare';
  if (rareEndings.test(name)) return 'rare';
  if (oftenEndings.test(name)) return 'often';
  const parts = path.split('/');
  if (parts.some((part) => rareFolders.test(part.toLowerCase()))) return 'rare';
  return oftenFolders.test((parts.at(-1) ?? '').toLowerCase()) ? 'often' : 'usual';
}
