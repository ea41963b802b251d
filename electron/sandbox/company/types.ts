/**
 * The sample company: what exists in it, who works there and what happened to its keys.
 *
 * Everything is data and a pure function of the options: the AWS servers answer from it, and the CloudTrail files are
 * written from it, so configuration and logs tell one story. Instants are milliseconds since 1970-01-01T00:00Z, UTC.
 */

/** Milliseconds since the Unix epoch, UTC. */
export type Instant = number;

export interface CompanyOptions {
  /** Any text; the same seed, asOf and sizes give the same company, byte for byte. Default 'meridian'. */
  seed?: string | undefined;
  /** The company's "now": nothing in it is dated later. ISO 8601 UTC. Default: today, 00:00Z. */
  asOf?: string | undefined;
  /** Days before asOf in which the stories happen. Default 90. At least 60. */
  periodDays?: number | undefined;
  /** Number of customer managed keys that exist at asOf. Default: the catalogue alone. Up to 100,000. */
  keys?: number | undefined;
  /** False leaves the catalogue of special keys out: every key is then an ordinary one (for benches). Default true. */
  catalogue?: boolean | undefined;
  /** Where keys beyond the catalogue are put (production account). Default: all enabled regions. */
  bulkRegions?: string[] | undefined;
}

export interface Account {
  id: string;
  name: string;
  alias: string;
  role: 'production' | 'security';
}

export type RegionStatus = 'ENABLED_BY_DEFAULT' | 'ENABLED' | 'DISABLED';

export interface RegionEntry {
  name: string;
  status: RegionStatus;
}

// ---------------------------------------------------------------------------------------------- people and services

/** A policy document as AWS writes it: Version, Statement[]. Kept as an object; servers serialise it. */
export interface PolicyDocument {
  Version?: string;
  Id?: string;
  Statement: PolicyStatement[];
}

export interface PolicyStatement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: '*' | Record<string, string | string[]>;
  NotPrincipal?: Record<string, string | string[]>;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface NamedPolicy {
  name: string;
  document: PolicyDocument;
}

interface PrincipalBase {
  accountId: string;
  name: string;
  path: string;
  /** Unique id: AIDA… (user), AROA… (role), AGPA… (group). */
  id: string;
  arn: string;
  createdAt: Instant;
  inlinePolicies: NamedPolicy[];
  attachedPolicyArns: string[];
  tags: Record<string, string>;
}

export interface IamUser extends PrincipalBase {
  groups: string[];
  boundaryArn?: string;
  /** True for a person, false for a user that a machine or a vendor signs in as. */
  human: boolean;
  accessKeyIds: string[];
}

export interface IamRole extends PrincipalBase {
  trust: PolicyDocument;
  boundaryArn?: string;
  kind: 'service' | 'service-linked' | 'sso' | 'cross-account' | 'auditor' | 'delivery';
  lastUsed?: { at: Instant; region: string };
}

export interface IamGroup extends Omit<PrincipalBase, 'tags'> {
  members: string[];
}

export interface ManagedPolicy {
  /** 'aws' for policies that AWS manages. */
  accountId: string;
  name: string;
  path: string;
  /** ANPA… */
  id: string;
  arn: string;
  description: string;
  createdAt: Instant;
  updatedAt: Instant;
  /** Oldest first; the last one is the default version. */
  versions: { id: string; createdAt: Instant; document: PolicyDocument }[];
}

/**
 * Who acted, enough to write a CloudTrail userIdentity.
 * - user: `arn` is the IAM user; `accessKeyId` set.
 * - role: `arn` is the IAM *role*; the caller is assumed-role/<role name>/<sessionName>.
 * - service: an AWS service acting by itself (`invokedBy`, e.g. 'AWS Internal' or 's3.amazonaws.com').
 * - root: the account's root user.
 */
export interface Actor {
  kind: 'user' | 'role' | 'service' | 'root';
  accountId: string;
  arn?: string;
  principalId?: string;
  userName?: string;
  sessionName?: string;
  accessKeyId?: string;
  invokedBy?: string;
  sourceIp: string;
  userAgent: string;
}

