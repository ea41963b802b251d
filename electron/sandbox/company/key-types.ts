import type { Instant } from './instant.ts';
import type { Actor } from './people-types.ts';

/** Keys, their material and grants, and the changes made to them. */

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
