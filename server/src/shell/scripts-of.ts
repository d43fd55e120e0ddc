/** The shell scripts of an instruction, wherever BuildKit takes them from. */
import type { Heredoc, InstructionBody } from '../syntax/tree';
import { dialectOfProgram, dialectOfShebang, dialectOfShell, shellInvocation } from './dialect';
import { removeEscapes } from './escapes';
import { execScript } from './exec-form';
import { readStrings } from './json-strings';
import { joinMaps, type MappedText, mapThrough, shiftedMap, tailMap } from './maps';
import { parseScript } from './parse';
import type { ShellCommand, ShellDialect, ShellHeredoc, ShellScript } from './script';

const caches = new WeakMap<InstructionBody, Map<ShellDialect, readonly ShellScript[]>>();
const nothing: readonly ShellScript[] = [];

/**
 * The scripts of a RUN, of shell-form and exec-form CMD, ENTRYPOINT and HEALTHCHECK CMD, and of ONBUILD of these: first
 * the one that the instruction hands over, then those in here-documents that feed a shell inside it (`RUN bash <<EOF`).
 * Results are kept per body.
 *
 * @param shell the words of the SHELL in force; null for the default `/bin/sh -c` of Linux. Windows stages have to say
 * so with the words of theirs (`cmd /S /C`): nothing is known of such scripts then.
 */
export function scriptsOf(body: InstructionBody, shell: readonly string[] | null): readonly ShellScript[] {
  const source = body.trigger ?? body;
  if (!hasScript(source)) return nothing;
  const dialect = dialectOfShell(shell);
  const cache = caches.get(source) ?? new Map<ShellDialect, readonly ShellScript[]>();
  caches.set(source, cache);
  const known = cache.get(dialect);
  if (known !== undefined) return known;
  const scripts = findScripts(source, dialect);
  cache.set(dialect, scripts);
  return scripts;
}

function hasScript(body: InstructionBody): boolean {
  switch (body.known) {
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
      return body.rest !== '';
    case 'HEALTHCHECK':
      return body.healthcheck === 'CMD';
    default:
      return false;
  }
}

function findScripts(body: InstructionBody, dialect: ShellDialect): readonly ShellScript[] {
  const command = commandText(body);
  const line = tailMap(body.map, command.start);
  if (body.json !== null) {
    const strings = readStrings(command.text);
    if (strings === null || strings.length === 0) return nothing;
    return withFedScripts(ofExecForm(strings, line));
  }
  const first = body.known === 'RUN' ? body.heredocs[0] : undefined;
  if (first === undefined) return withFedScripts(parseScript(command.text, line, dialect));
  // A line that is nothing but the here-document's start makes the body itself the script.
  if (/^\d*<<-?[^<\s]+$/.test(command.text.trim())) return withFedScripts(ofBody(first, dialect));
  return withFedScripts(ofLineWithBodies(body, command.text, line, dialect));
}

/** What stands behind the keyword and the flags; for HEALTHCHECK what stands behind CMD. */
function commandText(body: InstructionBody): { text: string; start: number } {
  const skipped = body.known === 'HEALTHCHECK' ? (/^\s*CMD\s*/i.exec(body.rest)?.[0].length ?? 0) : 0;
  return { text: body.rest.slice(skipped), start: body.restStart + skipped };
}

function ofExecForm(strings: readonly MappedText[], line: ReturnType<typeof tailMap>): ShellScript {
  const invocation = shellInvocation(strings.map((string) => string.text));
  const given = invocation === null ? undefined : strings[invocation.script];
  if (invocation === null || given === undefined) return execScript(strings, line);
  return parseScript(given.text, mapThrough(given, line), invocation.dialect, 'json');
}

function ofBody(heredoc: Heredoc, dialect: ShellDialect): ShellScript {
  const { text, map } = bodyText(heredoc);
  return parseScript(text, map, dialectOfShebang(text) ?? dialect, 'heredoc');
}