// ------------------------------------------------------------------------------------------------------------- keys

export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingImport' | 'Unavailable';
export type KeyOrigin = 'AWS_KMS' | 'EXTERNAL' | 'AWS_CLOUDHSM' | 'EXTERNAL_KEY_STORE';
export type KeyUsage = 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY' | 'GENERATE_VERIFY_MAC' | 'KEY_AGREEMENT';
export type KeySpec =
  | 'SYMMETRIC_DEFAULT'
  | 'RSA_2048'
  | 'RSA_3072'
  | 'RSA_4096'
  | 'ECC_NIST_P256'
  | 'ECC_NIST_P384'
  | 'ECC_SECG_P256K1'
  | 'HMAC_256'
  | 'HMAC_512';

/** One version of key material, as ListKeyRotations shows it. The first has neither rotatedAt nor type. */
export interface KeyMaterial {
  /** 64 hex digits. */
  id: string;
  state: 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION' | 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
  rotatedAt?: Instant;
  type?: 'AUTOMATIC' | 'ON_DEMAND';
  importState?: 'IMPORTED' | 'PENDING_IMPORT';
  validTo?: Instant;
  description?: string;
}

export interface Grant {
  id: string;
  name?: string;
  createdAt: Instant;
  /** Set when the grant no longer exists at asOf: ListGrants does not show it, the history does. */
  endedAt?: Instant;
  granteePrincipal: string;
  granteeServicePrincipal?: string;
  retiringPrincipal?: string;
  issuingAccount: string;
  operations: string[];
  constraints?: {
    EncryptionContextSubset?: Record<string, string>;
    EncryptionContextEquals?: Record<string, string>;
    SourceArn?: string;
  };
}

/** One way a key is used: the log writer draws from these by weight. */
export interface KeyUse {
  /** KMS operation, e.g. 'Decrypt', 'GenerateDataKey', 'Sign'. */
  operation: string;
  actor: Actor;
  weight: number;
  /** AWS service through which the call comes (kms:ViaService), e.g. 's3.amazonaws.com'. */
  via?: string;
  encryptionContext?: Record<string, string>;
}

/** The last successful cryptographic use. Logs must contain exactly this event, and no later use of the key. */
export interface LastUse {
  operation: string;
  at: Instant;
  /** CloudTrail eventID of that use. */
  eventId: string;
  /** KMS request id of that use. */
  requestId: string;
  actor: Actor;
}

export interface SandboxKey {
  /** What the key demonstrates; catalogue keys have a unique one, ordinary keys have 'ordinary'. */
  story: string;
  keyId: string;
  arn: string;
  accountId: string;
  region: string;
  description: string;
  manager: 'CUSTOMER' | 'AWS';
  spec: KeySpec;
  usage: KeyUsage;
  origin: KeyOrigin;
  state: KeyState;
  createdAt: Instant;
  createdBy: Actor;
  /** State PendingDeletion: the day it will be deleted, and the waiting period asked for. */
  deletionAt?: Instant;
  pendingWindowDays?: number;
  /** Set when the key was deleted and no longer exists at asOf: the API does not know it, the logs do. */
  deletedAt?: Instant;
  /** EXTERNAL origin: when the imported material expires or expired. */
  validTo?: Instant;
  customKeyStoreId?: string;
  cloudHsmClusterId?: string;
  xksKeyId?: string;
  multiRegion?: {
    type: 'PRIMARY' | 'REPLICA';
    primaryArn: string;
    primaryRegion: string;
    replicas: { arn: string; region: string }[];
  };
  /** Automatic rotation as it is at asOf. Undefined when the key type does not support it. */
  rotation?: { enabled: boolean; periodDays: number; nextAt?: Instant };
  /** Oldest first; the last CURRENT one is in use. Empty for key types without material ids. */
  materials: KeyMaterial[];
  /** Key policy text exactly as GetKeyPolicy returns it. */
  readonly policy: string;
  tags: Record<string, string>;
  /** Including those that ended (see endedAt). */
  grants: Grant[];
  /** Names with 'alias/'. */
  aliases: string[];
  uses: KeyUse[];
  /** Relative number of uses in the logs; 0 = never used. */
  useWeight: number;
  /** Uses happen only in this window (the key may be created, disabled or deleted inside the period). */
  usedFrom: Instant;
  usedTo: Instant;
  lastUse?: LastUse;
}

