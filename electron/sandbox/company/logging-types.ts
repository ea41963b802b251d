import type { Instant } from './instant.ts';
import type { PolicyDocument } from './people-types.ts';

/** Where events go, and who is told of them. */

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
