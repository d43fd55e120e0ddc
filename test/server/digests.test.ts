/** The action that pins an image: in trusted workspaces, asking only when it is chosen. */
import { strict as assert } from 'node:assert';
import { digestOf, startRegistry } from '../harness/registry';
import { at, editsOf, startSession } from './session';

const manifest = '{"schemaVersion": 2}';
const settings = { value: { rules: { 'image-without-digest': 'warning' } } };
const isPin = ({ title }: { title: string }) => title.startsWith('Pin `');

describe('server: digests', () => {
  it('are asked for when the action is chosen, and written', async () => {
    const registry = await startRegistry({ manifests: { 'team/app:1': manifest }, needsToken: true });
    const session = await startSession({ settings, initializationOptions: { trusted: true } });
    const uri = session.uri('Dockerfile');
    session.open(uri, `FROM ${registry.host}/team/app:1 AS base\nFROM ${registry.host}/team/none:1\n`);
    assert.equal((await session.pull(uri)).items.filter(({ code }) => code === 'image-without-digest').length, 2);
    const action = (await session.actions(uri, at(0, 8))).find(isPin);
    assert.ok(action);
    assert.deepEqual(registry.requests, [], 'nothing is asked before');
    const [edit, ...more] = editsOf(await session.resolve(action), uri);
    assert.deepEqual(more, []);
    assert.equal(edit?.newText, `@${digestOf(manifest)}`);
    assert.equal(edit?.range.start.character, `FROM ${registry.host}/team/app:1`.length);
    const unknown = (await session.actions(uri, at(1, 8))).find(isPin);
    assert.ok(unknown);
    const from = session.client.received.length;
    assert.deepEqual(editsOf(await session.resolve(unknown), uri), []);
    const told = await session.client.waitFor(({ method }) => method === 'window/showMessage', from);
    assert.match(JSON.stringify(told.params), /could not be had/);
    await session.end();
    await registry.close();
  });

  it('are never asked for where the workspace is not trusted', async () => {
    const session = await startSession({ settings });
    const uri = session.uri('Dockerfile');
    session.open(uri, 'FROM 127.0.0.1:9/team/app:1\n');
    await session.pull(uri);
    assert.deepEqual((await session.actions(uri, at(0, 8))).filter(isPin), []);
    session.client.notify('layerwise/trusted', {});
    assert.equal((await session.actions(uri, at(0, 8))).filter(isPin).length, 1);
    await session.end();
  });
});
