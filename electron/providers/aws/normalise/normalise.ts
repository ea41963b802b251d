import type { WritableDb } from '../../../../db/handle.ts';
import type { Answer } from '../../../derive/answer.ts';
import { eventRules, metricFilters } from './alerts.ts';
import { getAccountAuthorizationDetails } from './iam.ts';
import { identityCenter } from './identity-center.ts';
import { getKeyPolicy, listGrants, listKeyRotations, listResourceTags } from './key-lists.ts';
import {
  describeCustomKeyStores,
  describeKey,
  getKeyLastUsage,
  getKeyRotationStatus,
  listAliases,
  listKeys,
} from './keys.ts';
import { BUCKET_SETTINGS, bucketSetting, describeLogGroups } from './log-stores.ts';
import { listRegions } from './regions.ts';
import { newTarget, type Target } from './target.ts';
import { describeTrails, getEventSelectors, getTrailStatus } from './trails.ts';

type Normalise = (answers: readonly Answer[], to: Target) => void;

/** Operations read one at a time, in the order in which later ones build on earlier ones. */
const IN_ORDER: readonly (readonly [action: string, normalise: Normalise])[] = [
  ['ListKeys', listKeys],
  ['DescribeKey', describeKey],
  ['ListAliases', listAliases],
  ['DescribeCustomKeyStores', describeCustomKeyStores],
  ['GetKeyRotationStatus', getKeyRotationStatus],
  ['ListKeyRotations', listKeyRotations],
  ['GetKeyPolicy', getKeyPolicy],
  ['ListGrants', listGrants],
  ['ListResourceTags', listResourceTags],
  ['GetKeyLastUsage', getKeyLastUsage],
  ['GetAccountAuthorizationDetails', getAccountAuthorizationDetails],
  ['DescribeTrails', describeTrails],
  ['GetTrailStatus', getTrailStatus],
  ['GetEventSelectors', getEventSelectors],
  ...Object.keys(BUCKET_SETTINGS).map((action) => [action, bucketSetting(action)] as const),
  ['DescribeLogGroups', describeLogGroups],
];

/**
 * Turns the AWS answers of one snapshot into provider-neutral rows.
 *
 * @param answersTo gives the deciding answers to one action, imported ones first; they are read once and let go.
 * @returns key policy texts by ledger entry.
 */
export function normaliseAws(
  db: WritableDb,
  snapshot: string,
  answersTo: (action: string) => readonly Answer[],
): { policies: ReadonlyMap<number, string> } {
  const to = newTarget(db, snapshot);
  const listing = answersTo('ListKeys');
  listRegions(answersTo('ListRegions'), listing, to);
  for (const [action, normalise] of IN_ORDER) {
    normalise(action === 'ListKeys' ? listing : answersTo(action), to);
  }
  identityCenter(
    {
      sets: answersTo('DescribePermissionSet'),
      assignments: answersTo('ListAccountAssignments'),
      groups: answersTo('DescribeGroup'),
      memberships: answersTo('ListGroupMemberships'),
      users: answersTo('DescribeUser'),
    },
    to,
  );
  eventRules(answersTo('ListRules'), answersTo('ListTargetsByRule'), to);
  metricFilters(answersTo('DescribeMetricFilters'), answersTo('DescribeAlarms'), to);
  return to;
}
