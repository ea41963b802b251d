/**
 * What the AWS evaluator reads: documents as AWS sends them, under the names AWS gives them. Nothing here is parsed
 * beyond the JSON of the API response; policy documents stay text so that every answer can point into it.
 */

/** A tag as KMS lists it (`TagKey`) or as IAM lists it (`Key`). */
export interface AwsTag {
  Key?: string | undefined;
  Value?: string | undefined;
  TagKey?: string | undefined;
  TagValue?: string | undefined;
}

/** One entry of ListGrants. KMS API reference, GrantListEntry. */
export interface KmsGrant {
  GrantId?: string | undefined;
  Name?: string | undefined;
  GranteePrincipal?: string | undefined;
  GranteeServicePrincipal?: string | undefined;
  RetiringPrincipal?: string | undefined;
  RetiringServicePrincipal?: string | undefined;
  IssuingAccount?: string | undefined;
  Operations?: readonly string[] | undefined;
  Constraints?:
    | {
        EncryptionContextSubset?: Record<string, string> | undefined;
        EncryptionContextEquals?: Record<string, string> | undefined;
        SourceArn?: string | undefined;
      }
    | undefined;
}

export interface AwsKey {
  arn: string;
  accountId: string;
  region: string;
  /** The key policy exactly as GetKeyPolicy returned it; null when it could not be had. */
  policy: string | null;
  /** Why `policy` is null. */
  policyMissing?: string;
  /** Every entry of ListGrants; null when it could not be had. */
  grants: readonly KmsGrant[] | null;
  /** Why `grants` is null. */
  grantsMissing?: string;
  /** Alias names (`alias/…`) of the key. Absent: unknown. */
  aliases?: readonly string[];
  /** Tags of the key. Absent: unknown. */
  tags?: readonly AwsTag[];
  /** KeyUsage and KeySpec of DescribeKey: uses the key cannot serve are left out. Absent: all uses are considered. */
  keyUsage?: string;
  keySpec?: string;
  /** Origin and multi-Region facts of DescribeKey, for conditions on them. */
  origin?: string;
  multiRegion?: boolean;
  multiRegionKeyType?: string;
}

export interface InlinePolicy {
  PolicyName?: string | undefined;
  PolicyDocument?: string | undefined;
}

export interface AttachedPolicy {
  PolicyName?: string | undefined;
  PolicyArn?: string | undefined;
}

interface Boundary {
  PermissionsBoundaryArn?: string | undefined;
}

export interface IamUser {
  Path?: string | undefined;
  UserName?: string | undefined;
  UserId?: string | undefined;
  Arn?: string | undefined;
  UserPolicyList?: readonly InlinePolicy[] | undefined;
  GroupList?: readonly string[] | undefined;
  AttachedManagedPolicies?: readonly AttachedPolicy[] | undefined;
  PermissionsBoundary?: Boundary | undefined;
  Tags?: readonly AwsTag[] | undefined;
}

export interface IamGroup {
  Path?: string | undefined;
  GroupName?: string | undefined;
  GroupId?: string | undefined;
  Arn?: string | undefined;
  GroupPolicyList?: readonly InlinePolicy[] | undefined;
  AttachedManagedPolicies?: readonly AttachedPolicy[] | undefined;
}

export interface IamRole {
  Path?: string | undefined;
  RoleName?: string | undefined;
  RoleId?: string | undefined;
  Arn?: string | undefined;
  AssumeRolePolicyDocument?: string | undefined;
  RolePolicyList?: readonly InlinePolicy[] | undefined;
  AttachedManagedPolicies?: readonly AttachedPolicy[] | undefined;
  PermissionsBoundary?: Boundary | undefined;
  Tags?: readonly AwsTag[] | undefined;
}

export interface ManagedPolicy {
  PolicyName?: string | undefined;
  Arn?: string | undefined;
  DefaultVersionId?: string | undefined;
  PolicyVersionList?:
    | readonly {
        Document?: string | undefined;
        VersionId?: string | undefined;
        IsDefaultVersion?: boolean | undefined;
      }[]
    | undefined;
}

/** All pages of GetAccountAuthorizationDetails, joined. Documents may still be URL-encoded as IAM sends them. */
export interface AuthorizationDetails {
  UserDetailList?: readonly IamUser[] | undefined;
  GroupDetailList?: readonly IamGroup[] | undefined;
  RoleDetailList?: readonly IamRole[] | undefined;
  Policies?: readonly ManagedPolicy[] | undefined;
}

/** One level (root, organisational unit, account) with the control policies attached to it. */
export interface ControlPolicyLevel {
  target: string;
  policies: readonly { id: string; name?: string; document: string }[];
}

export interface AwsAccount {
  accountId: string;
  /** Null when the account's IAM could not be read; the reason in `iamMissing`. */
  iam: AuthorizationDetails | null;
  iamMissing?: string;
  /** The organisation's id, null when the account is known to be in none. Absent: unknown. */
  organizationId?: string | null;
  /** From the root down to the account. Absent: not evaluated, and every path says so. */
  serviceControlPolicies?: readonly ControlPolicyLevel[];
  resourceControlPolicies?: readonly ControlPolicyLevel[];
  /** Control policies do not bind the organisation's management account. */
  isManagementAccount?: boolean;
  /** User name → has a console password (credential report). Absent: unknown. */
  consolePasswords?: ReadonlyMap<string, boolean>;
}

export interface AwsAccessInput {
  keys: readonly AwsKey[];
  accounts: readonly AwsAccount[];
  /** Accounts outside the engagement that the client has approved. It only changes how they are described. */
  approvedAccounts?: readonly string[];
  /** The moment the answer is for (UTC, ISO 8601): decides conditions on the current time. Absent: they are reported. */
  at?: string;
  /** How many role assumptions in a row are followed. Default 3. */
  maxAssumeDepth?: number;
  /**
   * Which paths through an assumed role are listed: those that give a principal more than it holds itself
   * (`additional`, the default), every one (`all`), or `none`.
   */
  assumedPaths?: 'additional' | 'all' | 'none';
}
