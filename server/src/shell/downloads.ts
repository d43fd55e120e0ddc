/** Downloads by curl and wget: which addresses they ask for, with which options, and where the answer goes. */
import type { LocalSpan } from '../syntax/span';
import type { ShellCommand, ShellScript, ShellWord } from './script';

export interface Download {
  readonly command: ShellCommand;
  readonly tool: 'curl' | 'wget';
  /** The words that are addresses, those of `--url` too. */
  readonly urls: readonly ShellWord[];
  readonly options: readonly DownloadOption[];
}

export interface DownloadOption {
  /** `-k` or `--insecure`; a bundle `-skL` becomes three with the same word. `--no-verbose` stands for wget's `-nv` too. */
  readonly name: string;
  readonly value: string | null;
  readonly word: ShellWord;
  /** The word of a value that stands apart. */
  readonly valueWord: ShellWord | null;
}

/** Short options whose value is glued to them or is the next word. */
const shortValued = {
  curl: 'ACDEFHKPQTUXYbcdemortuwxyz',
  wget: 'aABDeIiloOPQRTtUwX',
} as const;

/** Long options whose value may be the next word. */
const longValued = {
  curl: new Set(
    'aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout connect-to continue-at cookie cookie-jar create-file-mode crlfile data data-ascii data-binary data-raw data-urlencode dns-servers doh-url dump-header engine etag-compare etag-save form form-string header interface ip-tos json keepalive-time key key-type limit-rate local-port login-options mail-from mail-rcpt max-filesize max-redirs max-time netrc-file noproxy oauth2-bearer output output-dir parallel-max pass pinnedpubkey preproxy proto proto-default proto-redir proxy proxy-header proxy-user quote range rate referer request request-target resolve retry retry-delay retry-max-time service-name socks4 socks4a socks5 socks5-hostname speed-limit speed-time stderr time-cond tls-max tls13-ciphers trace trace-ascii unix-socket upload-file url url-query user user-agent write-out'.split(
      ' ',
    ),
  ),
  wget: new Set(
    'accept append-output base bind-address body-data body-file ca-certificate ca-directory certificate certificate-type compression config connect-timeout cut-dirs default-page directory-prefix dns-timeout domains exclude-directories exclude-domains execute follow-tags ftp-password ftp-user header hsts-file http-password http-user ignore-tags include-directories input-file level limit-rate load-cookies local-encoding max-redirect method output-document output-file password post-data post-file prefer-family private-key private-key-type progress proxy-password proxy-user quota read-timeout referer regex-type reject remote-encoding report-speed restrict-file-names retry-on-http-error save-cookies secure-protocol start-pos timeout tries user user-agent wait waitretry'.split(
      ' ',
    ),
  ),
} as const;

const cache = new WeakMap<ShellScript, readonly Download[]>();

/** The downloads of a script in the order of its commands; kept per script. */
export function downloadsOf(script: ShellScript): readonly Download[] {
  const known = cache.get(script);
  if (known) return known;
  const found: Download[] = [];
  for (const command of script.commands) {
    const { name } = command;
    if (name === 'curl' || name === 'wget') found.push(readDownload(command, name));
  }
  cache.set(script, found);
  return found;
}

/** The host of an address, lower-case, without user and port; null where it is not written out. */
export function hostOf(url: string): string | null {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@\s]*@)?(\[[0-9a-f:.]+\]|[^/?#:@\s]+)/i.exec(url)?.[1]?.toLowerCase();
  return host === undefined || /[$`{}<>*%"'\\]/.test(host) ? null : host;
}

/** A word that is an address, without the quotes around it: where the address itself stands. */
export function addressSpan(word: ShellWord): LocalSpan {
  const quote = /^["']/.exec(word.text)?.[0];
  const isQuoted = quote !== undefined && word.text.length > 1 && word.text.endsWith(quote);
  const isApart = word.span.to - word.span.from === word.text.length;
  return isQuoted && isApart ? { from: word.span.from + 1, to: word.span.to - 1 } : word.span;
}

function readDownload(command: ShellCommand, tool: Download['tool']): Download {
  const options: DownloadOption[] = [];
  const urls: ShellWord[] = [];
  const { args } = command;
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === undefined) break;
    const text = word.unquoted;
    const next = args[at + 1] ?? null;
    if (!text.startsWith('-') || text === '-' || text === '--') {
      if (text !== '-' && text !== '--') urls.push(word);
      continue;
    }
    if (text.startsWith('--')) {
      const equals = text.indexOf('=');
      const name = equals < 0 ? text : text.slice(0, equals);
      const takesNext = equals < 0 && longValued[tool].has(name.slice(2)) && next !== null;
      const value = equals >= 0 ? text.slice(equals + 1) : takesNext ? (next?.unquoted ?? null) : null;
      options.push({ name, value, word, valueWord: takesNext ? next : null });
      if (name === '--url' && takesNext && next) urls.push(next);
      if (takesNext) at++;
      continue;
    }
    if (readBundle(word, next, tool, options)) at++;
  }
  return { command, tool, urls, options };
}

const wgetNo: Readonly<Record<string, string>> = {
  v: '--no-verbose',
  c: '--no-clobber',
  d: '--no-directories',
  H: '--no-host-directories',
  p: '--no-parent',
};

/** Reads `-fsSLo`, `-qO-`, `-nv`; true where the next word is a value. */
function readBundle(
  word: ShellWord,
  next: ShellWord | null,
  tool: Download['tool'],
  options: DownloadOption[],
): boolean {
  const text = word.unquoted;
  for (let at = 1; at < text.length; at++) {
    const letter = text.charAt(at);
    const rest = text.slice(at + 1);
    if (tool === 'wget' && letter === 'n') {
      const name = wgetNo[rest.charAt(0)];
      if (name) options.push({ name, value: null, word, valueWord: null });
      at++;
      continue;
    }
    if (!shortValued[tool].includes(letter)) {
      options.push({ name: `-${letter}`, value: null, word, valueWord: null });
      continue;
    }
    const isGlued = rest !== '';
    options.push({
      name: `-${letter}`,
      value: isGlued ? rest : (next?.unquoted ?? null),
      word,
      valueWord: isGlued ? null : next,
    });
    return !isGlued && next !== null;
  }
  return false;
}
