import { iterateGrants, iteratePrincipals, type GrantRow } from '../../db/derived/access.ts';
import { iterateKeys, type KeyRow } from '../../db/derived/keys.ts';
import type { ReadableDb } from '../../db/handle.ts';
import type { AwsAccount, AwsKey, KmsGrant } from '../access/aws/model.ts';
import { asObject } from '../providers/aws/normalise/wire.ts';

/** Derived rows in the shape that the AWS evaluator reads, with the ledger entries behind each key. */
export interface AccessSources {
  keys: AwsKey[];
  accounts: AwsAccount[];
  cites: Map<string, number[]>;
}

/** Reads what decides access to the customer managed keys of a snapshot. */
export function accessSources(
  db: ReadableDb,
  snapshot: string,
  texts: ReadonlyMap<number, string>,
): AccessSources {
  const rows = [...iterateKeys(db, snapshot)].filter(
    (key) =>
      key.provider === 'aws' &&
      key.belongs === 'inventory' &&
      key.manager !== 'provider' &&
      key.basis !== 'logged',
  );
  const accounts = [...new Set(rows.map((key) => key.account))]
    .sort()
    .map((id) => accountOf(db, snapshot, id));
  const iamSeqs = new Map(accounts.map(({ account, seqs }) => [account.accountId, seqs]));
  const grants = Map.groupBy(iterateGrants(db, snapshot), (grant) => grant.key);
  const answers = answersByKey(db, snapshot);
  const policies = policyTexts(db, snapshot, texts);
  const aliases = namesByKey(db, snapshot);
  const tags = tagsByKey(db, snapshot);
  const cites = new Map<string, number[]>();
  const keys = rows.map((row) => {
    const asked = answers.get(row.id) ?? [];
    const seqs = asked.flatMap((answer) => (answer.seq === null ? [] : [answer.seq]));
    cites.set(
      row.id,
      [...new Set([...seqs, ...(iamSeqs.get(row.account) ?? [])])].sort((a, b) => a - b),
    );
    return awsKey(row, asked, {
      policy: policies.get(row.id),
      grants: grants.get(row.id),
      aliases: aliases.get(row.id),
      tags: tags.get(row.id),
    });
  });
  return { keys, accounts: accounts.map((a) => a.account), cites };
}

interface Asked {
  key: string;
  op: string;
  status: string;
  code: string | null;
  seq: number | null;
}

function awsKey(
  row: KeyRow,
  asked: readonly Asked[],
  found: {
    policy: string | undefined;
    grants: GrantRow[] | undefined;
    aliases: string[] | undefined;
    tags: { TagKey: string; TagValue: string }[] | undefined;
  },
): AwsKey {
  const statusOf = (op: string): Asked | undefined => asked.find((answer) => answer.op === op);
  const ok = (op: string): boolean => statusOf(op)?.status === 'ok';
  const why = (op: string): string => {
    const answer = statusOf(op);
    return `${op} was ${answer?.status ?? 'not-asked'}${answer?.code ? ` (${answer.code})` : ''}`;
  };
  return {
    arn: row.id,
    accountId: row.account,
    region: row.region,
    policy: found.policy ?? null,
    ...(found.policy === undefined ? { policyMissing: why('GetKeyPolicy') } : {}),
    grants: ok('ListGrants') ? (found.grants ?? []).map(kmsGrant) : null,
    ...(ok('ListGrants') ? {} : { grantsMissing: why('ListGrants') }),
    ...(found.aliases ? { aliases: found.aliases } : {}),
    ...(ok('ListResourceTags') ? { tags: found.tags ?? [] } : {}),
    ...(row.usage === null ? {} : { keyUsage: row.usage }),
    ...(row.algorithm === null ? {} : { keySpec: row.algorithm }),
    ...(row.origin === null ? {} : { origin: row.origin }),
    ...(row.seq === null ? {} : { multiRegion: row.multi_region !== null }),
    ...(row.multi_region === null ? {} : { multiRegionKeyType: row.multi_region.toUpperCase() }),
  };
}

