/** Whether the value of a label is of the type that somebody asked for. */
import { exceptionIds, licenseIds } from '../model/spdx-ids';
import type { LabelType } from './config';

/** True for a value of the type; an empty value is none of them. */
export function isOfType(value: string, type: LabelType): boolean {
  switch (type) {
    case 'text':
      return value.trim() !== '';
    case 'url':
      return /^[a-z][a-z0-9+.-]*:\/\/(?:[^\s/?#@]+@)?(?:\[[0-9a-f:.]+\]|[^\s/?#:[\]]+)(?::\d{1,5})?(?:[/?#]\S*)?$/i.test(
        value,
      );
    case 'rfc3339':
      return isRfc3339(value);
    case 'semver':
      return /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/.test(
        value,
      );
    case 'hash':
      // Abbreviated, SHA-1 or SHA-256.
      return /^(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/i.test(value);
    case 'spdx':
      return isLicenseExpression(value);
    case 'email':
      return isEmail(value);
  }
}

function isRfc3339(value: string): boolean {
  const found = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/.exec(
    value,
  );
  if (!found) return false;
  const [, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.map(Number);
  const days = [
    31,
    year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28,
    31,
    30,
    31,
    30,
    31,
    31,
    30,
    31,
    30,
    31,
  ];
  // A leap second is the sixtieth.
  return day >= 1 && day <= (days[month - 1] ?? 0) && hour <= 23 && minute <= 59 && second <= 60;
}

/** An address, alone or behind a name: `Ada <ada@example.com>`. */
function isEmail(value: string): boolean {
  const address = /^[^<>@]*<([^<>]+)>$/.exec(value)?.[1] ?? value;
  return /^(?:[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*|"[^"\\]+")@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[^\]\s]+\])$/.test(
    address,
  );
}

let licenses: ReadonlySet<string> | undefined;
let exceptions: ReadonlySet<string> | undefined;

/** `MIT`, `GPL-2.0-or-later WITH Classpath-exception-2.0`, `(MIT OR Apache-2.0) AND LicenseRef-own`. */
function isLicenseExpression(value: string): boolean {
  licenses ??= new Set(licenseIds.map((id) => id.toLowerCase()));
  exceptions ??= new Set(exceptionIds.map((id) => id.toLowerCase()));
  const tokens = value.match(/[()]|[^\s()]+/g) ?? [];
  let depth = 0;
  let wantsLicense = true;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? '';
    if (token === '(') {
      if (!wantsLicense) return false;
      depth++;
    } else if (token === ')') {
      if (wantsLicense || depth-- === 0) return false;
    } else if (wantsLicense) {
      const id = token.replace(/\+$/, '').toLowerCase();
      if (!licenses.has(id) && !/^(?:DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+$/.test(token)) return false;
      wantsLicense = false;
    } else if (/^(?:AND|OR|and|or)$/.test(token)) wantsLicense = true;
    else if (/^(?:WITH|with)$/.test(token)) {
      if (!exceptions.has((tokens[++index] ?? '').toLowerCase())) return false;
    } else return false;
  }
  return depth === 0 && !wantsLicense;
}
