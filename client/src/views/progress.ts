/** Progress for work that is nearly always over before anybody could read of it. */
import * as vscode from 'vscode';

/** Milliseconds of work before a notification with a Cancel button appears. */
const patience = 600;

/** Runs the work; undefined when the user cancelled it. */
export async function withLateProgress<T>(
  title: string,
  work: (token: vscode.CancellationToken) => Promise<T>,
): Promise<T | undefined> {
  const source = new vscode.CancellationTokenSource();
  const result = work(source.token);
  const isOver = await Promise.race([
    result.then(
      () => true,
      () => true,
    ),
    new Promise<false>((resolve) => {
      setTimeout(() => resolve(false), patience);
    }),
  ]);
  try {
    if (isOver) return await result;
    return await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (_, token) => {
        token.onCancellationRequested(() => source.cancel());
        return result;
      },
    );
  } catch (error) {
    if (source.token.isCancellationRequested) return undefined;
    throw error;
  } finally {
    source.dispose();
  }
}
