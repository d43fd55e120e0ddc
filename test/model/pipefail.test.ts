/** What is known of the shell that reads a RUN: whether it knows pipefail, and which one does. */
import { strict as assert } from 'node:assert';
import { buildModel } from '../../server/src/model/build';
import { pipeShell } from '../../server/src/model/pipefail';
import { parseDockerfile } from '../../server/src/syntax/parse';

/** Of the last RUN of a file. */
function lastShell(text: string) {
  const run = buildModel(parseDockerfile(text), 'buildkit').runs.at(-1);
  assert.ok(run);
  return pipeShell(run);
}

describe('the shell of a RUN', () => {
  const dash = { knowsPipefail: false, better: '/bin/bash' };
  const ash = { knowsPipefail: true, better: '/bin/ash' };
  const bash = { knowsPipefail: true, better: '/bin/bash' };
  const unknown = { knowsPipefail: null, better: null };

  for (const [base, expected] of [
    ['debian:12', dash],
    ['python:3.13-slim', dash],
    ['nvidia/cuda:12.4.1-runtime-ubuntu22.04', dash],
    ['mcr.microsoft.com/dotnet/sdk:8.0', dash],
    ['node:22-alpine', ash],
    ['alpine/git', ash],
    ['docker:27-cli', ash],
    ['rockylinux:9', bash],
    ['registry.access.redhat.com/ubi9/ubi-minimal', bash],
    ['example.com/team/base', unknown],
  ] as const)
    it(`is told by ${base}`, () => assert.deepEqual(lastShell(`FROM ${base}\nRUN a | b\n`), expected));

  it('is told by the package manager where the base does not tell', () => {
    const family = (call: string) => lastShell(`FROM example.com/base AS x\nRUN ${call}\nFROM x\nRUN a | b\n`);
    assert.deepEqual(family('apt-get update'), dash);
    assert.deepEqual(family('apk add curl'), ash);
    assert.deepEqual(family('dnf install -y curl'), bash);
    assert.deepEqual(family('if true; then apk add curl; fi'), unknown);
  });

  it('is the one that SHELL names', () => {
    const named = (shell: string) => lastShell(`FROM debian:12\nSHELL ${shell}\nRUN a | b\n`);
    assert.deepEqual(named('["/bin/bash", "-c"]'), bash);
    assert.deepEqual(named('["/bin/sh", "-ec"]'), dash);
    assert.deepEqual(named('["/bin/ash", "-c"]'), { knowsPipefail: true, better: null });
  });
});
