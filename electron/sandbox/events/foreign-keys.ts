import { callerArn, keyArn } from '../company/key-birth.ts';
import { randomFor } from '../company/random.ts';
import type { Actor, Company, SandboxKey } from '../company/types.ts';
import type { Bystanders } from './bystanders.ts';
import { deedOf, type Deed } from './deed.ts';
import type { CallerCache } from './key-use.ts';
import type { Scope } from './scope.ts';

/** The account in which AWS services hold keys they own, in this sample: one of AWS's documentation examples. */
export const AWS_OWNED_ACCOUNT = '555566667777';

export interface ForeignKeys {
  /** A key of the partner that production decrypts with. */
  partner: string;
  /** A key that belongs to an AWS service: logs name it, the account's key list never does. */
  awsOwned: string;
}

/** ARNs of keys that logs of this region name although they are in none of the company's accounts. */
export function foreignKeys(company: Company, region: string): ForeignKeys {
  const id = (owner: string): string => randomFor(company.seed, 'foreign-key', owner, region).uuid();
  return {
    partner: keyArn(region, company.partnerAccountId, id('partner')),
    awsOwned: keyArn(region, AWS_OWNED_ACCOUNT, id('aws')),
  };
}

export interface ForeignDeed {
  deed: Deed;
  weight: number;
  /** Ours, when they are used with success: the call happens only while they are in use. */
  keys?: SandboxKey[];
}

/** Uses of keys of others, use by others, and refused calls: what an extract must explain rather than drop. */
export function foreignDeeds(
  company: Company,
  scope: Scope,
  people: Bystanders,
  callers: CallerCache,
): ForeignDeed[] {
  const { accountId, region } = scope;
  const random = randomFor(company.seed, 'foreign-deed', accountId, region);
  const elsewhere = foreignKeys(company, region);
  const service = (invokedBy: string): Actor => ({
    kind: 'service',
    accountId,
    invokedBy,
    sourceIp: invokedBy,
    userAgent: invokedBy,
  });
  const kms = {
    eventSource: 'kms.amazonaws.com',
    region,
    accountId,
    readOnly: true,
    host: `kms.${region}.amazonaws.com`,
  };
  const key = (arn: string): { accountId: string; type: string; arn: string }[] => [
    { accountId: arn.split(':')[4]!, type: 'AWS::KMS::Key', arn },
  ];
  const deeds: ForeignDeed[] = [
    {
      weight: 2,
      deed: deedOf({
        ...kms,
        eventName: 'GenerateDataKey',
        caller: callers.of(service('dynamodb.amazonaws.com'), accountId),
        requestParameters: {
          keyId: elsewhere.awsOwned,
          encryptionContext: { 'aws:dynamodb:subscriberId': accountId },
          keySpec: 'AES_256',
        },
        resources: key(elsewhere.awsOwned),
        shared: true,
      }),
    },
    {
      weight: 3,
      deed: deedOf({
        ...kms,
        eventName: 'Decrypt',
        caller: callers.of(people.workloads[0]!, accountId),
        requestParameters: { encryptionAlgorithm: 'SYMMETRIC_DEFAULT', keyId: elsewhere.partner },
        resources: key(elsewhere.partner),
        shared: true,
      }),
    },
  ];
  for (const target of company.keys
    .filter(
      (k) =>
        k.accountId === accountId &&
        k.region === region &&
        k.manager === 'CUSTOMER' &&
        k.deletedAt === undefined,
    )
    .slice(0, 3)) {
    // Refused calls name the key in the message only.
    const actor = random.pick(people.people);
    deeds.push({
      weight: 1,
      deed: deedOf({
        ...kms,
        eventName: 'Decrypt',
        caller: callers.of(actor, accountId),
        requestParameters: null,
        errorCode: 'AccessDenied',
        errorMessage: `User: ${callerArn(actor)} is not authorized to perform: kms:Decrypt on resource: ${target.arn} because no identity-based policy allows the kms:Decrypt action`,
      }),
    });
  }
  return [...deeds, ...partnerDeeds(company, scope, callers), ...reEncryptDeeds(company, scope, callers)];
}

/** Calls that the partner makes with a key of ours which its policy opens to that account. */
function partnerDeeds(company: Company, scope: Scope, callers: CallerCache): ForeignDeed[] {
  const { accountId, region } = scope;
  const partner = company.partnerAccountId;
  const open = company.keys.find(
    (key) =>
      key.accountId === accountId &&
      key.region === region &&
      key.deletedAt === undefined &&
      key.story === 'cross-account-policy',
  );
  if (!open) return [];
  const random = randomFor(company.seed, 'partner-caller', region);
  const actor: Actor = {
    kind: 'role',
    accountId: partner,
    arn: `arn:aws:iam::${partner}:role/settlement-import`,
    principalId: `AROA${random.upper(17)}`,
    sessionName: 'settlement',
    sourceIp: '203.0.113.200',
    userAgent: 'aws-sdk-go-v2/1.39.4 ua/2.1 os/linux lang/go#1.25.1',
  };
  return [
    {
      weight: 2,
      keys: [open],
      deed: deedOf({
        eventSource: 'kms.amazonaws.com',
        eventName: 'Decrypt',
        region,
        accountId,
        readOnly: true,
        caller: callers.of(actor, accountId),
        requestParameters: { encryptionAlgorithm: 'SYMMETRIC_DEFAULT', keyId: open.arn },
        resources: [{ accountId, type: 'AWS::KMS::Key', arn: open.arn }],
        shared: true,
        host: `kms.${region}.amazonaws.com`,
      }),
    },
  ];
}

/** Data moved by hand from an old key to its successor: one call that uses two keys, source first. */
function reEncryptDeeds(company: Company, scope: Scope, callers: CallerCache): ForeignDeed[] {
  const { accountId, region } = scope;
  const here = company.keys.filter((key) => key.accountId === accountId && key.region === region);
  const old = here.find((key) => key.story === 'manual-rotation-old');
  const successor = here.find((key) => key.story === 'manual-rotation-new');
  const use = successor?.uses[0];
  if (!old || !successor || !use) return [];
  const materials = [old, successor].map((key) => key.materials.at(-1)?.id);
  return [
    {
      weight: 2,
      keys: [old, successor],
      deed: deedOf({
        eventSource: 'kms.amazonaws.com',
        eventName: 'ReEncrypt',
        region,
        accountId,
        readOnly: true,
        caller: callers.of(use.actor, accountId),
        requestParameters: {
          sourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
          sourceKeyId: old.arn,
          destinationKeyId: successor.arn,
          destinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        },
        additionalEventData: [
          { from: 0, value: { destinationKeyMaterialId: materials[1], sourceKeyMaterialId: materials[0] } },
        ],
        resources: [old, successor].map(({ arn }) => ({ accountId, type: 'AWS::KMS::Key', arn })),
        host: `kms.${region}.amazonaws.com`,
      }),
    },
  ];
}
