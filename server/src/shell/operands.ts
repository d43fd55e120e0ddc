/** Operands of package managers: a name, a version, or a file. */
import type { OperandStyle } from './grammar';
import type { PackageOperand } from './packages';
import type { ShellWord } from './script';

/** Splits an operand as its manager does. `version` comes from an option (`gem install x -v 1`) where there is one. */
export function makeOperand(word: ShellWord, style: OperandStyle, version: string | null): PackageOperand {
  const text = word.unquoted;
  const isFile = looksLikeFile(text, style);
  if (isFile) return { word, name: word.value, version: null, isFile };
  const split = splitOperand(text, style);
  const name = word.kind === 'literal' || isLiteral(split.name) ? split.name : null;
  return { word, name: name === '' ? null : name, version: split.version ?? version, isFile };
}

/** Whether a part of a word holds nothing that the shell replaces; `[` is one in `uvicorn[standard]`, but no file has that name. */
function isLiteral(part: string): boolean {
  return !/[$`*?{~]/.test(part);
}

const archive =
  /\.(whl|zip|deb|rpm|apk|gem|jar|tgz|tbz2?|txz|egg|phar|nupkg|crate|ez|tar(\.(gz|bz2|xz|zst))?|gz|xz|zst)$/i;

function looksLikeFile(text: string, style: OperandStyle): boolean {
  if (/^(\.{0,2}\/|~\/|\.{1,2}(\[[^\]]*\])?$|file:)/.test(text)) return true;
  if (/^([a-z][a-z+.-]*:\/\/|git@|git\+|github:|gitlab:|bitbucket:)/i.test(text)) return true;
  if (style === 'at' && /^[\w.-]+\/[\w.-]+(#.*)?$/.test(text) && !/^[\w-]+\.[\w.-]+\//.test(text)) return true;
  if (style === 'python' && /\s@\s/.test(text)) return false;
  return archive.test(text.replace(/\[[^\]]*\]$/, '').replace(/[#?].*$/, ''));
}

interface Split {
  readonly name: string;
  readonly version: string | null;
}

function splitOperand(text: string, style: OperandStyle): Split {
  switch (style) {
    case 'apt':
      return splitApt(text);
    case 'apk':
      // A tag behind `@` picks a repository, not a version.
      return splitAt(text.replace(/@[\w.-]+$/, ''), /(~=|>=|<=|[=~<>])/);
    case 'rpm':
      return splitRpm(text);
    case 'compare':
      return splitAt(text, /(>=|<=|==|[=<>])/);
    case 'python':
      return splitPython(text);
    case 'conda':
      return splitAt(text.replace(/^[\w./-]+::/, ''), /(>=|<=|==|!=|~=|[=<>])/);
    case 'at':
    case 'module':
      return splitScoped(text);
    case 'colon':
      return splitAt(text, /[:=]/);
    case 'plain':
      return { name: text, version: null };
  }
}

/** Splits at the first separator; nothing before it means that there is none. */
function splitAt(text: string, separator: RegExp): Split {
  const found = separator.exec(text);
  if (found === null || found.index === 0) return { name: text, version: null };
  return { name: text.slice(0, found.index), version: text.slice(found.index + found[0].length) };
}

/** `name:arch=version`, `name/suite`, `name-` (remove), `name+` (install). A suite is no version. */
function splitApt(text: string): Split {
  const { name, version } = splitAt(text, /[=/]/);
  return { name: name.replace(/:[a-z0-9-]+$/, ''), version: text.charAt(name.length) === '=' ? version : null };
}

/**
 * `name-version[-release][.arch]`: a dash separates them and may be part of the name too (`java-11-openjdk`), so the
 * version is only believed where it has a dot, a blank expansion or a pattern in it.
 */
function splitRpm(written: string): Split {
  const text = written.replace(/\.(noarch|x86_64|i[3-6]86|aarch64|ppc64le|s390x|armv7hl)$/, '');
  if (text.startsWith('@')) return { name: text, version: null };
  const found = /^(.+?)-(\d+[.:*][\w.:+~^*]*(?:-[\w.+~^*]+)?|\$\{?\w+\}?[\w.$:{}+~*-]*)$/.exec(text);
  if (found?.[1] === undefined || found[2] === undefined) return splitAt(text, /(>=|<=|[=<>])/);
  // `java-1.8.0-openjdk`: what follows the number is a name again.
  if (/-[A-Za-z]/.test(found[2]) && !found[2].includes('$')) return { name: text, version: null };
  return { name: found[1], version: found[2] };
}

/** `name[extras] >= 1, < 2; marker` or `name @ url`; poetry and pdm also know `name@^1`. */
function splitPython(text: string): Split {
  const found = /^([A-Za-z0-9$][\w.${}-]*)\s*(?:\[[^\]]*\])?\s*(===|==|~=|>=|<=|!=|<|>|@)?\s*([^;]*)/.exec(text);
  if (found?.[1] === undefined) return { name: text, version: null };
  const version = found[2] === undefined ? '' : (found[3] ?? '').trim();
  return { name: found[1], version: version === '' ? null : version };
}

/** `@scope/name@version`, `npm:name@version`, `example.com/module@v1`. */
function splitScoped(text: string): Split {
  const scheme = /^(npm|jsr):/.exec(text)?.[0] ?? '';
  const from = text.startsWith('@', scheme.length) ? scheme.length + 1 : scheme.length;
  const at = text.indexOf('@', from);
  if (at < 0) return { name: text.slice(scheme.length), version: null };
  return { name: text.slice(scheme.length, at), version: text.slice(at + 1) };
}
