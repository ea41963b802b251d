import type { KeyListEntry } from '@aws-sdk/client-kms';
import { all, forEach } from '../../collect/for-each.ts';
import type { AwsRun } from './aws-run.ts';
import { scopeOf } from './aws-run.ts';
import { kms } from './operations/index.ts';
import { allPages } from './pages.ts';
import { rotationCalls } from './rotation-eligibility.ts';

/** Keys worked on at once in a region: enough to fill the rate budgets, few enough to keep memory flat. */
const KEYS_AT_ONCE = 64;

/** Everything KMS says about the keys of one region. */
export async function collectKeys(aws: AwsRun, region: string): Promise<void> {
  const [keys, managed] = await Promise.all([
    listKeys(aws, region, 'start'),
    listAliases(aws, region),
    listCustomKeyStores(aws, region),
  ]);
  const { tracker } = aws.run.asking;
  const perKey = [
    kms.describeKey,
    kms.getKeyPolicy,
    kms.listGrants,
    kms.listResourceTags,
    kms.getKeyLastUsage,
  ];
  for (const op of perKey) tracker.plan(op, scopeOf(aws, region), keys.length);

  await forEach(keys, KEYS_AT_ONCE, (key) => collectKey(aws, region, key, managed.has(key.KeyId!)));
  // The list again: keys that came or went meanwhile are the drift the pack reports.
  await listKeys(aws, region, 'end');
}

async function listKeys(aws: AwsRun, region: string, label: 'start' | 'end'): Promise<KeyListEntry[]> {
  const { pages } = await allPages(
    (Marker) => aws.ask(kms.listKeys, { Limit: 1000, ...(Marker && { Marker }) }, { region, label }),
    (page) => (page.Truncated ? page.NextMarker : undefined),
  );
  return pages.flatMap((page) => page.Keys ?? []).filter((key) => key.KeyId !== undefined);
}

/** Reads all aliases; returns the ids of keys that an AWS service manages. */
async function listAliases(aws: AwsRun, region: string): Promise<Set<string>> {
  const { pages } = await allPages(
    (Marker) => aws.ask(kms.listAliases, { Limit: 100, ...(Marker && { Marker }) }, { region }),
    (page) => (page.Truncated ? page.NextMarker : undefined),
  );
  const aliases = pages.flatMap((page) => page.Aliases ?? []);
  const managed = aliases.filter((alias) => alias.AliasName?.startsWith('alias/aws/') && alias.TargetKeyId);
  return new Set(managed.map((alias) => alias.TargetKeyId!));
}

async function listCustomKeyStores(aws: AwsRun, region: string): Promise<void> {
  await allPages(
    (Marker) => aws.ask(kms.describeCustomKeyStores, { Limit: 100, ...(Marker && { Marker }) }, { region }),
    (page) => (page.Truncated ? page.NextMarker : undefined),
  );
}

async function collectKey(aws: AwsRun, region: string, key: KeyListEntry, awsManaged: boolean) {
  const KeyId = key.KeyId!;
  const where = { region };
  await all([
    collectRotation(aws, region, KeyId, awsManaged),
    aws.ask(kms.getKeyPolicy, { KeyId, PolicyName: 'default' }, where),
    aws.ask(kms.getKeyLastUsage, { KeyId }, where),
    allPages(
      (Marker) => aws.ask(kms.listGrants, { KeyId, Limit: 100, ...(Marker && { Marker }) }, where),
      (page) => (page.Truncated ? page.NextMarker : undefined),
    ),
    allPages(
      (Marker) => aws.ask(kms.listResourceTags, { KeyId, Limit: 50, ...(Marker && { Marker }) }, where),
      (page) => (page.Truncated ? page.NextMarker : undefined),
    ),
  ]);
}

async function collectRotation(aws: AwsRun, region: string, KeyId: string, awsManaged: boolean) {
  const where = { region };
  const described = await aws.ask(kms.describeKey, { KeyId }, where);
  const metadata = described.ok ? (described.output.KeyMetadata ?? null) : null;
  const calls = rotationCalls(metadata, awsManaged);
  await all([
    ...(calls.status ? [aws.ask(kms.getKeyRotationStatus, { KeyId }, where)] : []),
    ...(calls.history
      ? [
          allPages(
            (Marker) =>
              aws.ask(
                kms.listKeyRotations,
                {
                  KeyId,
                  IncludeKeyMaterial: 'ALL_KEY_MATERIAL',
                  Limit: 1000,
                  ...(Marker && { Marker }),
                },
                where,
              ),
            (page) => (page.Truncated ? page.NextMarker : undefined),
          ),
        ]
      : []),
  ]);
}
