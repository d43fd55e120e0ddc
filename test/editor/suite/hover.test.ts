/** Hovers of every kind, as VS Code gets them. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { closeAll, eventually, openText } from './editing';

const text = `ARG VERSION=20
FROM node:\${VERSION}-alpine AS build
WORKDIR /src
COPY package.json .
RUN npm ci
COPY . .
RUN apk add --no-cache curl

FROM scratch
ENV HOME=/home/me
COPY --from=build /src /srv
CMD ["/srv/app", "$HOME"]
`;

/** The hover at the first character of a word, in a line. */
async function hoverAt(document: vscode.TextDocument, line: number, word: string): Promise<string> {
  const character = document.lineAt(line).text.indexOf(word);
  assert.ok(character >= 0, `${word} is not in line ${line + 1}`);
  const place = new vscode.Position(line, character + 1);
  return eventually(`a hover on ${word}`, async () => {
    const command = 'vscode.executeHoverProvider';
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(command, document.uri, place);
    const parts = hovers
      .flatMap(({ contents }) => contents)
      .map((part) => (typeof part === 'string' ? part : part.value));
    return parts.length > 0 ? parts.join('\n') : undefined;
  });
}

describe('editor: hover', function () {
  this.timeout(60_000);
  let document: vscode.TextDocument;

  before(async () => {
    document = (await openText(text)).document;
  });
  after(closeAll);

  it('on an instruction tells of its layer, its cache key and what an edit rebuilds', async () => {
    const run = await hoverAt(document, 4, 'RUN');
    assert.match(run, /layer/i);
    assert.match(run, /cache/i);
    assert.match(run, /rebuilds/i);
    assert.match(run, /https:\/\/docs\.docker\.com\/reference\/dockerfile/);
    assert.match(await hoverAt(document, 11, 'CMD'), /no layer/i);
    assert.match(await hoverAt(document, 5, 'COPY'), /layer/i);
  });

  it('on an image tells what is known of it', async () => {
    assert.match(await hoverAt(document, 1, 'node'), /node:20-alpine/);
  });

  it('on a stage name tells of the stage', async () => {
    assert.match(await hoverAt(document, 10, 'build'), /build/);
  });

  it('on a variable tells its value and where it comes from', async () => {
    assert.match(await hoverAt(document, 1, 'VERSION'), /20/);
  });

  it('on a package manager tells what the call does', async () => {
    assert.match(await hoverAt(document, 6, 'apk'), /apk/);
  });

  it('is not there on an empty line', async () => {
    const command = 'vscode.executeHoverProvider';
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      command,
      document.uri,
      new vscode.Position(7, 0),
    );
    assert.deepEqual(hovers, []);
  });
});
