import { isAccountId, parseArn } from './arn.ts';
import type { Condition } from './condition.ts';
import { hasWildcard } from './text-match.ts';

/** Keys that every signed request carries: `IfExists` on them changes nothing. */
const ALWAYS_PRESENT = /^(kms:calleraccount|aws:principalaccount|aws:principalarn|aws:userid)$/;

const POSITIVE = new Set([
  'StringEquals',
  'StringEqualsIgnoreCase',
  'StringLike',
  'ArnEquals',
  'ArnLike',
  'IpAddress',
]);

const NEGATIVE = new Set([
  'StringNotEquals',
  'StringNotEqualsIgnoreCase',
  'StringNotLike',
  'ArnNotEquals',
  'ArnNotLike',
  'NotIpAddress',
]);

/** True when an Allow under this condition reaches only callers that its values identify. */
export function isRestriction(condition: Condition): boolean {
  if (condition.base === undefined || !POSITIVE.has(condition.base)) return false;
  if (!ALWAYS_PRESENT.test(condition.keyLower)) {
    // Both are also satisfied by a request that lacks the key, which a caller can always send.
    if (condition.ifExists || condition.qualifier === 'ForAllValues') return false;
  }
  return valuesIdentify(condition);
}

/** True when a Deny under this condition leaves only callers that its values identify. */
export function isExclusion(condition: Condition): boolean {
  if (condition.base === 'Bool' && condition.keyLower === 'aws:principalisawsservice') {
    // The customary exception for AWS services in an organisation-only denial.
    return condition.values.every((value) => value.toLowerCase() === 'false');
  }
  if (condition.base === undefined || !NEGATIVE.has(condition.base)) return false;
  // ForAnyValue does not hold for a request without the key: such a request escapes the denial.
  if (condition.qualifier === 'ForAnyValue' && !ALWAYS_PRESENT.test(condition.keyLower)) return false;
  return valuesIdentify(condition);
}

function valuesIdentify(condition: Condition): boolean {
  const wildcards = /Like|Arn/.test(condition.base ?? '');
  return condition.values.every((value) => {
    if (condition.variables && value.includes('${')) {
      return /^\$\{aws:Resource(Account|OrgID)\}$/i.test(value);
    }
    // Without wildcards in the operator a * is a literal that no request carries.
    if (!wildcards && value.includes('*')) return !condition.keyLower.endsWith('sourceip');
    return identifies(condition.keyLower, value);
  });
}

function identifies(keyLower: string, value: string): boolean {
  switch (keyLower) {
    case 'kms:calleraccount':
    case 'aws:principalaccount':
    case 'aws:sourceaccount':
    case 'aws:sourceowner':
      return isAccountId(value);
    case 'aws:principalorgid':
    case 'aws:sourceorgid':
      return !hasWildcard(value);
    case 'aws:principalorgpaths':
    case 'aws:sourceorgpaths':
      return /^o-[a-z0-9]+\//.test(value);
    case 'aws:principalarn':
      return isAccountId(parseArn(value)?.accountId ?? '');
    case 'aws:sourcearn':
      return identifiesSource(value);
    case 'aws:userid':
      return /^A[A-Z]{3}[A-Z0-9]{12,}/.test(value) || /^\d{12}/.test(value);
    case 'aws:sourcevpc':
    case 'aws:sourcevpce':
      return !hasWildcard(value);
    case 'aws:sourceip':
      return isNarrow(value);
    default:
      return false;
  }
}

/** A source ARN fixes its account; those without one (S3 buckets) must fix the name, which is globally unique. */
function identifiesSource(value: string): boolean {
  const arn = parseArn(value);
  if (arn === undefined) return false;
  if (isAccountId(arn.accountId)) return true;
  return arn.accountId === '' && arn.service === 's3' && /^[^*?/]+(\/|$)/.test(arn.resource);
}

/** S3 user guide, "The meaning of public": broad address ranges do not restrict. /8 and /32 are AWS's limits. */
function isNarrow(cidr: string): boolean {
  const [address = '', length] = cidr.split('/');
  const v6 = address.includes(':');
  const bits = length === undefined ? (v6 ? 128 : 32) : Number(length);
  return Number.isInteger(bits) && bits >= (v6 ? 32 : 8);
}
