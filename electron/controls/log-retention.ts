import { exception, pass, results, undetermined, type Answer, type Control } from './control.ts';
import type { ControlContext } from './context.ts';
import { count, day, daysBetween } from './dates.ts';
import { isKnown, items, logStores, valueOf, type LogStore } from './log-stores.ts';
import { policyText } from './policy-text.ts';
import { throughout } from './throughout.ts';

const ID = 'log-retention';

/** Logs are kept as long as policy asks, and at least through the period. */
export const logRetention: Control = {
  id: ID,
  title: 'Logs are kept as long as policy and period ask',
  finding: 'logging',
  criteria: ['CC7.2'],
  question:
    'Are logs kept at least as long as policy asks, and do they still reach back to the start of the period?',
  method:
    'Read the lifecycle rules of each log bucket (the shortest expiry among enabled rules that reach the trail’s prefix) and the retention of each log group that trails deliver to. For the period, read logged changes of the bucket.',
  permissions: ['s3:GetLifecycleConfiguration', 'logs:DescribeLogGroups'],
  remediation: 'Keep logs longer: change the lifecycle rule or the retention of the log group.',
  standards: [{ name: 'NIST SP 800-53', version: 'Rev. 5', ref: 'AU-11' }],
  appliesTo: 'buckets and log groups that trails deliver to',
  test: (context) =>
    logStores(context).flatMap((store) => {
      const now = storeNow(context, store);
      const trail = store.trails[0]!;
      return results(ID, 'log store', store.name, {
        collection: now,
        period: throughout(context, {
          subject: store.name,
          account: trail.account,
          region: trail.home_region,
          settings: ['bucket'],
          created: null,
          now,
          what: `${store.kind} ${store.name} kept logs long enough`,
        }),
      });
    }),
};

function storeNow(context: ControlContext, store: LogStore): Answer {
  const row = store.settings.get(store.kind === 'bucket' ? 'lifecycle' : 'retention');
  const cites = [...store.trails.map((t) => t.seq), ...(row ? [row.seq] : [])];
  const name = `${store.kind === 'bucket' ? 'Bucket' : 'Log group'} ${store.name}`;
  if (!isKnown(row)) {
    const why = row?.code ?? row?.status ?? 'not asked';
    return undetermined(
      `${name}: how long it keeps logs could not be read (${why}).`,
      cites,
      row?.code ?? null,
    );
  }
  const { engagement, collectedAt } = context;
  const policy = engagement.parameters.logRetentionDays;
  const days =
    store.kind === 'bucket' ? shortestExpiry(store) : Number((valueOf(row) ?? {}).days ?? Infinity);
  if (!Number.isFinite(days)) return pass(`${name} deletes nothing by itself.`, cites);
  const asked = `policy asks for ${count(policy.value, 'day')} (${policyText(policy)})`;
  const back = daysBetween(engagement.period.from, collectedAt);
  if (days < policy.value) return exception(`${name} keeps logs for ${count(days, 'day')}; ${asked}.`, cites);
  if (days < back) {
    return exception(
      `${name} keeps logs for ${count(days, 'day')}, but the period began ${count(back, 'day')} before collection, on ${day(engagement.period.from)}: its first logs are gone.`,
      cites,
    );
  }
  return pass(`${name} keeps logs for ${count(days, 'day')}; ${asked}.`, cites);
}

/** Days after which the first enabled rule that reaches a trail's prefix deletes current objects; Infinity for never. */
function shortestExpiry(store: LogStore): number {
  const rules = items((valueOf(store.settings.get('lifecycle')) ?? {}).Rule);
  const days = rules
    .filter(
      (rule) => rule.Status === 'Enabled' && store.trails.some((t) => overlaps(prefixOf(rule), t.prefix)),
    )
    .map((rule) => Number((rule.Expiration as { Days?: unknown } | undefined)?.Days ?? Infinity))
    .filter((n) => !Number.isNaN(n));
  return Math.min(Infinity, ...days);
}

function prefixOf(rule: Record<string, unknown>): string {
  const filter = rule.Filter as { Prefix?: unknown; And?: { Prefix?: unknown } } | undefined;
  const prefix = rule.Prefix ?? filter?.Prefix ?? filter?.And?.Prefix;
  return typeof prefix === 'string' ? prefix : '';
}

function overlaps(rulePrefix: string, trailPrefix: string | null): boolean {
  const path = `${trailPrefix === null ? '' : `${trailPrefix}/`}AWSLogs/`;
  return path.startsWith(rulePrefix) || rulePrefix.startsWith(path);
}
