/** `layerwise`: starts what is asked for. The command and the server are bundles of their own beside this one. */
import { join } from 'node:path';

// An editor waits for its server: started as editors do it, nothing of the command is loaded.
if (process.argv.slice(2).join(' ') === 'lsp --stdio') require(join(__dirname, 'server.js'));
else void (require(join(__dirname, 'command.js')) as typeof import('./command')).main();
