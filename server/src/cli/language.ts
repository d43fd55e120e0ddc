/** The language of the command's words: that of the environment, where there is a translation, else English. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';

/** Loads the translation for the environment's language, if the package has it. `folder` is where the bundles are. */
export function loadLanguage(env: Readonly<Record<string, string | undefined>>, folder: string): void {
  const language = languageOf(env);
  if (language === null || language === 'en') return;
  try {
    l10n.config({ contents: readFileSync(join(folder, `bundle.l10n.${language}.json`), 'utf8') });
  } catch {
    // No translation, or a broken one: English is always there.
  }
}

/** The language of `LC_ALL`, `LC_MESSAGES` or `LANG`, whichever is set first: `ko` for `ko_KR.UTF-8`. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): string | null {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^([a-z]{2,3})(?:[_.@]|$)/.exec(locale)?.[1] ?? null;
}
