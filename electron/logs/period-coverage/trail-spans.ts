import type { ReadableDb } from '../../../db/handle.ts';
import { LATE_MS, type Place, type Statement } from './derive-coverage.ts';
import { within, without, type Span } from './spans.ts';

interface TrailRow {
  id: string;
  name: string;
  bucket: string | null;
  prefix: string | null;
  kms_events: string;
  seq: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * What the log files of trails cover in one place. A trail whose files of the place were listed and read covers the
 * time in which it was logging, without the days of which a file or a listing is missing.
 */
export function trailSpans(db: ReadableDb, place: Place, period: Span, started: number): Statement[] {
  return trailsOf(db, place).flatMap((trail) => {
    const about = (part: Span, reason: string, cites: number[]): Statement => ({
      ...part,
      state: 'gap',
      means: '',
      reason,
      cites,
    });
    if (trail.kms_events === 'excluded') {
      return [about(period, `trail ${trail.name} leaves out the events of AWS KMS`, [trail.seq])];
    }
    const files = filesOf(db, place, trail);
    if (files === 0) return [about(period, `no log file of trail ${trail.name} was read`, [trail.seq])];
    const late: Span = { start: started - LATE_MS, end: Number.MAX_SAFE_INTEGER };
    const stops = stoppedSpans(db, place, trail.id);
    const lost = lostDays(db, place);
    const covered = without([period], [late, ...stops.map((s) => s.span), ...lost.map((l) => l.span)]);
    const means = trail.kms_events === 'all' ? '' : ` (${trail.kms_events} events of AWS KMS)`;
    return [
      ...covered.map((part): Statement => ({
        ...part,
        state: trail.kms_events === 'all' ? 'covered' : 'changes only',
        means: `log files of trail ${trail.name}${means}`,
        reason: '',
        cites: [trail.seq],
      })),
      ...within(late, period).map((part) => about(part, 'events of this time may not have been delivered yet', [])),
      ...stops.flatMap((s) => within(s.span, period).map((part) => about(part, `trail ${trail.name} was stopped`, [s.seq]))),
      ...lost.flatMap((l) => within(l.span, period).map((part) => about(part, l.reason, [l.seq]))),
    ];
  });
}

/** Trails that record the place's own account in its Region. */
function trailsOf(db: ReadableDb, { snapshot, account, region }: Place): TrailRow[] {
  return db
    .prepare<[string, string, string], TrailRow>(
      `SELECT id, name, bucket, prefix, kms_events, seq FROM trail
        WHERE snapshot = ? AND bucket IS NOT NULL AND (account = ? OR organization = 1)
          AND (multi_region = 1 OR home_region = ?) ORDER BY id`,
    )
    .all(snapshot, account, region);
}

/** Log files of the place that were read from where the trail delivers. */
function filesOf(db: ReadableDb, { snapshot, account, region }: Place, { bucket, prefix }: TrailRow): number {
  const start = prefix ? `${prefix}/AWSLogs/` : 'AWSLogs/';
  return (
    db
      .prepare<string[], number>(
        `SELECT count(*) FROM usage_source s JOIN disclosure d ON d.seq = s.seq AND d.field = 'params'
          WHERE s.snapshot = ? AND s.kind = 'log-file' AND d.value ->> '$.Bucket' = ?
            AND substr(d.value ->> '$.Key', 1, length(?)) = ?
            AND instr(d.value ->> '$.Key', ?) > 0`,
      )
      .pluck()
      .get(snapshot, bucket!, start, start, `/${account}/CloudTrail/${region}/`) ?? 0
  );
}

/** Times in which a trail did not log, from its logged stops and starts and from its status. */
function stoppedSpans(db: ReadableDb, { snapshot }: Place, trail: string): { span: Span; seq: number }[] {
  const events = db
    .prepare<[string, string], { at: string; event: string; seq: number }>(
      `SELECT at, event, seq FROM setting_change WHERE snapshot = ? AND subject = ?
          AND event IN ('StopLogging', 'StartLogging', 'DeleteTrail') ORDER BY at, n`,
    )
    .all(snapshot, trail);
  const spans: { span: Span; seq: number }[] = [];
  let open: { start: number; seq: number } | null = null;
  for (const { at, event, seq } of events) {
    if (event !== 'StartLogging') open ??= { start: Date.parse(at), seq };
    else if (open) {
      spans.push({ span: { start: open.start, end: Date.parse(at) }, seq: open.seq });
      open = null;
    }
  }
  if (open) spans.push({ span: { start: open.start, end: Number.MAX_SAFE_INTEGER }, seq: open.seq });
  return [...spans, ...statusSpans(db, snapshot, trail)];
}

/** The last stop and start that the trail's own status names. */
function statusSpans(db: ReadableDb, snapshot: string, trail: string): { span: Span; seq: number }[] {
  const status = db
    .prepare<[string, string], { logging: number | null; started: string | null; stopped: string | null; seq: number }>(
      "SELECT logging, started, stopped, seq FROM trail_status WHERE snapshot = ? AND trail = ? AND status = 'ok' ORDER BY region LIMIT 1",
    )
    .get(snapshot, trail);
  if (!status) return [];
  const started = status.started === null ? null : Date.parse(status.started);
  const stopped = status.stopped === null ? null : Date.parse(status.stopped);
  if (status.logging === 0) return [{ span: { start: stopped ?? 0, end: Number.MAX_SAFE_INTEGER }, seq: status.seq }];
  if (started === null) return [];
  // Logging now since `started`: before that it was off since the last stop, or had never been on.
  return [{ span: { start: stopped !== null && stopped < started ? stopped : 0, end: started }, seq: status.seq }];
}

/** Days of which a log file, or the list of them, could not be read. */
function lostDays(db: ReadableDb, { snapshot, account, region }: Place): { span: Span; reason: string; seq: number }[] {
  const rows = db
    .prepare<[string, string], { params: string; op: string; code: string | null; seq: number }>(
      `SELECT d.value AS params, g.op, g.code, g.seq FROM gap g JOIN disclosure d ON d.seq = g.seq AND d.field = 'params'
        WHERE g.snapshot = ? AND g.op IN ('aws.s3.GetObject', 'aws.s3.ListObjectsV2') AND instr(d.value, ?) > 0 ORDER BY g.n`,
    )
    .all(snapshot, `/${account}/CloudTrail/${region}/`);
  return rows.map(({ params, op, code, seq }) => {
    const day = /\/CloudTrail\/[^/]+\/(\d{4})\/(\d\d)\/(\d\d)/.exec(params);
    const start = day ? Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3])) : 0;
    const what = op === 'aws.s3.GetObject' ? 'a log file delivered on this day' : 'the list of log files';
    return {
      span: { start, end: day ? start + DAY_MS : Number.MAX_SAFE_INTEGER },
      reason: `${what} could not be read${code ? ` (${code})` : ''}`,
      seq,
    };
  });
}
