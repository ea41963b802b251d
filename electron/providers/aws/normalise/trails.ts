import type { Answer } from '../../../derive/answer.ts';
import { parseArn, placeOf } from './arn.ts';
import { kmsEventsOf } from './selectors.ts';
import type { Target } from './target.ts';
import { flag, moment, objects, text, type JsonObject } from './wire.ts';

const COLUMNS = [
  ...[
    'id',
    'source',
    'basis',
    'account',
    'home_region',
    'name',
    'multi_region',
    'organization',
    'global_events',
  ],
  ...['validation', 'bucket', 'prefix', 'log_group', 'key', 'selectors_status', 'kms_events', 'seq'],
];

/** DescribeTrails: a multi-Region trail shows in every Region; the answer of its home Region stands for it. */
export function describeTrails(answers: readonly Answer[], to: Target): void {
  const insert = to.into('trail', COLUMNS);
  const trails = new Map<string, { trail: JsonObject; answer: Answer; home: boolean }>();
  for (const answer of answers) {
    if (answer.status !== 'ok') continue;
    for (const trail of objects(answer.body().trailList)) {
      const id = text(trail.TrailARN);
      if (id === null) continue;
      const home = placeOf(answer.scope).region === text(trail.HomeRegion);
      if (!trails.has(id) || (home && !trails.get(id)!.home)) trails.set(id, { trail, answer, home });
    }
  }
  for (const [id, { trail, answer }] of trails) {
    const arn = parseArn(id);
    insert({
      id,
      source: answer.source,
      basis: answer.basis,
      account: arn?.account ?? placeOf(answer.scope).account,
      home_region: text(trail.HomeRegion) ?? arn?.region ?? '',
      name: text(trail.Name) ?? id,
      multi_region: flag(trail.IsMultiRegionTrail),
      organization: flag(trail.IsOrganizationTrail),
      global_events: flag(trail.IncludeGlobalServiceEvents),
      validation: flag(trail.LogFileValidationEnabled),
      bucket: text(trail.S3BucketName),
      prefix: text(trail.S3KeyPrefix),
      log_group: text(trail.CloudWatchLogsLogGroupArn),
      key: text(trail.KmsKeyId),
      selectors_status: 'not-asked',
      // Without selectors of its own a trail records all management events, those of KMS too.
      kms_events: flag(trail.HasCustomEventSelectors) === false ? 'all' : 'unknown',
      seq: answer.seq,
    });
  }
}

/** GetTrailStatus, asked in every Region that shows the trail: its answer is the Region's own. */
export function getTrailStatus(answers: readonly Answer[], to: Target): void {
  const insert = to.into('trail_status', [
    ...['trail', 'region', 'status', 'code', 'logging', 'latest_delivery', 'latest_delivery_error'],
    ...['latest_digest', 'latest_digest_error', 'started', 'stopped', 'seq'],
  ]);
  for (const answer of answers) {
    const trail = trailOf(to, answer, text(answer.params().Name));
    if (trail === null) continue;
    const body = answer.status === 'ok' ? answer.body() : {};
    insert({
      trail,
      region: placeOf(answer.scope).region || (parseArn(trail)?.region ?? ''),
      status: answer.status,
      code: answer.code,
      logging: flag(body.IsLogging),
      latest_delivery: moment(body.LatestDeliveryTime),
      latest_delivery_error: text(body.LatestDeliveryError),
      latest_digest: moment(body.LatestDigestDeliveryTime),
      latest_digest_error: text(body.LatestDigestDeliveryError),
      started: moment(body.StartLoggingTime),
      stopped: moment(body.StopLoggingTime),
      seq: answer.seq,
    });
  }
}

/** GetEventSelectors: what a trail leaves out. */
export function getEventSelectors(answers: readonly Answer[], to: Target): void {
  const update = to.db.prepare<(string | number | null)[]>(
    `UPDATE trail SET selectors = ?, advanced_selectors = ?, kms_events = ?, selectors_status = ?, selectors_code = ?,
       selectors_seq = ? WHERE snapshot = ? AND id = ?`,
  );
  const refused = to.db.prepare<(string | number | null)[]>(
    `UPDATE trail SET selectors_status = ?, selectors_code = ?, selectors_seq = ?
       WHERE snapshot = ? AND id = ? AND selectors_status <> 'ok'`,
  );
  for (const answer of answers) {
    const body = answer.status === 'ok' ? answer.body() : {};
    const trail = text(body.TrailARN) ?? trailOf(to, answer, text(answer.params().TrailName));
    if (trail === null) continue;
    if (answer.status !== 'ok') {
      refused.run(answer.status, answer.code, answer.seq, to.snapshot, trail);
      continue;
    }
    const basic = objects(body.EventSelectors);
    const advanced = objects(body.AdvancedEventSelectors);
    update.run(
      ...[JSON.stringify(basic), advanced.length > 0 ? JSON.stringify(advanced) : null],
      ...[kmsEventsOf(basic, advanced), 'ok', null, answer.seq, to.snapshot, trail],
    );
  }
}

/** A trail's ARN from how a request names it. */
function trailOf(to: Target, answer: Answer, name: string | null): string | null {
  if (name === null || name.startsWith('arn:')) return name;
  const { account, region } = placeOf(answer.scope);
  const row = to.db
    .prepare<string[], string>(
      'SELECT id FROM trail WHERE snapshot = ? AND name = ? AND account = ? ORDER BY home_region = ? DESC, id LIMIT 1',
    )
    .pluck()
    .get(to.snapshot, name, account, region);
  return row ?? null;
}
