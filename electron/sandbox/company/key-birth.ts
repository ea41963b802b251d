import type { Frame } from './frame.ts';
import { trailDate } from './time.ts';
import type {
  Actor,
  Change,
  Instant,
  KeyOrigin,
  KeySpec,
  KeyState,
  KeyUsage,
  PolicyDocument,
  SandboxKey,
} from './types.ts';

/** What a key is made with. */
export interface KeyBirth {
  story: string;
  accountId: string;
  region: string;
  createdAt: Instant;
  by: Actor;
  description: string;
  policy: PolicyDocument;
  tags: Record<string, string>;
  spec?: KeySpec;
  usage?: KeyUsage;
  origin?: KeyOrigin;
  /** Given for multi-Region replicas, which have their primary's id. */
  keyId?: string;
  multiRegion?: SandboxKey['multiRegion'];
  customKeyStoreId?: string;
  cloudHsmClusterId?: string;
  xksKeyId?: string;
  state?: KeyState;
}

/** The id of the key of this story, known before the key is built. */
export const keyIdOf = (frame: Frame, story: string, multiRegion = false): string => {
  const random = frame.random('key', story);
  return multiRegion ? `mrk-${random.hex(32)}` : random.uuid();
};
export const keyArn = (region: string, accountId: string, keyId: string): string =>
  `arn:aws:kms:${region}:${accountId}:key/${keyId}`;

export const awsInternal = (accountId: string): Actor => ({
  kind: 'service',
  accountId,
  invokedBy: 'AWS Internal',
  sourceIp: 'AWS Internal',
  userAgent: 'AWS Internal',
});

/** The caller as error messages and userIdentity.arn name it. */
export function callerArn(actor: Actor): string {
  if (actor.kind !== 'role' || !actor.arn)
    return actor.arn ?? actor.invokedBy ?? `arn:aws:iam::${actor.accountId}:root`;
  return `arn:aws:sts::${actor.accountId}:assumed-role/${actor.arn.split('/').at(-1)}/${actor.sessionName ?? 'session'}`;
}

/** Adds a change to the history. */
export type LogChange = (
  at: Instant,
  by: Actor,
  eventName: string,
  requestParameters: Change['requestParameters'],
  extra?: Partial<Change>,
) => void;

/** Tags as KMS requests log them. */
export const tagList = (tags: Record<string, string>): { tagKey: string; tagValue: string }[] =>
  Object.entries(tags).map(([tagKey, tagValue]) => ({ tagKey, tagValue }));

/** Logs how the key came to be: CreateKey, or ReplicateKey for a replica. */
export function logBirth(birth: KeyBirth, key: SandboxKey, log: LogChange): void {
  const { keyId, arn, spec, usage, origin } = key;
  const multiRegion = birth.multiRegion !== undefined;
  const metadata = {
    aWSAccountId: birth.accountId,
    keyId,
    arn,
    creationDate: trailDate(birth.createdAt),
    enabled: key.state === 'Enabled',
    description: birth.description,
    keyUsage: usage,
    keyState: key.state,
    origin,
    keyManager: 'CUSTOMER',
    customerMasterKeySpec: spec,
    keySpec: spec,
    multiRegion,
  };
  if (birth.multiRegion?.type !== 'REPLICA') {
    log(
      birth.createdAt,
      birth.by,
      'CreateKey',
      {
        keySpec: spec,
        customerMasterKeySpec: spec,
        keyUsage: usage,
        origin,
        multiRegion,
        description: birth.description,
        tags: tagList(birth.tags),
        policy: JSON.stringify(birth.policy),
        bypassPolicyLockoutSafetyCheck: false,
        ...(birth.customKeyStoreId === undefined ? {} : { customKeyStoreId: birth.customKeyStoreId }),
        ...(birth.xksKeyId === undefined ? {} : { xksKeyId: birth.xksKeyId }),
      },
      { responseElements: { keyMetadata: metadata } },
    );
  } else {
    // ReplicateKey is called, and logged, in the primary key's Region.
    log(
      birth.createdAt,
      birth.by,
      'ReplicateKey',
      {
        keyId,
        replicaRegion: birth.region,
        description: birth.description,
        tags: tagList(birth.tags),
        policy: JSON.stringify(birth.policy),
        bypassPolicyLockoutSafetyCheck: false,
      },
      {
        region: birth.multiRegion.primaryRegion,
        keyArn: birth.multiRegion.primaryArn,
        responseElements: {
          replicaKeyMetadata: metadata,
          replicaPolicy: JSON.stringify(birth.policy),
          replicaTags: tagList(birth.tags),
        },
      },
    );
  }
}
