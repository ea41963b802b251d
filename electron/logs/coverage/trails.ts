import type { ReadableDb } from '../../../db/handle.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { entries } from '../../../db/ledger/read.ts';
import { membersOf, supersededIn } from '../../engagement/view.ts';
import { kmsEventsOf } from '../../providers/aws/normalise/selectors.ts';
import { objects, type JsonObject } from '../../providers/aws/normalise/wire.ts';
import { asObject, asText } from '../cloudtrail/parse-record.ts';

/** A trail as far as coverage needs it. */
export interface CoverageTrail {
  arn: string;
  name: string;
  account: string;
  home: string;
  multiRegion: boolean;
  organization: boolean;
  validation: boolean;
  bucket: string;
  prefix: string;
  /** Which KMS events its selectors let pass. */
  kms: ReturnType<typeof kmsEventsOf>;
  /** By Region: whether it logs, when it was last started and stopped (ms UTC), and the entry that says so. */
  status: Map<string, { logging: boolean; started: number | null; stopped: number | null; seq: number }>;
  cites: number[];
}

/** Trails that the answers of a snapshot tell of, observed or imported; by ARN. */
export function coverageTrails(db: ReadableDb, snapshot: string): Map<string, CoverageTrail> {
  const trails = new Map<string, CoverageTrail>();
  for (const { body, seq } of answers(db, snapshot, 'DescribeTrails')) {
    for (const item of objects(body.trailList)) {
      const arn = asText(item.TrailARN);
      if (arn === null || trails.has(arn)) continue;
      trails.set(arn, {
        ...{ arn, name: asText(item.Name) ?? arn.split('/').at(-1)!, account: arn.split(':')[4] ?? '' },
        ...{ home: asText(item.HomeRegion) ?? arn.split(':')[3] ?? '' },
        multiRegion: item.IsMultiRegionTrail === true,
        organization: item.IsOrganizationTrail === true,
        validation: item.LogFileValidationEnabled === true,
        ...{ bucket: asText(item.S3BucketName) ?? '', prefix: asText(item.S3KeyPrefix) ?? '' },
        ...{ kms: 'unknown', status: new Map(), cites: [seq] },
      });
    }
  }
  const observed = new Set<string>();
  for (const { body, seq, live } of answers(db, snapshot, 'GetEventSelectors')) {
    const trail = trails.get(asText(body.TrailARN) ?? '');
    // Live answers come first; an export counts only where there is none.
    if (!trail || (!live && observed.has(trail.arn))) continue;
    if (live) observed.add(trail.arn);
    trail.kms = kmsEventsOf(objects(body.EventSelectors), objects(body.AdvancedEventSelectors));
    trail.cites.push(seq);
  }
  for (const { body, seq, params, scope, live } of answers(db, snapshot, 'GetTrailStatus')) {
    const name = asText(params.Name) ?? '';
    const trail = trails.get(name) ?? [...trails.values()].find((t) => t.name === name);
    if (!trail || typeof body.IsLogging !== 'boolean') continue;
    const region = scope.split('/')[1] ?? trail.home;
    if (!live && trail.status.has(region)) continue;
    trail.status.set(region, {
      logging: body.IsLogging,
      // AWS JSON writes times as seconds since 1970; saved CLI output as ISO 8601.
      started: timeOf(body.StartLoggingTime),
      stopped: timeOf(body.StopLoggingTime),
      seq,
    });
  }
  return trails;
}

/** Whether a trail logs that place at all. */
export function logsPlace(trail: CoverageTrail, account: string, region: string): boolean {
  return (trail.account === account || trail.organization) && (trail.multiRegion || trail.home === region);
}

interface ApiAnswer {
  seq: number;
  /** Observed, not exported by the client. */
  live: boolean;
  scope: string;
  params: JsonObject;
  body: JsonObject;
}

function* answers(db: ReadableDb, snapshot: string, action: string): Generator<ApiAnswer> {
  const op = `aws.cloudtrail.${action}`;
  const members = membersOf(db, snapshot);
  const superseded = supersededIn(db, snapshot);
  for (const { seq, facts, values } of entries(db, 'exchange', { op, snapshot: members })) {
    if (facts.outcome !== 'ok' || superseded?.by(facts.snapshot, facts.source)) continue;
    yield { seq, live: true, scope: facts.scope, ...parsed(db, values) };
  }
  for (const { seq, facts, values } of entries(db, 'import', { snapshot: members })) {
    if (facts.format !== op || facts.outcome !== 'ok') continue;
    yield { seq, live: false, scope: '', ...parsed(db, values) };
  }
}

function parsed(db: ReadableDb, values: Record<string, string>): { params: JsonObject; body: JsonObject } {
  const read = (text: string | undefined): JsonObject => {
    try {
      return text ? (asObject(JSON.parse(text)) as JsonObject) : {};
    } catch {
      return {};
    }
  };
  const body = values.body === undefined ? null : readBody(db, values.body);
  return { params: read(values.params), body: read(body?.toString('utf8').replace(/^\ufeff/, '')) };
}

function timeOf(value: unknown): number | null {
  if (typeof value === 'number') return Math.round(value * 1000);
  const ms = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(ms) ? null : ms;
}
