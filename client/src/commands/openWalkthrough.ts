/** Layerwise: Get Started. The walkthrough, and the sample that it is about. */
import * as vscode from 'vscode';
import { commands } from '../../../shared/src/commands';

/** A service that rebuilds too much, with what each step of the walkthrough shows. */
const sample = `# A web service, written in a hurry: slow to rebuild, and too large.
FROM node:22

RUN apt-get update
RUN apt-get install -y imagemagick curl

WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build

ENV NODE_ENV=production
EXPOSE 3000
CMD npm start
`;

export function registerOpenWalkthrough(context: vscode.ExtensionContext): vscode.Disposable {
  const register = vscode.commands.registerCommand;
  return vscode.Disposable.from(
    register(commands.openWalkthrough, () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#start`, false),
    ),
    register(commands.openSample, async () => {
      const document = await vscode.workspace.openTextDocument({ language: 'dockerfile', content: sample });
      await vscode.window.showTextDocument(document, { preview: false });
    }),
  );
}
