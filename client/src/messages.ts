/** The texts of the display language, for those that cannot ask VS Code: the server and the pages. */
import * as vscode from 'vscode';

/** English text → translation; undefined where the language is English. */
export function translations(): Record<string, string> | undefined {
  // A bundle holds texts, or texts with comments for translators.
  const bundle: Readonly<Record<string, string | { message: string }>> | undefined = vscode.l10n.bundle;
  if (!bundle) return undefined;
  return Object.fromEntries(
    Object.entries(bundle).map(([key, value]) => [key, typeof value === 'string' ? value : value.message]),
  );
}