/** The body as the shell gets it. A carriage return stays in the image but is no business of the analysis. */
function bodyText(heredoc: Heredoc): { text: string; map: ReturnType<typeof shiftedMap> } {
  const { content } = heredoc;
  const map = shiftedMap(heredoc.contentSpan.from);
  const isAsWritten = !content.includes('\r') && !(heredoc.chomp && /^\t/m.test(content));
  if (isAsWritten) return { text: content, map };
  const mapped = withoutIgnored(content, heredoc.chomp);
  return { text: mapped.text, map: mapThrough(mapped, map) };
}

/** Takes out carriage returns before newlines and, for `<<-`, leading tabs. */
function withoutIgnored(content: string, chomp: boolean): MappedText {
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  let isLineStart = true;
  for (let at = 0; at < content.length; at++) {
    const c = content.charAt(at);
    if (chomp && isLineStart && c === '\t') continue;
    isLineStart = c === '\n';
    if (c === '\r' && content[at + 1] === '\n') continue;
    starts.push(at);
    ends.push(at + 1);
    text += c;
  }
  starts.push(content.length);
  return { text, starts, ends };
}

/** `RUN cat <<EOF > /x`: BuildKit puts line, body and end mark together again and leaves them to the shell. */
function ofLineWithBodies(
  body: InstructionBody,
  line: string,
  map: ReturnType<typeof tailMap>,
  dialect: ShellDialect,
): ShellScript {
  let text = line;
  const pieces = [{ length: line.length, map }];
  for (const heredoc of body.heredocs) {
    const content = { ...heredoc, chomp: false };
    const { text: lines, map: linesMap } = bodyText(content);
    const end = heredoc.terminatorSpan?.from ?? heredoc.contentSpan.to;
    text += `\n${lines}${heredoc.name}`;
    pieces.push({ length: 1, map: shiftedMap(heredoc.contentSpan.from) });
    pieces.push({ length: lines.length, map: linesMap });
    pieces.push({ length: heredoc.name.length, map: shiftedMap(end) });
  }
  return parseScript(text, joinMaps(pieces), dialect);
}

/** The script and those that its here-documents feed to shells. */
function withFedScripts(script: ShellScript): readonly ShellScript[] {
  const scripts = [script];
  for (const command of script.commands) {
    const dialect = fedShell(command);
    const heredoc = command.redirects
      .filter((redirect) => redirect.heredoc && (redirect.descriptor ?? 0) === 0)
      .at(-1)?.heredoc;
    if (dialect === null || !heredoc) continue;
    const mapped = fedText(script, heredoc);
    const map = mapThrough(mapped, script.map);
    scripts.push(...withFedScripts(parseScript(mapped.text, map, dialectOfShebang(mapped.text) ?? dialect, 'heredoc')));
  }
  return scripts;
}

/** The dialect of a command that reads its script from its standard input; null for every other command. */
function fedShell(command: ShellCommand): ShellDialect | null {
  const dialect = dialectOfProgram(command.name ?? '');
  if (dialect === null || command.quoted) return null;
  let expectsValue = false;
  for (const { unquoted } of command.args) {
    if (expectsValue) expectsValue = false;
    else if (unquoted === '-s' || unquoted === '-' || unquoted === '/dev/stdin') return dialect;
    else if (!/^[-+]/.test(unquoted) || /^-[a-z]*c/.test(unquoted)) return null;
    else expectsValue = /^[-+][a-zA-Z]*[oO]$/.test(unquoted);
  }
  return dialect;
}

function fedText(script: ShellScript, heredoc: ShellHeredoc): MappedText {
  const { start, end, quoted } = heredoc;
  if (!quoted) return removeEscapes(script.text, start, end, 'heredoc');
  const count = end - start;
  const starts = Array.from({ length: count + 1 }, (_, index) => start + index);
  return { text: script.text.slice(start, end), starts, ends: starts.slice(1) };
}
