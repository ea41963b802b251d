import { canonicalJson } from '../../db/ledger/canonical-json.ts';
import type { EntryDraft } from '../../db/ledger/entry.ts';
import { sha256Hex } from '../../db/ledger/hash.ts';
import type { WritableDb } from '../../db/handle.ts';
import type { LedgerWriter } from '../../db/ledger/writer.ts';
import { declare, type Declared, type DeclarationKind } from '../../electron/engagement/declarations.ts';
import { defaultParameters, type PolicyParameters } from '../../electron/engagement/parameters.ts';
import { exchangeDraft, newEngagement } from './ledger.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
export const SNAPSHOT = 's1';
export const ANALYST = { name: 'Ann Analyst', email: null };

/** Id of the n-th key of a test, and its ARN. */
export const keyId = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const keyArn = (n: number, region = REGION, account = ACCOUNT): string =>
  `arn:aws:kms:${region}:${account}:key/${keyId(n)}`;

type Facts = Partial<EntryDraft<'exchange'>['facts']>;

/** Writes exchanges of the shapes AWS answers, one after the other. Times are fixed; each call waits for its commit. */
export class AwsLedger {
  readonly db: WritableDb;
  readonly writer: LedgerWriter;
  constructor() {
    const { db, writer } = newEngagement();
    this.db = db;
    this.writer = writer;
  }

  /** An answered call. */
  async ok(op: string, params: object, body: object | string, facts: Facts = {}): Promise<number> {
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    return this.#exchange(op, params, { bodyBytes: bytes.length, ...facts }, bytes);
  }

