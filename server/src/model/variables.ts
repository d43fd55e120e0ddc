/** ENV and ARG as BuildKit scopes them: a stage sees its own, those of its parent stages, and nothing of other stages. */
import { expandWord } from '../syntax/expand';
import type { Instruction } from '../syntax/tree';

export interface Variable {
  readonly name: string;
  /** The value after expansion; null where it is not known (an ARG without default, an unknown base's ENV in it). */
  readonly value: string | null;
  readonly kind: 'env' | 'arg' | 'predefined';
  /** Where it was defined; null for predefined ones. */
  readonly definedBy: Instruction | null;
}

export interface Scope {
  get(name: string): Variable | undefined;
  /** All visible ones, each name once, the latest definition. */
  all(): Iterable<Variable>;
}

/** Platform ARGs that BuildKit defines above the first FROM; a stage sees one only after an ARG of that name. */
export const platformArgs: ReadonlySet<string> = new Set([
  'BUILDPLATFORM',
  'BUILDOS',
  'BUILDOSVERSION',
  'BUILDARCH',
  'BUILDVARIANT',
  'TARGETPLATFORM',
  'TARGETOS',
  'TARGETOSVERSION',
  'TARGETARCH',
  'TARGETVARIANT',
  'TARGETSTAGE',
]);

/** ARGs that a RUN sees without a declaration when they are passed to the build. */
export const proxyArgs: ReadonlySet<string> = new Set(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
);

/** A scope with nothing in it. */
export const emptyScope: Scope = {
  get: () => undefined,
  all: () => [],
};

/** The scope above the first FROM before any ARG: the platform ARGs, values unknown. */
export const predefinedScope: Scope = extendScope(
  emptyScope,
  [...platformArgs].map((name) => ({ name, value: null, kind: 'predefined', definedBy: null })),
);

/** A scope with more definitions; of two with one name the later one holds. Scopes are shared, never changed. */
export function extendScope(outer: Scope, definitions: readonly Variable[]): Scope {
  const [first] = definitions;
  if (!first) return outer;
  if (definitions.length === 1) return withOne(outer, first);
  const own = new Map(definitions.map((variable) => [variable.name, variable]));
  return {
    get: (name) => own.get(name) ?? outer.get(name),
    *all() {
      yield* own.values();
      for (const variable of outer.all()) if (!own.has(variable.name)) yield variable;
    },
  };
}

/** Most instructions define one variable; files have many of these. */
function withOne(outer: Scope, own: Variable): Scope {
  return {
    get: (name) => (name === own.name ? own : outer.get(name)),
    *all() {
      yield own;
      for (const variable of outer.all()) if (variable.name !== own.name) yield variable;
    },
  };
}

/**
 * Expands a word by BuildKit's rules; null where a variable is not known, or the word is malformed. `isClosed`: nothing
 * but the scope can define a variable, as above the first FROM, so one that is not in it is unset.
 */
export function expandIn(text: string, scope: Scope, escapeCharacter: '\\' | '`', isClosed = false): string | null {
  if (!/[$'"\\`]/.test(text)) return text;
  let unknown = false;
  const result = expandWord(
    text,
    (name) => {
      const variable = scope.get(name);
      if (variable ? variable.value === null : !isClosed) unknown = true;
      return variable?.value ?? undefined;
    },
    escapeCharacter,
  );
  return unknown ? null : (result.value ?? null);
}

/** What an ENV defines. Every value is expanded with what holds before the instruction. */
export function envDefinitions(instruction: Instruction, before: Scope): Variable[] {
  const { pairs, escape: escapeCharacter } = instruction.body;
  return pairs.map((pair) => ({
    name: pair.name,
    value: expandIn(pair.value ?? '', before, escapeCharacter),
    kind: 'env',
    definedBy: instruction,
  }));
}

/** What an ARG defines. Later ones of one instruction see earlier ones; one without default takes the global ARG's value. */
export function argDefinitions(instruction: Instruction, before: Scope, globals: Scope | null): Variable[] {
  const definitions: Variable[] = [];
  let scope = before;
  for (const pair of instruction.body.pairs) {
    const value =
      pair.value === null
        ? (globals?.get(pair.name)?.value ?? null)
        : expandIn(pair.value, scope, instruction.body.escape);
    const variable: Variable = { name: pair.name, value, kind: 'arg', definedBy: instruction };
    definitions.push(variable);
    if (definitions.length < instruction.body.pairs.length) scope = extendScope(scope, [variable]);
  }
  return definitions;
}
