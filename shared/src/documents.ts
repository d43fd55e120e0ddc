/** Which documents Layerwise serves: Dockerfiles by language or by name, wherever their language comes from. */

/** One condition of a document selector; all that is given must hold. */
export interface DocumentFilter {
  readonly language?: string;
  readonly scheme: string;
  readonly pattern?: string;
}

const schemes = ['file', 'untitled', 'vscode-vfs', 'vscode-test-web'];
/** Globs match case-sensitively, so both spellings stand here. */
const patterns = [
  '**/{Dockerfile,dockerfile,Containerfile,containerfile}',
  '**/{Dockerfile,dockerfile,Containerfile,containerfile}.*',
  '**/*.{Dockerfile,dockerfile,Containerfile,containerfile}',
];

/** The selector the client serves. A name ending in `.dockerignore` matches too: the server leaves those alone. */
export const documentSelector: DocumentFilter[] = schemes.flatMap((scheme) => [
  { scheme, language: 'dockerfile' },
  ...patterns.map((pattern) => ({ scheme, pattern })),
]);

/** The path of a URI says that it is an ignore file (`Dockerfile.dockerignore`), whatever a pattern makes of its name. */
export const isIgnoreFile = (path: string): boolean => path.endsWith('.dockerignore');
