/** What BuildKit refuses about the value of `RUN --mount`. */
import * as l10n from '@vscode/l10n';
import { mountFields } from '../syntax/expanded-texts';
import { isByteSize, isTruthValue } from '../syntax/option-values';
import { nearestName } from './nearest-name';

/** A problem with one part of the value: offsets into it, what to write instead where that can be guessed. */
export interface MountProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly meant?: string | undefined;
}

/**
 * Finds the first problem, at which BuildKit stops. `workdir`: where a relative target starts; null where it is not known.
 * A field with a variable in it is taken for what is needed there.
 */
export function findMountProblem(value: string, workdir: string | null): MountProblem | null {
  const mount: Mount = { type: 'bind', keys: new Map() };
  let hasVariable = false;
  for (const [field, start] of mountFields(value)) {
    const equals = field.indexOf('=');
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    const text = equals < 0 ? null : field.slice(equals + 1);
    if (text?.includes('$') && key !== 'from') {
      hasVariable = true;
      mount.keys.set(canonicalKey(key), text);
      continue;
    }
    const problem = checkField(mount, field, key, text);
    if (problem) {
      const at = start + (problem.isValue ? equals + 1 : 0);
      const length = problem.isValue ? field.length - equals - 1 : problem.isKey ? key.length : field.length;
      return { start: at, end: at + length, message: problem.message, meant: problem.meant };
    }
    mount.keys.set(canonicalKey(key), text ?? '');
  }
  // With a variable, the type or the target may be anything.
  const message = hasVariable ? null : checkWhole(mount, workdir);
  return message === null ? null : { start: 0, end: value.length, message };
}

interface Mount {
  type: string;
  /** By the first of several names for the same key. */
  readonly keys: Map<string, string>;
}

interface FieldProblem {
  readonly message: string;
  readonly isKey?: boolean;
  readonly isValue?: boolean;
  readonly meant?: string | undefined;
}

const types = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'];
const sharingModes = ['shared', 'private', 'locked'];
const sameKeys: Readonly<Record<string, string>> = {
  src: 'source',
  dst: 'target',
  destination: 'target',
  ro: 'readonly',
  rw: 'readwrite',
};
const keys =
  'type from source target readonly id sharing required size mode uid gid src dst destination ro rw readwrite env'.split(
    ' ',
  );

const canonicalKey = (key: string): string => (Object.hasOwn(sameKeys, key) ? (sameKeys[key] ?? key) : key);

function checkField(mount: Mount, field: string, key: string, value: string | null): FieldProblem | null {
  if (key === 'required' && mount.type !== 'secret' && mount.type !== 'ssh') return unexpectedKey(key, mount.type);
  if (value === null) {
    if (/^(?:readonly|ro|readwrite|rw|required)$/.test(key)) return null;
    return { message: l10n.t('`{0}` needs a value: `{0}=…`', field) };
  }
  switch (key) {
    case 'type':
      if (!types.includes(value.toLowerCase())) return unknownValue(key, value, types);
      mount.type = value.toLowerCase();
      return null;
    case 'from':
      if (!/\$./s.test(value)) return null;
      return { message: l10n.t('`from` takes no variable; name a stage that is built `FROM` it'), isValue: true };
    case 'readonly':
    case 'ro':
    case 'readwrite':
    case 'rw':
    case 'required':
      return isTruthValue(value) ? null : unknownValue(key, value, ['true', 'false']);
    case 'size':
      if (mount.type !== 'tmpfs') return unexpectedKey(key, mount.type);
      return isByteSize(value) ? null : wrongValue(key, value);
    case 'sharing':
      return sharingModes.includes(value.toLowerCase()) ? null : unknownValue(key, value, sharingModes);
    case 'mode':
      return /^[0-7]+$/.test(value) ? null : wrongValue(key, value);
    case 'uid':
    case 'gid':
      return /^\d+$/.test(value) ? null : wrongValue(key, value);
    default:
      if (keys.includes(key)) return null;
      return {
        message: l10n.t('A mount has no option `{0}`', key),
        isKey: true,
        meant: nearestName(key, keys),
      };
  }
}

const unexpectedKey = (key: string, type: string): FieldProblem => ({
  message: l10n.t('A mount of type {0} has no option `{1}`, or the type has to stand in front of it', type, key),
});

const wrongValue = (key: string, value: string): FieldProblem => ({
  message: l10n.t('`{0}` is no value for `{1}`', value, key),
  isValue: true,
});

const unknownValue = (key: string, value: string, values: readonly string[]): FieldProblem => ({
  message: l10n.t('`{0}` is no value for `{1}`, which takes {2}', value, key, values.join(', ')),
  isValue: true,
  meant: nearestName(value, values),
});

function checkWhole({ type, keys: given }: Mount, workdir: string | null): string | null {
  const owned = ['mode', 'uid', 'gid'].find((key) => given.has(key));
  if (owned && (type === 'bind' || type === 'tmpfs'))
    return l10n.t('A mount of type {0} has no option `{1}`', type, owned);
  if (given.has('sharing') && type !== 'cache')
    return l10n.t('A mount of type {0} has no option `{1}`', type, 'sharing');
  const source = given.get('source') ?? '';
  const target = given.get('target') ?? '';
  const id = given.get('id') ?? '';
  if (type === 'secret') {
    if (given.get('from')) return l10n.t('A mount of type {0} has no option `{1}`', type, 'from');
    if (source === '' && target === '' && id === '') return l10n.t('A secret needs an `id`');
    if (source !== '' && id !== '') return l10n.t('A secret has either `id` or `source`');
    return null;
  }
  if (type === 'ssh') return null;
  const isRoot = target === '/' || (/^\.?\/?$/.test(target) && !target.startsWith('/') && workdir === '/');
  return isRoot ? l10n.t('A mount of type {0} needs a `target` other than `/`', type) : null;
}