export interface CustomKeyStore {
  id: string;
  name: string;
  accountId: string;
  region: string;
  type: 'AWS_CLOUDHSM' | 'EXTERNAL_KEY_STORE';
  connectionState: 'CONNECTED' | 'DISCONNECTED' | 'FAILED';
  connectionErrorCode?: string;
  createdAt: Instant;
  cloudHsmClusterId?: string;
  xksProxy?: {
    connectivity: 'PUBLIC_ENDPOINT' | 'VPC_ENDPOINT_SERVICE';
    accessKeyId: string;
    uriEndpoint: string;
    uriPath: string;
  };
}

/** An alias that points to no key (predefined by AWS, not yet used). */
export interface PredefinedAlias {
  accountId: string;
  region: string;
  name: string;
}

// ---------------------------------------------------------------------------------------------------------- history

/** One dated change, in the words CloudTrail logs it: enough to write the event. */
export interface Change {
  at: Instant;
  accountId: string;
  region: string;
  /** e.g. 'kms.amazonaws.com' */
  eventSource: string;
  /** e.g. 'DisableKeyRotation' */
  eventName: string;
  /** AwsServiceEvent for what AWS does by itself (automatic RotateKey, DeleteKey at the end of the waiting period). */
  eventType: 'AwsApiCall' | 'AwsServiceEvent';
  actor: Actor;
  /** UUID, to be used as the event's eventID. */
  eventId: string;
  /** ARN of the key concerned. */
  keyArn?: string;
  /** CloudTrail requestParameters (camelCase), or null as for service events. */
  requestParameters: Record<string, unknown> | null;
  responseElements: Record<string, unknown> | null;
  /** For service events: serviceEventDetails. */
  serviceEventDetails?: Record<string, unknown>;
  additionalEventData?: Record<string, unknown>;
  errorCode?: string;
  errorMessage?: string;
}

// --------------------------------------------------------------------------------------------------------- logging

export interface EventSelector {
  ReadWriteType: 'All' | 'ReadOnly' | 'WriteOnly';
  IncludeManagementEvents: boolean;
  DataResources: { Type: string; Values: string[] }[];
  ExcludeManagementEventSources: string[];
}

export interface AdvancedEventSelector {
  Name?: string;
  FieldSelectors: {
    Field: string;
    Equals?: string[];
    StartsWith?: string[];
    EndsWith?: string[];
    NotEquals?: string[];
    NotStartsWith?: string[];
    NotEndsWith?: string[];
  }[];
}

export interface Trail {
  name: string;
  arn: string;
  /** The account that owns it. An organisation trail logs every account. */
  accountId: string;
  homeRegion: string;
  bucket: string;
  prefix?: string;
  multiRegion: boolean;
  organization: boolean;
  includeGlobalServiceEvents: boolean;
  logFileValidation: boolean;
  kmsKeyArn?: string;
  logGroupArn?: string;
  logGroupRoleArn?: string;
  snsTopicArn?: string;
  eventSelectors?: EventSelector[];
  advancedEventSelectors?: AdvancedEventSelector[];
  insightTypes: string[];
  createdAt: Instant;
  /** Half-open intervals in which logging was stopped; no `to` means still stopped at asOf. */
  stopped: { from: Instant; to?: Instant }[];
  tags: Record<string, string>;
}

export interface LifecycleRule {
  id: string;
  enabled: boolean;
  prefix: string;
  expirationDays?: number;
  transitions: { days: number; storageClass: string }[];
  noncurrentExpirationDays?: number;
}

