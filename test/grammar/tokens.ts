/** Colours text with the grammar, in the engine that VS Code uses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { type IGrammar, INITIAL, parseRawGrammar, Registry } from 'vscode-textmate';
import { root } from '../harness/paths';

/** A line and what the grammar makes of it. */
export interface ColouredLine {
  readonly text: string;
  /** Each token's text and its scopes beside `source.dockerfile`, without that ending. */
  readonly tokens: readonly (readonly [text: string, scopes: string])[];
  /** Whether an instruction goes on after this line. */
  readonly goesOn: boolean;
}

/** The grammar of the extension. */
export async function loadGrammar(): Promise<IGrammar> {
  await loadWASM(readFileSync(join(root, 'node_modules/vscode-oniguruma/release/onig.wasm')).buffer);
  const file = join(root, 'syntaxes/dockerfile.tmLanguage.json');
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    // The grammars of shell and Python, which bodies of heredocs are coloured by, come with VS Code: empty ones do here.
    loadGrammar: async (scope) =>
      parseRawGrammar(scope === 'source.dockerfile' ? readFileSync(file, 'utf8') : emptyGrammar(scope), file),
  });
  const grammar = await registry.loadGrammar('source.dockerfile');
  if (!grammar) throw new Error('the grammar could not be loaded');
  return grammar;
}

/** Colours a text line by line. */
export function colour(grammar: IGrammar, text: string): ColouredLine[] {
  let state = INITIAL;
  return text.split(/\r?\n/).map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return {
      text: line,
      tokens: tokens.map(({ startIndex, endIndex, scopes }) => [
        line.slice(startIndex, endIndex),
        scopes
          .slice(1)
          .map((scope) => scope.replace(/\.dockerfile$/, ''))
          .join(' '),
      ]),
      goesOn: ruleStack.depth > 1,
    };
  });
}

function emptyGrammar(scopeName: string): string {
  return JSON.stringify({ scopeName, patterns: [{ match: '(?!)' }] });
}
