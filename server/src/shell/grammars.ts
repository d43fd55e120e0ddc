/** Which program has which grammar. */
import type { Grammar } from './grammar';
import { gradle, maven, sbt } from './grammar-build';
import { bun, deno, npm, pnpm, yarn } from './grammar-javascript';
import { bundle, cargo, composer, dotnet, gem, go, mix, nuget } from './grammar-language';
import { conda, pdm, pip, pipenv, poetry, uv } from './grammar-python';
import { systemGrammars } from './grammar-system';

const byName: ReadonlyMap<string, Grammar> = new Map([
  ...systemGrammars,
  ['pip', pip],
  ['pipenv', pipenv],
  ['poetry', poetry],
  ['uv', uv],
  ['pdm', pdm],
  ['conda', conda],
  ['mamba', conda],
  ['micromamba', conda],
  ['npm', npm],
  ['yarn', yarn],
  ['yarnpkg', yarn],
  ['pnpm', pnpm],
  ['bun', bun],
  ['gem', gem],
  ['bundle', bundle],
  ['bundler', bundle],
  ['composer', composer],
  ['composer.phar', composer],
  ['go', go],
  ['cargo', cargo],
  ['mvn', maven],
  ['mvnw', maven],
  ['mvnd', maven],
  ['gradle', gradle],
  ['gradlew', gradle],
  ['sbt', sbt],
  ['sbtx', sbt],
  ['dotnet', dotnet],
  ['nuget', nuget],
  ['nuget.exe', nuget],
  ['mix', mix],
  ['deno', deno],
]);

/** The grammar of a program of this name (`pip3.11`, `gem2.7`, `composer2`); undefined for anything else. */
export function grammarOf(name: string): Grammar | undefined {
  const exact = byName.get(name);
  if (exact !== undefined) return exact;
  const versioned = /^(pip|gem|bundle|composer|go)-?\d[\d.]*$/.exec(name);
  return versioned?.[1] === undefined ? undefined : byName.get(versioned[1]);
}
