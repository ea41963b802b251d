/** Days `YYYY/MM/DD`, UTC, from the day of `from` to the day of `to`, both included. */
export function* daysBetween(from: Date, to: Date): Generator<string> {
  const day = 24 * 60 * 60_000;
  for (let at = Math.floor(from.getTime() / day) * day; at <= to.getTime(); at += day) {
    yield new Date(at).toISOString().slice(0, 10).replaceAll('-', '/');
  }
}

/**
 * End time in the name of a digest file, null when the name is not one:
 * `<account>_CloudTrail-Digest_<region>_<trail>_<home region>_<YYYYMMDDTHHmmssZ>[_backfill].json.gz`
 */
export function digestTime(key: string): Date | null {
  const match = /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(?:_backfill)?\.json\.gz$/.exec(key);
  if (!match) return null;
  const [, y, mo, d, h, mi, s] = match;
  return new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
}

/** Whether a key is a log file: `<account>_CloudTrail_<region>_<YYYYMMDDTHHmmZ>_<16 letters>.json.gz` */
export function isLogFile(key: string): boolean {
  return /\/\d{12}_CloudTrail_[a-z0-9-]+_\d{8}T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz$/.test(key);
}