  /** A call that the provider answered with an error. */
  async fails(op: string, params: object, code: string, facts: Facts = {}): Promise<number> {
    const bytes = Buffer.from(JSON.stringify({ __type: code, message: `${code} said so` }));
    return this.#exchange(
      op,
      params,
      { outcome: 'error', httpStatus: 400, errorCode: code, bodyBytes: bytes.length, ...facts },
      bytes,
    );
  }

  /** A file the client gave, taken for the answer of an operation. */
  async file(format: string, name: string, body: object): Promise<number> {
    const bytes = Buffer.from(JSON.stringify(body));
    const { seq } = await this.writer.append(
      {
        kind: 'import',
        facts: {
          ...{ snapshot: SNAPSHOT, source: 'files-1', name, format, outcome: 'ok', reason: null },
          ...{ bodyClass: 'full', bodyBytes: bytes.length, sha256: sha256Hex(bytes) },
          modified: '2026-06-30T12:00:00.000Z',
        },
        sealed: { path: `export/${name}` },
      },
      { body: bytes },
    );
    return seq;
  }

  async declare<W extends DeclarationKind>(what: W, subject: string, value: Declared<W>): Promise<number> {
    return (await declare(this.writer, ANALYST, what, subject, value)).seq;
  }

  /** The engagement that controls measure against: first half of 2026. */
  async engagement(
    parameters: Partial<PolicyParameters> = {},
    type: 1 | 2 = 2,
    mode: 'management' | 'auditor' = 'auditor',
  ): Promise<void> {
    await this.declare('engagement', '', {
      client: 'Example',
      criteria: ['CC6.1'],
      mode,
      type,
      period: { from: '2026-01-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' },
      parameters: { ...defaultParameters, ...parameters },
      sample: false,
    });
    await this.declare('snapshot.open', SNAPSHOT, {
      sources: ['aws-1'],
      startedAt: '2026-07-01T10:00:00.000Z',
      tool: { name: 'keywitness', version: '0', node: '24', platform: 'test' },
    });
  }

  /** ListKeys at the start and at the end. */
  async lists(start: number[], end: number[] = start, facts: Facts = {}): Promise<void> {
    const body = (ids: number[]): object => ({
      Keys: ids.map((n) => ({ KeyId: keyId(n), KeyArn: keyArn(n, regionOf(facts)) })),
      Truncated: false,
    });
    await this.ok('aws.kms.ListKeys', { Limit: 1000 }, body(start), facts);
    await this.ok('aws.kms.ListKeys', { Limit: 1000 }, body(end), { ...facts, label: 'end' });
  }

  /** DescribeKey of an enabled customer managed symmetric key; override what the test is about. */
  async describe(n: number, metadata: object = {}, facts: Facts = {}): Promise<number> {
    return this.ok(
      'aws.kms.DescribeKey',
      { KeyId: keyArn(n, regionOf(facts)) },
      {
        KeyMetadata: {
          AWSAccountId: ACCOUNT,
          KeyId: keyId(n),
          Arn: keyArn(n, regionOf(facts)),
          CreationDate: Date.parse('2024-03-01T00:00:00Z') / 1000,
          Enabled: true,
          Description: `key ${n}`,
          KeyUsage: 'ENCRYPT_DECRYPT',
          KeyState: 'Enabled',
          Origin: 'AWS_KMS',
          KeyManager: 'CUSTOMER',
          KeySpec: 'SYMMETRIC_DEFAULT',
          MultiRegion: false,
          ...metadata,
        },
      },
      facts,
    );
  }

  /** GetKeyRotationStatus. */
  async rotation(n: number, enabled: boolean, days?: number): Promise<number> {
    return this.ok(
      'aws.kms.GetKeyRotationStatus',
      { KeyId: keyArn(n) },
      {
        KeyId: keyArn(n),
        KeyRotationEnabled: enabled,
        ...(enabled ? { RotationPeriodInDays: days ?? 365 } : {}),
      },
    );
  }

  /** ListKeyRotations: dates of past rotations. */
  async rotations(n: number, dates: string[], type = 'AUTOMATIC'): Promise<number> {
    const material = (i: number): string => i.toString(16).padStart(64, '0');
    return this.ok(
      'aws.kms.ListKeyRotations',
      { KeyId: keyArn(n), IncludeKeyMaterial: 'ALL_KEY_MATERIAL' },
      {
        Rotations: [
          { KeyId: keyArn(n), KeyMaterialId: material(0), KeyMaterialState: 'NON_CURRENT' },
          ...dates.map((date, i) => ({
            KeyId: keyArn(n),
            KeyMaterialId: material(i + 1),
            KeyMaterialState: i === dates.length - 1 ? 'CURRENT' : 'NON_CURRENT',
            RotationDate: Date.parse(date) / 1000,
            RotationType: type,
          })),
        ],
        Truncated: false,
      },
    );
  }

  async policy(n: number, policy: object): Promise<number> {
    return this.ok(
      'aws.kms.GetKeyPolicy',
      { KeyId: keyArn(n), PolicyName: 'default' },
      { Policy: JSON.stringify(policy), PolicyName: 'default' },
    );
  }

  async grants(n: number, grants: object[]): Promise<number> {
    return this.ok(
      'aws.kms.ListGrants',
      { KeyId: keyArn(n), Limit: 100 },
      { Grants: grants.map((g) => ({ KeyId: keyArn(n), ...g })), Truncated: false },
    );
  }

  async tags(n: number, tags: Record<string, string>): Promise<number> {
    return this.ok(
      'aws.kms.ListResourceTags',
      { KeyId: keyArn(n) },
      {
        Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
        Truncated: false,
      },
    );
  }

  async #exchange(op: string, params: object, facts: Facts, body: Buffer): Promise<number> {
    const draft = exchangeDraft({ op, ...facts });
    draft.sealed = { ...draft.sealed, params: canonicalJson(params) };
    const { seq } = await this.writer.append(draft, { body });
    return seq;
  }
}

function regionOf(facts: Facts): string {
  return facts.scope?.split('/')[1] ?? REGION;
}

/** A new engagement with an AWS ledger to write to; closed when the test ends. */
export function newAwsLedger(): AwsLedger {
  return new AwsLedger();
}
