import type { DigestRow } from '../cloudtrail/digest/types.ts';
import type { CoverageTrail } from './trails.ts';
import { merged } from './lookup-claims.ts';
import { without, type Claim } from './spans.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** An event is in a log file about 5 minutes after it happened; 15 are allowed for. */
export const DELIVERY_MS = 15 * MINUTE;

/**
 * What validated digests cover of one place. A digest accounts for the log files delivered in its hour: it covers that
 * time when it and all its files are valid. The last minutes of the last digest may still have events under way.
 */
export function digestClaims(rows: readonly DigestRow[], trails: readonly CoverageTrail[]): Claim[] {
  const digests = rows.filter((r) => r.kind === 'digest' && r.first !== null && r.last !== null);
  const logs = rows.filter((r) => r.kind === 'log');
  return [...Map.groupBy(digests, (r) => `${r.bucket} ${r.trail}`).values()].flatMap((members) => {
    const { bucket, trail } = members[0]!;
    const faults = logs
      .filter((l) => l.bucket === bucket && l.trail === trail)
      .filter((l) => l.result === 'invalid' || l.result === 'missing')
      .flatMap((fault) => faultClaims(fault, members));
    const claims = chainClaims(members, limitOf(trails.filter((t) => t.name === trail)));
    return [...claims.flatMap((c) => (c.state === 'gap' ? [c] : without(c, faults))), ...faults];
  });
}

function chainClaims(digests: DigestRow[], limit: Limit | null): Claim[] {
  const claims: Claim[] = [];
  const sorted = digests.sort((a, b) => a.last! - b.last! || (a.object < b.object ? -1 : 1));
  const newest = sorted.at(-1)!.last!;
  let before: number | null = null;
  for (const { result, reason, object, first, last, seq } of sorted) {
    const [start, end] = [first!, last!];
    const cites = seq === null ? [] : [seq];
    if (before !== null && start > before) {
      const why = reason?.startsWith('it begins') ? reason : 'no digest covers it';
      claims.push({ ...gapOf(before, start, 'digest gap', why), cites });
    }
    before = Math.max(before ?? -Infinity, end);
    if (result === 'missing') {
      claims.push({ ...gapOf(start, end, 'digest gap', `${object}: ${reason ?? ''}`), cites });
    } else if (result === 'invalid') {
      claims.push({ ...gapOf(start, end, 'digest invalid', `${object}: ${reason ?? ''}`), cites });
    } else {
      const settled = end === newest ? end - DELIVERY_MS : end;
      const verified = result === 'valid';
      const means = verified ? 'log files with valid digests' : 'log files, digests not verified';
      const detail = verified ? '' : (reason ?? '');
      const weight = verified ? 4 : 3;
      claims.push(...limited({ ...covered(start, settled, means, detail), cites, weight }, limit));
    }
  }
  const tail = gapOf(
    newest - DELIVERY_MS,
    newest,
    PROVISIONAL,
    'events may be delivered up to 15 minutes late',
  );
  return [...claims, { ...tail, weight: 5 }];
}

export const PROVISIONAL = 'the last 15 minutes are provisional';

/** A log file that is missing or changed takes the time of its events out of what its digest covers. */
function faultClaims(fault: DigestRow, digests: readonly DigestRow[]): Claim[] {
  const at = fault.last ?? -1;
  const inside = digests.find((d) => d.first! <= at && at < d.last!);
  const start = fault.first ?? inside?.first ?? null;
  const end = fault.last === null ? (inside?.last ?? null) : fault.last + 1000;
  if (start === null || end === null) return [];
  const reason = fault.result === 'missing' ? 'missing log file' : 'log file changed since its digest';
  const cites = fault.seq === null ? [] : [fault.seq];
  return [{ ...gapOf(start, end, reason, `${fault.object}: ${fault.reason ?? ''}`), cites }];
}

/**
 * What log files cover that no digest speaks for: the trail's folder was read to its end in that time, so that files
 * that are not there were not delivered.
 */
export function plainFileClaims(
  trail: CoverageTrail | null,
  region: string,
  read: { start: number; end: number; seqs: number[] },
): Claim[] {
  const name = trail ? `trail ${trail.name}, ` : '';
  const detail = `${name}${region}: nothing proves that no file was removed`;
  const claim = { ...covered(read.start, read.end, 'log files without digests', detail), weight: 3 };
  return limited({ ...claim, cites: ends(read.seqs) }, limitOf(trail ? [trail] : []));
}

/** Imported log files cover from their first to their last event; files an hour apart or less are taken as following. */
export function importedFileClaims(
  files: readonly { first: number | null; last: number | null; seq: number }[],
): Claim[] {
  const timed = files.flatMap(({ first, last, seq }) =>
    first === null || last === null ? [] : [{ start: first, end: last + 1000, seq }],
  );
  return merged(timed, HOUR).map(([start, end]) => ({
    ...{ start, end, state: 'covered' as const, means: 'imported log files', reason: '' },
    detail: 'client-provided, without digests: nothing proves that no file is missing',
    cites: ends(timed.filter((t) => t.start < end && t.end > start).map((t) => t.seq)),
    weight: 1,
  }));
}

/** What a trail's selectors keep out of its files. */
interface Limit {
  reason: string;
  /** Changes are recorded all the same. */
  changes: boolean;
  cites: number[];
}

function limitOf(trails: readonly CoverageTrail[]): Limit | null {
  if (trails.length === 0 || trails.some((t) => t.kms === 'all' || t.kms === 'unknown')) return null;
  const cites = trails.flatMap((t) => t.cites);
  if (trails.every((t) => t.kms === 'excluded')) {
    return { reason: 'KMS events are excluded by the trail’s selectors', changes: false, cites };
  }
  const changes = trails.some((t) => t.kms === 'write-only');
  return { reason: 'a part of the KMS events is excluded by the trail’s selectors', changes, cites };
}

function limited(claim: Claim, limit: Limit | null): Claim[] {
  if (!limit) return [claim];
  const { reason, cites } = limit;
  if (limit.changes) return [{ ...claim, state: 'changes only', reason, cites: [...claim.cites, ...cites] }];
  return [{ ...gapOf(claim.start, claim.end, reason, ''), cites }];
}

function covered(start: number, end: number, means: string, detail: string): Claim {
  return { start, end, state: 'covered', means, reason: '', detail, cites: [], weight: 0 };
}

export function gapOf(start: number, end: number, reason: string, detail: string): Claim {
  return { start, end, state: 'gap', means: '', reason, detail, cites: [], weight: 6 };
}

function ends(seqs: readonly number[]): number[] {
  return seqs.length <= 2 ? [...seqs] : [Math.min(...seqs), Math.max(...seqs)];
}
