/** The value of `# check=`: `skip=…;error=…;experimental=…`, as BuildKit reads it. */

export interface CheckOptions {
  /** Names as written; `all` stands for all. */
  readonly skip: readonly CheckName[];
  readonly experimental: readonly CheckName[];
  /** Whether a finding makes the build fail. */
  readonly error: boolean;
}

/** A name with its place in the value. */
export interface CheckName {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A part of the value that BuildKit refuses. */
export interface CheckOptionProblem {
  readonly start: number;
  readonly end: number;
}

const nothing: CheckOptions = { skip: [], experimental: [], error: false };

/** Reads the options; what BuildKit refuses as a whole says nothing. It reads up to the first blank. */
export function parseCheckOptions(value: string): CheckOptions {
  const options = readOptions(value);
  return 'start' in options ? nothing : options;
}

/** The first part that BuildKit refuses, or null. */
export function checkOptionProblem(value: string): CheckOptionProblem | null {
  const options = readOptions(value);
  return 'start' in options ? options : null;
}

function readOptions(value: string): CheckOptions | CheckOptionProblem {
  const blank = value.search(/ /);
  const text = blank < 0 ? value : value.slice(0, blank);
  if (text.trim() === '') return nothing;
  let skip: readonly CheckName[] = [];
  let experimental: readonly CheckName[] = [];
  let error = false;
  let start = 0;
  for (const part of splitParts(text)) {
    const end = start + part.length;
    const equals = part.indexOf('=');
    const key = equals < 0 ? '' : part.slice(0, equals).trim();
    const rest = part.slice(equals + 1);
    if (key === 'skip') skip = readNames(rest, start + equals + 1);
    else if (key === 'experimental') experimental = readNames(rest, start + equals + 1);
    else if (key === 'error' && truth.test(rest.trim())) error = /^[1tT]/.test(rest.trim());
    else return { start, end };
    start = end + 1;
  }
  return { skip, experimental, error };
}

/** At most three parts: what stands behind the second semicolon is one. */
function splitParts(text: string): string[] {
  const parts = text.split(';');
  return parts.length <= 3 ? parts : [...parts.slice(0, 2), parts.slice(2).join(';')];
}

const truth = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

function readNames(text: string, offset: number): CheckName[] {
  const names: CheckName[] = [];
  let start = offset;
  for (const part of text.split(',')) {
    const from = start + part.length - part.trimStart().length;
    const name = part.trim();
    if (name !== '') names.push({ name, start: from, end: from + name.length });
    start += part.length + 1;
  }
  return names;
}
