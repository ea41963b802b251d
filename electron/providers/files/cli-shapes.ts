import { asObject, asText, type JsonObject } from '../../logs/cloudtrail/parse-record.ts';

/** What a saved answer needs besides its content to be of use. */
type Needs = 'nothing' | 'key' | 'trail';

interface Shape {
  /** Operation id. */
  op: string;
  /** Command of the AWS CLI that gives it, for messages. */
  command: string;
  fits: (answer: JsonObject) => boolean;
  needs?: Needs;
}

const has =
  (...names: string[]) =>
  (answer: JsonObject) =>
    names.every((name) => name in answer);
const listOf = (name: string, member: string) => (answer: JsonObject) => {
  const items = answer[name];
  return Array.isArray(items) && items.every((item) => member in asObject(item));
};
/** A list may be empty; then only the rest of the answer tells what it is. */
const filled = (name: string, member: string) => (answer: JsonObject) =>
  listOf(name, member)(answer) && (answer[name] as unknown[]).length > 0;

/**
 * Answers of AWS calls as the AWS CLI saves them (`--output json`), told apart by their members. The first that fits
 * counts.
 */
const SHAPES: readonly Shape[] = [
  { op: 'aws.kms.DescribeKey', command: 'kms describe-key', fits: has('KeyMetadata') },
  { op: 'aws.kms.ListKeys', command: 'kms list-keys', fits: listOf('Keys', 'KeyArn') },
  { op: 'aws.kms.ListAliases', command: 'kms list-aliases', fits: listOf('Aliases', 'AliasArn') },
  { op: 'aws.kms.ListGrants', command: 'kms list-grants', fits: filled('Grants', 'KeyId') },
  { op: 'aws.kms.ListGrants', command: 'kms list-grants', fits: listOf('Grants', 'KeyId'), needs: 'key' },
  { op: 'aws.kms.ListKeyRotations', command: 'kms list-key-rotations', fits: filled('Rotations', 'KeyId') },
  {
    op: 'aws.kms.ListKeyRotations',
    command: 'kms list-key-rotations',
    fits: listOf('Rotations', 'RotationDate'),
    needs: 'key',
  },
  {
    op: 'aws.kms.GetKeyRotationStatus',
    command: 'kms get-key-rotation-status',
    fits: has('KeyRotationEnabled'),
    needs: 'key',
  },
  { op: 'aws.kms.GetKeyPolicy', command: 'kms get-key-policy', fits: isKeyPolicy, needs: 'key' },
  {
    op: 'aws.kms.ListResourceTags',
    command: 'kms list-resource-tags',
    fits: listOf('Tags', 'TagKey'),
    needs: 'key',
  },
  {
    op: 'aws.kms.GetKeyLastUsage',
    command: 'kms get-key-last-usage',
    fits: (a) => 'TrackingStartDate' in a || 'KeyLastUsage' in a,
    needs: 'key',
  },
  {
    op: 'aws.kms.DescribeCustomKeyStores',
    command: 'kms describe-custom-key-stores',
    fits: listOf('CustomKeyStores', 'CustomKeyStoreId'),
  },
  {
    op: 'aws.iam.GetAccountAuthorizationDetails',
    command: 'iam get-account-authorization-details',
    fits: (a) =>
      ['UserDetailList', 'RoleDetailList', 'GroupDetailList', 'Policies'].some((m) => Array.isArray(a[m])),
  },
  {
    op: 'aws.cloudtrail.DescribeTrails',
    command: 'cloudtrail describe-trails',
    fits: listOf('trailList', 'TrailARN'),
  },
  {
    op: 'aws.cloudtrail.GetTrailStatus',
    command: 'cloudtrail get-trail-status',
    fits: has('IsLogging'),
    needs: 'trail',
  },
  {
    op: 'aws.cloudtrail.GetEventSelectors',
    command: 'cloudtrail get-event-selectors',
    fits: (a) => 'TrailARN' in a && ('EventSelectors' in a || 'AdvancedEventSelectors' in a),
  },
  {
    op: 'aws.cloudtrail.ListPublicKeys',
    command: 'cloudtrail list-public-keys',
    fits: listOf('PublicKeyList', 'Fingerprint'),
  },
  {
    op: 'aws.sts.GetCallerIdentity',
    command: 'sts get-caller-identity',
    fits: has('UserId', 'Account', 'Arn'),
  },
  // Metadata of a digest file, which holds its signature.
  { op: 'aws.s3.HeadObject', command: 's3api head-object', fits: has('Metadata', 'ETag') },
];

/** A bucket's policy has the same member; what it speaks of tells them apart. */
function isKeyPolicy(answer: JsonObject): boolean {
  const policy = asText(answer.Policy);
  if (policy === null) return false;
  return 'PolicyName' in answer || (/"kms:/i.test(policy) && !/"s3:/i.test(policy));
}

/** A saved answer that was recognised. */
export interface CliAnswer {
  op: string;
  /** What was asked, when only the file's name says it. */
  params: Record<string, string> | null;
}

const KEY_ID = /mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/**
 * Recognises a saved answer. `name` is the file's name, `folder` the name of its folder: where an answer does not say
 * which key or trail it is about, one of them must, for example `get-key-policy_<key id>.json` or
 * `get-trail-status_<trail>.json`.
 *
 * @returns the reason, in words, when it is none of the answers this program can use.
 */
export function recogniseCli(
  answer: JsonObject,
  name: string,
  folder: string,
): CliAnswer | { reason: string } {
  const shape = SHAPES.find(({ fits }) => fits(answer));
  if (!shape) return { reason: foreignReason(answer) };
  const { op, command } = shape;
  if (shape.needs === 'key' && asText(answer.KeyId) === null) {
    const key = KEY_ID.exec(name)?.[0] ?? KEY_ID.exec(folder)?.[0];
    if (key) return { op, params: { KeyId: key } };
    const file = `${command.split(' ')[1]}_<key id>.json`;
    return {
      reason: `the answer of "aws ${command}" does not say which key it is about. Name the file after its key, for example ${file}`,
    };
  }
  if (shape.needs === 'trail') {
    const trail = /trail[-_]status[-_.](.+?)\.json$/i.exec(name)?.[1];
    if (trail) return { op, params: { Name: trail } };
    return {
      reason: `the answer of "aws ${command}" does not say which trail it is about. Name the file after it, for example get-trail-status_<trail>.json`,
    };
  }
  return { op, params: null };
}

function foreignReason(answer: JsonObject): string {
  if ('Statement' in answer && 'Version' in answer) {
    return 'it is a bare policy document. Save the whole answer of "aws kms get-key-policy" instead, which says how it was obtained';
  }
  const members = Object.keys(answer).slice(0, 4).join(', ');
  return members
    ? `it is JSON, but no answer that this program knows (it holds ${members.slice(0, 120)})`
    : 'it is an empty JSON object';
}
