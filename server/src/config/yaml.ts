/** A YAML text as values that know where they stand and say what is wrong with them. The only file that imports `yaml`. */
import * as l10n from '@vscode/l10n';
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { ConfigProblem } from './settings';

/** A value in a configuration file. Reading it as something that it is not lists a problem and yields nothing. */
export interface YamlValue {
  /** A scalar's text; '' for anything else. */
  readonly text: string;
  isMap(): boolean;
  /** The pairs of a mapping; none, and a problem, where it is no mapping. An empty value is an empty mapping. */
  entries(): readonly (readonly [key: YamlValue, value: YamlValue])[];
  /** The items of a list, or the one scalar that stands for a list of one. */
  items(): readonly YamlValue[];
  /** The texts of a list of scalars; null where an item is something else. */
  strings(): readonly string[] | null;
  boolean(): boolean | null;
  oneOf<Choice extends string>(choices: readonly Choice[]): Choice | null;
  error(message: string): void;
  warn(message: string): void;
}

/** Parses a text. `value` is null where there is nothing in it, or nothing that can be read; problems are added as values are read. */
export function openYaml(text: string): { value: YamlValue | null; problems: ConfigProblem[] } {
  const lineCounter = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter, prettyErrors: false, merge: true });
  const problems: ConfigProblem[] = [];
  const report = (severity: ConfigProblem['severity'], message: string, offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    problems.push({ line: Math.max(0, line - 1), character: Math.max(0, col - 1), severity, message });
  };
  for (const error of document.errors) report('error', l10n.t('not valid YAML: {0}', error.message), error.pos[0]);
  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);

  /** The pairs of a mapping, with those that `<<` brings from others and that it does not have itself. */
  const pairsOf = (map: YAMLMap, depth = 0): readonly Pair[] => {
    const isMerge = ({ key }: Pair) => isScalar(key) && key.source === '<<';
    const own = map.items.filter((pair) => !isMerge(pair));
    const merged = map.items.filter(isMerge).flatMap(({ value }) => {
      const node = resolve(value);
      const maps = isSeq(node) ? node.items.map(resolve) : [node];
      // An anchor may stand for the mapping that it is merged into.
      return depth > 20 ? [] : maps.flatMap((from) => (isMap(from) ? pairsOf(from, depth + 1) : []));
    });
    const has = new Set(own.map(({ key }) => String(key)));
    return [...own, ...merged.filter(({ key }) => !has.has(String(key)) && has.add(String(key)))];
  };

  const wrap = (given: unknown, fallbackOffset: number): YamlValue => {
    const node = resolve(given);
    const offset = (given as Node | null)?.range?.[0] ?? fallbackOffset;
    const error = (message: string) => report('error', message, offset);
    const isNothing = node === null || node === undefined || (isScalar(node) && node.value === null);
    const scalar = isScalar(node) && node.value !== null ? String(node.source ?? node.value) : '';
    return {
      text: scalar,
      isMap: () => isMap(node),
      entries() {
        if (isNothing) return [];
        if (!isMap(node)) {
          error(l10n.t('a mapping is expected here'));
          return [];
        }
        return pairsOf(node).map((pair) => {
          const key = wrap(pair.key, offset);
          return [key, wrap(pair.value, (pair.key as Node | null)?.range?.[0] ?? offset)] as const;
        });
      },
      items() {
        if (isNothing) return [];
        if (isSeq(node)) return node.items.map((item) => wrap(item, offset));
        if (isScalar(node)) return [wrap(given, offset)];
        error(l10n.t('a list is expected here'));
        return [];
      },
      strings() {
        const items = this.items();
        const wrong = items.find((item) => item.text === '');
        wrong?.error(l10n.t('a list of texts is expected here'));
        return wrong || (items.length === 0 && !isNothing && !isSeq(node)) ? null : items.map((item) => item.text);
      },
      boolean() {
        if (isScalar(node) && typeof node.value === 'boolean') return node.value;
        error(l10n.t('expected `true` or `false`'));
        return null;
      },
      oneOf(choices) {
        const choice = choices.find((one) => one === scalar);
        if (choice !== undefined) return choice;
        error(l10n.t('expected one of {0}', choices.map((one) => `\`${one}\``).join(', ')));
        return null;
      },
      error,
      warn: (message) => report('warning', message, offset),
    };
  };

  const isReadable = document.contents !== null && document.errors.length === 0;
  return { value: isReadable ? wrap(document.contents, 0) : null, problems };
}
