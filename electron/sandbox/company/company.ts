import { addAwsManagedKeys } from './aws-managed-keys.ts';
import { addOrdinaryKeys } from './bulk-keys.ts';
import { tellAccessStories } from './catalogue-access.ts';
import { tellCustodyStories } from './catalogue-custody.ts';
import { tellGrantStories } from './catalogue-grants.ts';
import { tellMultiRegionStories } from './catalogue-multi-region.ts';
import { tellKindStories } from './catalogue-kinds.ts';
import { tellLifecycleStories, trailKeyArn } from './catalogue-lifecycle.ts';
import { tellRotationStories } from './catalogue-rotation.ts';
import { frameOf, SandboxError, type Frame } from './frame.ts';
import { LOCAL_BUCKET, ORGANIZATION_BUCKET } from './buckets.ts';
import { buildIdentityCenter } from './identity-center.ts';
import { buildLogging } from './logging.ts';
import { buildPeople, type People } from './people.ts';
import type {
  Change,
  Company,
  CompanyOptions,
  CustomKeyStore,
  PredefinedAlias,
  SandboxKey,
  TruthRow,
} from './types.ts';
import { buildWorld } from './world.ts';

export const MAX_KEYS = 100_000;

/**
 * The sample company of these options. The same options give the same company, to the byte.
 * @throws SandboxError bad-option
 */
export function buildCompany(options: CompanyOptions = {}): Company {
  const frame = frameOf(options);
  const auditorExternalId = `kw-${frame.random('external-id').hex(20)}`;
  const people = buildPeople(frame, {
    trailBuckets: [ORGANIZATION_BUCKET, LOCAL_BUCKET],
    trailKeyArn: trailKeyArn(frame),
    externalId: auditorExternalId,
  });
  const world = buildWorld(frame, people);
  let customKeyStores: CustomKeyStore[] = [];
  if (options.catalogue ?? true) {
    tellRotationStories(world);
    tellKindStories(world);
    customKeyStores = tellCustodyStories(world);
    tellMultiRegionStories(world);
    tellAccessStories(world);
    tellGrantStories(world);
    tellLifecycleStories(world);
    addAwsManagedKeys(world);
    addIamChanges(frame, people, world.history);
  }
  addOrdinaryKeys(world, ordinaryCount(options, world.keys), bulkRegions(options, frame));
  const logging = buildLogging(frame, people, world.history);
  world.history.sort((a, b) => a.at - b.at || (a.eventId < b.eventId ? -1 : 1));
  return {
    seed: frame.seed,
    asOf: frame.asOf,
    now: frame.now,
    period: frame.period,
    name: frame.name,
    organizationId: frame.organizationId,
    accounts: frame.accounts,
    partnerAccountId: frame.partnerAccountId,
    regions: frame.regions,
    enabledRegions: frame.enabledRegions,
    keys: world.keys,
    customKeyStores,
    predefinedAliases: predefinedAliases(frame),
    users: people.users,
    roles: people.roles,
    groups: people.groups,
    identityCenter: buildIdentityCenter(frame),
    policies: people.policies,
    ...logging,
    history: world.history,
    truthTable: (options.catalogue ?? true) ? truthTable(world.keys) : [],
    usageTrackingStart: frame.usageTrackingStart,
    auditorExternalId,
  };
}

/** The catalogue key of this story. @throws RangeError when there is none. */
export function keyOf(company: Company, story: string): SandboxKey {
  const key = company.keys.find((k) => k.story === story);
  if (!key) throw new RangeError(`cannot find the key of story ${story}: the sample company has none`);
  return key;
}

function ordinaryCount(options: CompanyOptions, existing: SandboxKey[]): number {
  const catalogue = existing.filter(
    (key) => key.manager === 'CUSTOMER' && key.deletedAt === undefined,
  ).length;
  const wanted = options.keys ?? ((options.catalogue ?? true) ? catalogue : 60);
  if (!Number.isInteger(wanted) || wanted < catalogue || wanted > MAX_KEYS) {
    throw new SandboxError(
      'bad-option',
      `cannot build the sample company: keys is ${wanted}. Use a whole number from ${catalogue} to ${MAX_KEYS}.`,
    );
  }
  return wanted - catalogue;
}

function bulkRegions(options: CompanyOptions, frame: Frame): string[] {
  const regions = options.bulkRegions ?? frame.enabledRegions;
  const unknown = regions.find((region) => !frame.enabledRegions.includes(region));
  if (unknown !== undefined || regions.length === 0) {
    throw new SandboxError(
      'bad-option',
      `cannot build the sample company: "${unknown ?? ''}" is not an enabled Region. Use ${frame.enabledRegions.join(', ')}.`,
    );
  }
  return regions;
}

/** AWS predefines an alias for each of its services; until first use it points to no key. */
function predefinedAliases(frame: Frame): PredefinedAlias[] {
  return frame.accounts.flatMap((account) =>
    frame.enabledRegions.flatMap((region) =>
      ['alias/aws/dynamodb', 'alias/aws/lambda'].map((name) => ({ accountId: account.id, region, name })),
    ),
  );
}

/** IAM changes of the period that widen who can use keys. Global services log in us-east-1. */
function addIamChanges(frame: Frame, people: People, history: Change[]): void {
  const push = (
    days: number,
    eventName: string,
    actor: string,
    requestParameters: Record<string, unknown>,
  ): void => {
    history.push({
      at: frame.daysAgo(days, 'iam', eventName),
      accountId: frame.production,
      region: 'us-east-1',
      eventSource: 'iam.amazonaws.com',
      eventName,
      eventType: 'AwsApiCall',
      actor: people.actor(actor),
      eventId: frame.random('iam-change', eventName, days).uuid(),
      requestParameters,
      responseElements: null,
    });
  };
  push(57, 'AttachRolePolicy', 'maria.lopez', {
    roleName: 'warehouse-etl',
    policyArn: `arn:aws:iam::${frame.production}:policy/data-platform-decrypt`,
  });
  const debug = people.users.find((user) => user.name === 'priya.nair')?.inlinePolicies[0];
  push(21, 'PutUserPolicy', 'maria.lopez', {
    userName: 'priya.nair',
    policyName: debug?.name,
    policyDocument: JSON.stringify(debug?.document),
  });
}

/** The ten keys on which the field's tools were compared, and what is true of each. */
function truthTable(keys: SandboxKey[]): TruthRow[] {
  const row = (story: string, rotation: TruthRow['rotation'], extra: Partial<TruthRow> = {}): TruthRow => {
    const key = keys.find((k) => k.story === story)!;
    return {
      story,
      keyArn: key.arn,
      rotation,
      rotationDenied: false,
      everUsed: key.lastUse !== undefined,
      riskyGrant: false,
      ...extra,
    };
  };
  return [
    row('rotation-on', 'on'),
    row('rotation-off', 'off'),
    row('rsa-2048-sign', 'not-eligible'),
    row('hmac-256', 'not-eligible'),
    row('imported', 'not-possible'),
    row('disabled', 'disabled'),
    row('pending-deletion', 'pending-deletion'),
    row('rotation-denied', 'on', { rotationDenied: true }),
    row('never-used', 'on'),
    row('grant-unconstrained', 'on', { riskyGrant: true }),
  ];
}
