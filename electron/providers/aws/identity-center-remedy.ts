const NEEDS = 'sso:ListPermissionSetsProvisionedToAccount';

/**
 * What would tell the members of permission sets after a refusal of IAM Identity Center; null for other operations. It
 * answers in the management account and to its delegated administrator, whatever another account allows.
 */
export function identityCenterRemedy(op: string, denied: boolean): string | null {
  if (!denied || op !== `aws.sso.${NEEDS.slice('sso:'.length)}`) return null;
  return `Collect the management account or the delegated administrator of IAM Identity Center too, with ${NEEDS} allowed there; or import who is behind its roles (keywitness access members).`;
}
