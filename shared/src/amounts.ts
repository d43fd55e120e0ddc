/** Sizes, times and shares as people read them: three digits at most, units that every language writes alike. */

/** Bytes in decimal units, as Docker counts: `0 B`, `512 B`, `3.4 kB`, `85 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would be written as 1000.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : shortNumber(value)} ${units[unit]}`;
}

/** Seconds: `0 s`, `0.4 s`, `12 s`, `1 min 20 s`, `5 min`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  const value = Math.max(0, seconds);
  if (value < 0.05) return '0 s';
  if (value < 59.5) return `${shortNumber(value)} s`;
  // From five minutes on nobody counts seconds.
  const whole = value < 299.5 ? Math.round(value) : Math.round(value / 60) * 60;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const parts = [
    hours > 0 ? `${hours} h` : '',
    minutes > 0 ? `${minutes} min` : '',
    whole % 60 > 0 ? `${whole % 60} s` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** A share of 0 to 1 in percent: `0 %`, `<1 %`, `62 %`, `>99 %`, `100 %`. */
export function formatShare(share: number): string {
  const percent = Math.min(1, Math.max(0, share)) * 100;
  if (percent > 0 && percent < 0.5) return '<1 %';
  if (percent < 100 && percent >= 99.5) return '>99 %';
  return `${Math.round(percent)} %`;
}

/** One digit behind the point below ten. */
function shortNumber(value: number): string {
  return value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value));
}