export interface Bucket {
  name: string;
  accountId: string;
  region: string;
  createdAt: Instant;
  versioning: 'Enabled' | 'Suspended' | 'Never';
  mfaDelete: boolean;
  encryption: { algorithm: 'AES256' | 'aws:kms'; kmsKeyArn?: string; bucketKey: boolean };
  /** Undefined: no bucket policy (NoSuchBucketPolicy). */
  policy?: PolicyDocument;
  /** Undefined: none set (NoSuchPublicAccessBlockConfiguration). */
  publicAccessBlock?: {
    BlockPublicAcls: boolean;
    IgnorePublicAcls: boolean;
    BlockPublicPolicy: boolean;
    RestrictPublicBuckets: boolean;
  };
  lifecycle: LifecycleRule[];
  logging?: { targetBucket: string; targetPrefix: string };
  /** Undefined: ObjectLockConfigurationNotFoundError. */
  objectLock?: { mode: 'COMPLIANCE' | 'GOVERNANCE'; days: number };
  tags: Record<string, string>;
}

export interface EventRule {
  accountId: string;
  region: string;
  name: string;
  arn: string;
  description: string;
  eventBusName: string;
  state: 'ENABLED' | 'DISABLED';
  /** JSON text. */
  eventPattern?: string;
  scheduleExpression?: string;
  targets: { id: string; arn: string }[];
}

export interface LogGroup {
  accountId: string;
  region: string;
  name: string;
  arn: string;
  createdAt: Instant;
  /** Undefined: never expires. */
  retentionDays?: number;
  storedBytes: number;
  kmsKeyArn?: string;
}

export interface MetricFilter {
  accountId: string;
  region: string;
  logGroupName: string;
  name: string;
  pattern: string;
  createdAt: Instant;
  metricName: string;
  metricNamespace: string;
}

export interface Alarm {
  accountId: string;
  region: string;
  name: string;
  arn: string;
  description: string;
  actionsEnabled: boolean;
  actions: string[];
  metricName: string;
  metricNamespace: string;
  updatedAt: Instant;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
}

// --------------------------------------------------------------------------------------------------------- company

/** One row of the ten-key table of the field comparison: what is true, so that a test can say "ten of ten". */
export interface TruthRow {
  story: string;
  keyArn: string;
  /** Automatic rotation: on, off, or what stands in its way. */
  rotation: 'on' | 'off' | 'not-eligible' | 'not-possible' | 'disabled' | 'pending-deletion';
  /** True when the auditor is refused GetKeyRotationStatus: the right answer is "undetermined", never "off". */
  rotationDenied: boolean;
  everUsed: boolean;
  riskyGrant: boolean;
}

export interface Company {
  seed: string;
  /** ISO 8601, UTC. */
  asOf: string;
  now: Instant;
  /** [from, to) = the days in which the stories happen; to = asOf. */
  period: { from: Instant; to: Instant };
  name: string;
  organizationId: string;
  /** Production first, then security (log archive). */
  accounts: [Account, Account];
  /** A partner's account that policies and grants name; it is not in the company. */
  partnerAccountId: string;
  /** All regions as ListRegions shows them. */
  regions: RegionEntry[];
  /** Names of the enabled regions. */
  enabledRegions: string[];
  /** Every key that existed at any time, customer and AWS managed, including deleted ones (deletedAt). */
  keys: SandboxKey[];
  customKeyStores: CustomKeyStore[];
  predefinedAliases: PredefinedAlias[];
  users: IamUser[];
  roles: IamRole[];
  groups: IamGroup[];
  policies: ManagedPolicy[];
  trails: Trail[];
  buckets: Bucket[];
  eventRules: EventRule[];
  logGroups: LogGroup[];
  metricFilters: MetricFilter[];
  alarms: Alarm[];
  /** By time. Complete for catalogue keys; for ordinary keys only changes inside the period. */
  history: Change[];
  truthTable: TruthRow[];
  /** GetKeyLastUsage knows nothing before this moment. */
  usageTrackingStart: Instant;
  /** What AssumeRole into the auditor's roles must present. */
  auditorExternalId: string;
}