function kmsGrant(row: GrantRow): KmsGrant {
  return {
    GrantId: row.grant_id,
    Name: row.name ?? undefined,
    GranteePrincipal: row.grantee ?? undefined,
    GranteeServicePrincipal: row.grantee_service ?? undefined,
    RetiringPrincipal: row.retiring ?? undefined,
    RetiringServicePrincipal: row.retiring_service ?? undefined,
    IssuingAccount: row.issuing_account ?? undefined,
    Operations: row.operations,
    Constraints: row.constraints ?? undefined,
  };
}

function answersByKey(db: ReadableDb, snapshot: string): Map<string, Asked[]> {
  const rows = db
    .prepare<[string], Asked>(
      `SELECT key, op, status, code, seq FROM key_answer
        WHERE snapshot = ? AND op IN ('GetKeyPolicy', 'ListGrants', 'ListResourceTags') ORDER BY key, op`,
    )
    .iterate(snapshot);
  return Map.groupBy(rows, (row) => row.key);
}

/** Policy texts by key; equal texts are one string, so that many keys cost little. */
function policyTexts(
  db: ReadableDb,
  snapshot: string,
  texts: ReadonlyMap<number, string>,
): Map<string, string> {
  const byHash = new Map<string, string>();
  const rows = db
    .prepare<[string], { key: string; sha256: string; seq: number }>(
      `SELECT key, sha256, seq FROM key_policy WHERE snapshot = ? AND name = 'default' ORDER BY key`,
    )
    .all(snapshot);
  return new Map(
    rows.map(({ key, sha256, seq }) => {
      const policy = byHash.get(sha256) ?? texts.get(seq) ?? '';
      byHash.set(sha256, policy);
      return [key, policy];
    }),
  );
}

function namesByKey(db: ReadableDb, snapshot: string): Map<string, string[]> {
  const rows = db
    .prepare<[string], { key: string; name: string }>(
      'SELECT key, name FROM key_alias WHERE snapshot = ? ORDER BY key, name',
    )
    .all(snapshot);
  return new Map([...Map.groupBy(rows, (r) => r.key)].map(([key, group]) => [key, group.map((r) => r.name)]));
}

function tagsByKey(db: ReadableDb, snapshot: string): Map<string, { TagKey: string; TagValue: string }[]> {
  const rows = db
    .prepare<[string], { key: string; TagKey: string; TagValue: string }>(
      'SELECT key, name AS TagKey, value AS TagValue FROM key_tag WHERE snapshot = ? ORDER BY key, name',
    )
    .all(snapshot);
  return Map.groupBy(rows, (row) => row.key);
}

/** An account's directory as IAM gave it; null with the reason when it was not read. */
function accountOf(db: ReadableDb, snapshot: string, id: string): { account: AwsAccount; seqs: number[] } {
  const iam: Record<'UserDetailList' | 'GroupDetailList' | 'RoleDetailList' | 'Policies', object[]> = {
    ...{ UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] },
  };
  const lists = {
    user: 'UserDetailList',
    group: 'GroupDetailList',
    role: 'RoleDetailList',
    policy: 'Policies',
  } as const;
  const seqs = new Set<number>();
  for (const principal of iteratePrincipals(db, snapshot, id)) {
    iam[lists[principal.kind]].push(asObject(principal.detail as Parameters<typeof asObject>[0]));
    seqs.add(principal.seq);
  }
  const missing = iamMissing(db, snapshot, id, seqs.size);
  return {
    account: {
      accountId: id,
      iam: seqs.size === 0 ? null : iam,
      ...(missing === null ? {} : { iamMissing: missing }),
    },
    seqs: [...seqs].sort((a, b) => a - b),
  };
}

function iamMissing(db: ReadableDb, snapshot: string, account: string, entries: number): string | null {
  const gap = db
    .prepare<[string, string], { reason: string; code: string | null }>(
      `SELECT reason, code FROM gap WHERE snapshot = ? AND op LIKE '%.GetAccountAuthorizationDetails'
          AND scope LIKE ? || '/%' ORDER BY n LIMIT 1`,
    )
    .get(snapshot, account);
  if (gap) return `GetAccountAuthorizationDetails was ${gap.reason}${gap.code ? ` (${gap.code})` : ''}`;
  return entries === 0 ? 'GetAccountAuthorizationDetails was not asked' : null;
}
