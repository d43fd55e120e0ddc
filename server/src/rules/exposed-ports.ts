/** The ports of an EXPOSE as BuildKit reads them, `[ip:][host:]port[-port][/protocol]`, and what is wrong with them. */
import * as l10n from '@vscode/l10n';
import type { Step } from '../model/model';
import { expandWords } from '../syntax/expand';
import type { LocalSpan } from '../syntax/span';

export interface ExposedPort {
  /** As written, after expansion. */
  readonly text: string;
  readonly span: LocalSpan;
  /** As written; `tcp` where none is. */
  readonly protocol: string;
  readonly protocolSpan: LocalSpan;
  readonly problem: PortProblem | null;
}

export interface PortProblem {
  /** Docker refuses the file; otherwise it ignores a part of the port. */
  readonly isRefused: boolean;
  /** The number is out of range, as other linters report it. */
  readonly isOutOfRange: boolean;
  /** An address or a host port is part of it. */
  readonly hasHost: boolean;
  /** One sentence without its full stop. */
  readonly message: string;
  readonly meant?: string | undefined;
}

/** The ports that are known: where a variable without a known value is in a word, nothing is said of it. */
export function exposedPorts(step: Step): ExposedPort[] {
  const { body, before } = step;
  const ports: ExposedPort[] = [];
  for (const word of body.words) {
    if (!/[$"'\\`]/.test(word.text)) {
      ports.push(readPort(word.text, word.span, true));
      continue;
    }
    let isKnown = true;
    const lookUp = (name: string): string | undefined => {
      const value = before.scope.get(name)?.value;
      if (value === undefined || value === null) isKnown = false;
      return value ?? undefined;
    };
    const { words } = expandWords(word.text, lookUp, body.escape);
    if (isKnown && words) for (const { text } of words) ports.push(readPort(text, word.span, false));
  }
  return ports;
}

function readPort(text: string, span: LocalSpan, isWritten: boolean): ExposedPort {
  const slash = text.indexOf('/');
  const protocol = slash < 0 ? '' : text.slice(slash + 1);
  // The protocol stands behind the last part; a slash in an address is refused anyway.
  const protocolSpan = isWritten && slash >= 0 ? { from: span.from + slash + 1, to: span.from + text.length } : span;
  return { text, span, protocol: protocol || 'tcp', protocolSpan, problem: findProblem(text) };
}

const refuse = (message: string, meant?: string, isOutOfRange = false): PortProblem => ({
  isRefused: true,
  isOutOfRange,
  hasHost: false,
  message,
  meant,
});

function findProblem(text: string): PortProblem | null {
  const parts = text.split(':');
  const own = parts.at(-1) ?? '';
  const host = parts.length > 1 ? (parts.at(-2) ?? '') : '';
  const address = parts.slice(0, -2).join(':');
  const [port = '', ...rest] = own.split('/');
  const protocol = rest.join('/');
  if (port === '') return refuse(l10n.t('`{0}` has no port', text));
  if (!/^(?:tcp|udp|sctp)?$/i.test(protocol))
    return refuse(l10n.t('`{0}` is no protocol: there are tcp, udp and sctp', protocol));
  const problem = findPortProblem(text, port, protocol);
  if (host === '' && address === '') return problem;
  const wrong = findHostProblem(address, host, own) ?? problem;
  const ignored = l10n.t(
    'Docker ignores `{0}`: EXPOSE names ports of the container only',
    text.slice(0, text.length - own.length),
  );
  // Docker says both where it refuses the file.
  return wrong
    ? { ...wrong, hasHost: true }
    : { isRefused: false, isOutOfRange: false, hasHost: true, message: ignored, meant: own };
}

function findHostProblem(address: string, host: string, own: string): PortProblem | null {
  if (address !== '' && !isAddress(address)) return refuse(l10n.t('`{0}` is no IP address', address), own);
  if (host === '') return null;
  const port = own.replace(/\/.*/, '');
  const [range, hostRange] = [readRange(port), readRange(host)];
  if (typeof hostRange === 'string') return refuse(l10n.t('`{0}` is no port', host), own);
  return typeof range === 'number' && range !== 0 && range !== hostRange
    ? refuse(l10n.t('The ranges `{0}` and `{1}` are not of one length', host, port), own)
    : null;
}

type RangeProblem = 'word' | 'out-of-range' | 'backwards';

/** How many ports a range has beyond the first, or what is wrong with it. */
function readRange(text: string): number | RangeProblem {
  const dash = text.indexOf('-');
  const start = dash < 0 ? text : text.slice(0, dash);
  const end = dash < 0 ? start : text.slice(dash + 1);
  if (!/^\+?\d+$/.test(start) || !/^[+-]?\d+$/.test(end)) return 'word';
  if (Number(start) > 65535 || Number(end) > 65535) return 'out-of-range';
  return Number(end) < Number(start) ? 'backwards' : Number(end) - Number(start);
}

function findPortProblem(text: string, port: string, protocol: string): PortProblem | null {
  const problem = readRange(port);
  if (typeof problem === 'number') return null;
  const tail = protocol === '' ? '' : `/${protocol}`;
  if (problem === 'out-of-range')
    return refuse(l10n.t('`{0}` is beyond 65535, the last port there is', port), undefined, true);
  if (problem === 'backwards') {
    const [start, end] = port.split('-');
    return refuse(l10n.t('The range `{0}` runs backwards', port), `${end}-${start}${tail}`);
  }
  const list = /^\d+(?:[,;]\d+)+[,;]?$/.test(text) ? text.split(/[,;]/).filter(Boolean).join(' ') : undefined;
  const trimmed = /^(\d+)[,;.]$/.exec(text)?.[1];
  const known = Object.hasOwn(services, port.toLowerCase()) ? services[port.toLowerCase()] : undefined;
  return refuse(l10n.t('`{0}` is no port', port), list ?? trimmed ?? (known && `${known}${tail}`));
}

/** Ports by the names that people write. */
const services: Readonly<Record<string, string>> = {
  dns: '53',
  ftp: '21',
  http: '80',
  https: '443',
  ldap: '389',
  mysql: '3306',
  postgres: '5432',
  postgresql: '5432',
  redis: '6379',
  smtp: '25',
  ssh: '22',
};

function isAddress(text: string): boolean {
  const inner = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  const parts = inner.split('.');
  if (parts.length === 4) return parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return inner.includes(':') && /^[0-9a-fA-F:.]+$/.test(inner);
}
