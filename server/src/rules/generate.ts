/**
 * Makes from the rules what repeats them: the registry, the docs pages, the README's table, the settings in package.json and
 * the schema of the configuration file.
 * `npm run generate` writes them, `npm run generate -- --check` fails when one is stale.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleMarkdown } from '../analysis/explain';
import { configSchema } from '../config/schema';
import { rules } from './registry.generated';
import type { Rule } from './rule';

const root = process.cwd();
const rulesFolder = 'server/src/rules';
const categories = ['syntax', 'correctness', 'cache', 'size', 'security', 'reproducibility', 'style'];
const isCheck = process.argv.includes('--check');

/** One generated file: its path and what it must hold. */
interface Output {
  readonly path: string;
  readonly content: string;
}

function main(): void {
  const registry = registrySource();
  if (readText(registry.path) !== registry.content) {
    if (isCheck) fail([registry.path]);
    writeFileSync(join(root, registry.path), registry.content);
    // The rules bundled into this process are the old ones: start again with the new registry.
    execFileSync(process.execPath, ['build.mjs', '--generate'], { cwd: root, stdio: 'inherit' });
    return;
  }
  const outputs = [...docsPages(), ...readmeTable(), packageSettings(), schemaOfConfiguration()];
  const stale = outputs.filter((output) => readText(output.path) !== output.content);
  const orphans = docsFiles().filter((file) => !outputs.some((output) => output.path === file));
  if (isCheck) {
    if (stale.length + orphans.length > 0) fail([...stale.map((output) => output.path), ...orphans]);
    console.log(`${rules.length} rules; everything generated is in sync`);
    return;
  }
  mkdirSync(join(root, 'docs/rules'), { recursive: true });
  for (const output of stale) writeFileSync(join(root, output.path), output.content);
  for (const file of orphans) rmSync(join(root, file));
  console.log(`${rules.length} rules; ${stale.length + orphans.length} files changed`);
}

function fail(paths: readonly string[]): never {
  console.error(`stale, run \`npm run generate\`: ${paths.join(', ')}`);
  process.exit(1);
}

function readText(path: string): string | null {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** The registry lists the files that are there, so that a new rule needs no second edit. */
function registrySource(): Output {
  const files = categories.flatMap((category) => {
    const folder = join(root, rulesFolder, category);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && /defineRule\(/.test(readFileSync(join(folder, file), 'utf8')))
      .sort()
      .map((file) => ({ category, id: file.slice(0, -3) }));
  });
  const name = (id: string) => id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const content = [
    '// Made by `npm run generate`. Do not edit.',
    ...files.map(({ category, id }) => `import ${name(id)} from './${category}/${id}';`),
    "import type { Rule } from './rule';",
    '',
    '/** Every rule, by category and name. */',
    'export const rules: readonly Rule[] = [',
    ...files.map(({ id }) => `  ${name(id)},`),
    '];',
    '',
  ].join('\n');
  return { path: `${rulesFolder}/registry.generated.ts`, content };
}

function docsFiles(): string[] {
  const folder = join(root, 'docs/rules');
  return existsSync(folder) ? readdirSync(folder).map((file) => `docs/rules/${file}`) : [];
}

function docsPages(): Output[] {
  const index = ['# Rules', ...categories.map(categoryIndex)].join('\n\n');
  return [
    ...rules.map((rule) => ({ path: `docs/rules/${rule.id}.md`, content: ruleMarkdown(rule) })),
    { path: 'docs/rules/README.md', content: `${index}\n` },
  ];
}

function categoryIndex(category: string): string {
  const own = rules.filter((rule) => rule.category === category);
  return `## ${category}\n\n${own.map((rule) => `- [${rule.id}](${rule.id}.md): ${firstSentence(rule.docs.what)}`).join('\n')}`;
}

function readmeTable(): Output[] {
  const text = readText('README.md');
  if (text === null) return [];
  const table = [
    '| rule | severity | fix | what it finds |',
    '| --- | --- | --- | --- |',
    ...rules.map(
      (rule) =>
        `| [${rule.id}](docs/rules/${rule.id}.md) | ${rule.severity} | ${rule.fix === 'none' ? '–' : rule.fix} | ${escapeCell(firstSentence(rule.docs.what))} |`,
    ),
  ].join('\n');
  const content = text.replace(
    /(<!-- rules:start -->)[\s\S]*?(<!-- rules:end -->)/,
    (_, start: string, end: string) => `${start}\n${table}\n${end}`,
  );
  return [{ path: 'README.md', content }];
}

function packageSettings(): Output {
  const path = 'package.json';
  const manifest = JSON.parse(readText(path) ?? '{}') as {
    contributes?: { configuration?: { properties?: Record<string, Record<string, unknown>> } };
  };
  const setting = manifest.contributes?.configuration?.properties?.['layerwise.rules'];
  if (setting) setting.properties = Object.fromEntries(rules.map((rule) => [rule.id, ruleSetting(rule)]));
  return { path, content: `${JSON.stringify(manifest, null, 2)}\n` };
}

/** The JSON schema of `.layerwise.yaml`, which package.json contributes for editors that check YAML. */
const schemaOfConfiguration = (): Output => ({
  path: 'syntaxes/layerwise.schema.json',
  content: `${JSON.stringify(configSchema(rules), null, 2)}\n`,
});

function ruleSetting(rule: Rule): unknown {
  return {
    type: 'string',
    enum: ['off', 'hint', 'info', 'warning', 'error'],
    default: rule.severity,
    markdownDescription: firstSentence(rule.docs.what),
  };
}

/** Up to the first full stop or colon that stands neither in code nor in parentheses. */
function firstSentence(text: string): string {
  const first = /^(?:`[^`]*`|\((?:`[^`]*`|[^`()])*\)|[^`(])*?[.:](?=\s|$)/.exec(text)?.[0];
  return (first ?? text).replace(/\s+/g, ' ').replace(/:$/, '.');
}

const escapeCell = (text: string): string => text.replace(/\|/g, '\\|');

main();
