import type { RawPointer } from '../types.ts';
import { both, CRYPTOGRAPHIC, isEmpty, kmsSet, namesOf, union } from './action-set.ts';
import { parseArn } from './arn.ts';
import type { KmsGrant } from './model.ts';
import { pointer } from './policy-json.ts';

export interface GrantEvidence {
  grantId: string;
  name?: string;
  rawPointer: RawPointer;
  grantee: string;
  retiring?: string;
  /** The cryptographic operations and CreateGrant that nothing constrains, by full name. */
  actions: readonly string[];
  /** The grantee can hand its rights on. */
  canCreateGrants: boolean;
  /** The grantee is an AWS service, which makes grants for resources it manages. */
  toService: boolean;
  /**
   * False when constraints could not have helped: an encryption context exists for symmetric encryption only, so
   * grants for signing, MACs and the like can be bound by a source ARN at most.
   */
  constrainable: boolean;
}

const CONTEXT_BOUND = kmsSet([
  'Encrypt',
  'Decrypt',
  'ReEncryptFrom',
  'ReEncryptTo',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'CreateGrant',
]);
const POWERFUL = union(CRYPTOGRAPHIC, kmsSet(['CreateGrant']));

/** Grants that allow cryptographic operations or further grants without any constraint. */
export function unconstrainedGrants(grants: readonly KmsGrant[]): GrantEvidence[] {
  return grants.flatMap((grant, index) => {
    const powerful = both(kmsSet(grant.Operations ?? []), POWERFUL);
    if (isEmpty(powerful) || isConstrained(grant)) return [];
    const grantee = grant.GranteePrincipal ?? grant.GranteeServicePrincipal ?? '';
    const retiring = grant.RetiringPrincipal ?? grant.RetiringServicePrincipal;
    return [
      {
        grantId: grant.GrantId ?? '',
        ...(grant.Name === undefined || grant.Name === '' ? {} : { name: grant.Name }),
        rawPointer: { document: 'grants' as const, path: pointer('Grants', index) },
        grantee,
        ...(retiring === undefined ? {} : { retiring }),
        actions: namesOf(powerful),
        canCreateGrants: !isEmpty(both(powerful, kmsSet(['CreateGrant']))),
        toService: isService(grant, grantee),
        constrainable: !isEmpty(both(powerful, CONTEXT_BOUND)),
      },
    ];
  });
}

/** An empty constraint object or an empty context constrains nothing. */
function isConstrained({ Constraints: given }: KmsGrant): boolean {
  if (given === undefined) return false;
  const pairs = [given.EncryptionContextEquals, given.EncryptionContextSubset];
  return given.SourceArn !== undefined || pairs.some((context) => Object.keys(context ?? {}).length > 0);
}

function isService(grant: KmsGrant, grantee: string): boolean {
  if (grant.GranteeServicePrincipal !== undefined) return true;
  return parseArn(grantee) === undefined && /\.(amazonaws\.com(\.cn)?|internal)$/.test(grantee);
}

export interface CrossAccountGrant {
  grantId: string;
  rawPointer: RawPointer;
  principal: string;
  accountId: string;
  approved: boolean;
  as: 'grantee' | 'retiring';
}

/** Grants to principals of other accounts. */
export function crossAccountGrants(
  grants: readonly KmsGrant[],
  ownAccount: string,
  approvedAccounts: readonly string[] = [],
): CrossAccountGrant[] {
  return grants.flatMap((grant, index) =>
    (
      [
        ['grantee', grant.GranteePrincipal],
        ['retiring', grant.RetiringPrincipal],
      ] as const
    ).flatMap(([as, principal]) => {
      const accountId = principal === undefined ? undefined : parseArn(principal)?.accountId;
      if (principal === undefined || !accountId || accountId === ownAccount) return [];
      return [
        {
          grantId: grant.GrantId ?? '',
          rawPointer: { document: 'grants' as const, path: pointer('Grants', index) },
          principal,
          accountId,
          approved: approvedAccounts.includes(accountId),
          as,
        },
      ];
    }),
  );
}
