/** What the key of an object in a log bucket says (CloudTrail user guide, "Finding your CloudTrail log files"). */
export interface LogObjectKey {
  kind: 'log' | 'digest';
  account: string;
  region: string;
  /** Name of the trail; only digests say it. */
  trail: string;
  /** Delivery time of a log file, end time of a digest; ms UTC. */
  time: number;
  backfill: boolean;
}

const LOG = /(?:^|[\\/])(\d{12})_CloudTrail_([a-z0-9-]+)_(\d{8}T\d{4})Z_[A-Za-z0-9]+\.json(?:\.gz)?$/;
const DIGEST =
  /(?:^|[\\/])(\d{12})_CloudTrail-Digest_([a-z0-9-]+)_(.+)_([a-z0-9-]+)_(\d{8}T\d{6})Z(_backfill)?\.json(?:\.gz)?$/;

/** Reads the key or path of a log or digest file; null when it is neither. */
export function parseObjectKey(key: string): LogObjectKey | null {
  const log = LOG.exec(key);
  if (log) {
    const [, account, region, time] = log;
    return {
      ...{ kind: 'log', account: account!, region: region!, trail: '' },
      ...{ time: compactTime(`${time}00`), backfill: false },
    };
  }
  const digest = DIGEST.exec(key);
  if (!digest) return null;
  const [, account, region, trail, , time, backfill] = digest;
  return {
    ...{ kind: 'digest', account: account!, region: region!, trail: trail! },
    ...{ time: compactTime(time!), backfill: backfill !== undefined },
  };
}

/** The last part of a key or path, with either separator. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** `YYYYMMDDTHHmmss` in ms UTC. */
function compactTime(text: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/.exec(text)!;
  return Date.UTC(+y!, +mo! - 1, +d!, +h!, +mi!, +s!);
}
