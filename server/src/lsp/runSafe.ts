/** A handler never brings the server down: what goes wrong is logged to the client, and the answer is the empty one. */
import { type CancellationToken, ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver';

/** How far the conversation is; requests outside its middle are answered with the errors that LSP names. */
export type Phase = 'waiting' | 'running' | 'shutDown';

export interface SafeOptions {
  phase(): Phase;
  log(message: string): void;
}

/**
 * Wraps the handler of a request. It may throw a ResponseError on purpose, which becomes the answer; any other error is
 * logged and `empty` is answered.
 */
export function runSafe<P, R>(
  { phase, log }: SafeOptions,
  method: string,
  empty: () => R,
  handler: (params: P, token: CancellationToken) => R | Promise<R>,
): (params: P, token?: CancellationToken) => Promise<R> {
  return async (sent, given) => {
    // A request without parameters arrives with its token alone.
    const [params, token] = given ? [sent, given] : [undefined as P, sent as CancellationToken];
    refuseOutsidePhase(phase());
    if (token.isCancellationRequested) throw cancelled();
    try {
      const result = await handler(params, token);
      if (token.isCancellationRequested) throw cancelled();
      return result;
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      log(`${method}: ${describe(error)}`);
      return empty();
    }
  };
}

/** The same for a notification, which has no answer. */
export function runQuietly<P>(
  { phase, log }: SafeOptions,
  method: string,
  handler: (params: P) => void | Promise<void>,
): (params: P) => Promise<void> {
  return async (params) => {
    if (phase() === 'shutDown') return;
    try {
      await handler(params);
    } catch (error) {
      log(`${method}: ${describe(error)}`);
    }
  };
}

export const cancelled = (): ResponseError<void> => new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');

/** The document is not what it was when the request was made. */
export const contentModified = (): ResponseError<void> =>
  new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed');

export const invalidParams = (what: string): ResponseError<void> => new ResponseError(ErrorCodes.InvalidParams, what);

function refuseOutsidePhase(phase: Phase): void {
  if (phase === 'waiting') throw new ResponseError(ErrorCodes.ServerNotInitialized, 'the server is not initialized');
  if (phase === 'shutDown') throw new ResponseError(ErrorCodes.InvalidRequest, 'the server is shut down');
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
