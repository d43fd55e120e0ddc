/** Values that Docker takes and values that it refuses, as it said when asked. */
import assert from 'node:assert/strict';
import { parsePlatform } from '../../server/src/model/platforms';
import { findMountProblem } from '../../server/src/rules/mount-problems';
import { checkOptionProblem, parseCheckOptions } from '../../server/src/syntax/check-options';
import { durationProblem, isFileMode, isSignal, isWholeNumber } from '../../server/src/syntax/option-values';

/** Asserts that a predicate holds for the first values and not for the second ones. */
function checkValues(isTaken: (text: string) => boolean, taken: readonly string[], refused: readonly string[]): void {
  for (const text of taken) assert.ok(isTaken(text), `${text} is taken`);
  for (const text of refused) assert.ok(!isTaken(text), `${text} is refused`);
}

describe('values of options', () => {
  it('durations', () =>
    checkValues(
      (text) => durationProblem(text) === null,
      ['1h', '1.5s', '.5s', '5.s', '+5s', '1h30m', '0', '-0', '0s', '1ms', '1µs999us', ''],
      ['5', '1d', '5S', '1e3s', '1m-5s', '5..5s', '.s', '+', 's', '1ns', '999us', '-5s', '1h5', '$X'],
    ));

  it('numbers of retries', () =>
    checkValues(isWholeNumber, ['3', '0', '+3', '-0'], ['3.0', '99999999999', '0x3', 'x', '']));

  it('signals', () =>
    checkValues(
      isSignal,
      ['SIGTERM', 'term', '9', '-1', '09', 'SIGRTMAX-14', 'RTMIN+15', 'CLD'],
      ['0', 'SIGEMT', 'RTMIN+16', 'sigunused', '1.5', 'SIG', ''],
    ));

  it('modes', () =>
    checkValues(
      isFileMode,
      ['755', '0755', '07777', 'u+x', '+', 'u=g', 'u+rwx-s', '+x+X', 'u=', '=', 'u=rwX,go=rX', 'ug+w,o=', 'u+go'],
      ['10000', '0o755', '8', 'a', 'x', 'u+x,', '755,u+x', 'u+q', 'U+x', 's+x', ''],
    ));

  it('platforms', () =>
    checkValues(
      (text) => parsePlatform(text) !== null,
      ['linux/amd64', 'linux', 'amd64', 'linux/x86_64', 'linux/arm/v7', 'Linux/AMD64', 'foo/bar', 'aarch64'],
      ['foo', 'foo/bar/baz/qux', 'linux/', '', 'linux/am d64', 'linux/*'],
    ));

  it('mounts', () =>
    checkValues(
      (text) => findMountProblem(text, '/') === null,
      [
        'type=CACHE,target=/x',
        'type=cache,dst=/x,ro',
        'TYPE=cache,target=/x',
        'type=ssh,required',
        'type=tmpfs,target=/x,size=10MiB',
        'type=cache,target=/x,mode=0755,uid=1',
        'type=cache,target=x,env=A',
        'type=cache,target="/x"',
        'type=cache,target=/x,sharing=LOCKED',
        'type=$T,target=/x,uid=1',
        'type=bind,target=/x,from=',
      ],
      [
        'type=foo,target=/x',
        'type=cache',
        'type=bind,from=alpine',
        'type=tmpfs',
        'type=cache,target=.',
        'type=cache,target=/',
        'type=bind,target=/x,uid=1',
        'type=cache,target=/x,uid=-1',
        'type=cache,target=/x,foo',
        'type=cache,target=/x,foo=1',
        'type=cache,target=/x,',
        'type=secret',
        'type=secret,id=x,source=y',
        'type=secret,from=x,id=y',
        'type=secret,id=x,sharing=shared',
        'required,type=secret,id=x',
        'type=cache,target=/x,size=1',
        'type=tmpfs,target=/x,size=1x',
        'type=cache,target=/x,mode=9',
        'type=cache,target=/x,rw=yes',
        'type=bind,target=/x,sharing=shared',
        'type=bind,from=$x,target=/y',
      ],
    ));

  it('a mount without a target lies where the step works', () => {
    assert.equal(findMountProblem('type=cache', '/app'), null);
    assert.equal(findMountProblem('type=cache', null), null);
  });

  it('options of # check=', () => {
    checkValues(
      (text) => checkOptionProblem(text) === null,
      [
        'skip=all',
        'skip=A,B;error=true',
        'error=T;experimental=all',
        'skip=A behind a blank',
        'skip=A;error=1;experimental=B;skip=C',
        '',
      ],
      ['skip', 'foo=bar', 'error=maybe', 'skip=all; error=true'],
    );
    const { skip, experimental, error } = parseCheckOptions('skip=A,B;experimental=C;error=1');
    assert.deepEqual(
      skip.map(({ name, start, end }) => [name, start, end]),
      [
        ['A', 5, 6],
        ['B', 7, 8],
      ],
    );
    assert.deepEqual([experimental[0]?.name, error], ['C', true]);
  });
});
