import type { Instant } from './instant.ts';
import type { IdentityCenter } from './identity-center.ts';
import type { SandboxKey, CustomKeyStore, PredefinedAlias, Change } from './key-types.ts';
import type { Trail, Bucket, EventRule, LogGroup, MetricFilter, Alarm } from './logging-types.ts';
import type { IamUser, IamRole, IamGroup, ManagedPolicy } from './people-types.ts';

/**
 * The sample company: what exists in it, who works there and what happened to its keys.
 *
 * Everything is data and a pure function of the options: the AWS servers answer from it, and the CloudTrail files are
 * written from it, so configuration and logs tell one story. Instants are milliseconds since 1970-01-01T00:00Z, UTC.
 */
export type { Instant } from './instant.ts';
export type * from './key-types.ts';
export type * from './logging-types.ts';
export type * from './people-types.ts';

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
  identityCenter: IdentityCenter;
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
