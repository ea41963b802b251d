import type { SandboxKey } from '../../company/types.ts';
import { AwsError } from '../../server/aws-error.ts';
import { allow, type Call } from '../call.ts';

const notFound = (what: string): AwsError => new AwsError('NotFoundException', what);

/** The key that the id, ARN or (where the operation takes one) alias names. @throws AwsError NotFoundException, InvalidArnException */
export function findKey(call: Call, name: string, aliasesToo: boolean): SandboxKey {
  let accountId = call.caller.accountId;
  let local = name;
  if (name.startsWith('arn:')) {
    const match = /^arn:aws:kms:([a-z0-9-]+):(\d{12}):(?:key\/([\w-]+)|(alias\/.+))$/.exec(name);
    if (!match) throw new AwsError('InvalidArnException', `Invalid arn ${name}`);
    if (match[1] !== call.region) throw notFound(`Invalid arn ${match[1]}`);
    accountId = match[2]!;
    local = match[3] ?? match[4]!;
  }
  const shelf = call.keys.shelf(accountId, call.region);
  if (local.startsWith('alias/')) {
    if (!aliasesToo) throw notFound(`Invalid keyId '${name}'`);
    const key = shelf.byAlias.get(local)?.key;
    if (!key) throw notFound(`Alias arn:aws:kms:${call.region}:${accountId}:${local} is not found.`);
    return key;
  }
  const key = shelf.byId.get(local);
  if (key) return key;
  // Whether another account's key exists is not told.
  if (accountId !== call.caller.accountId) {
    throw new AwsError(
      'AccessDeniedException',
      `User: ${call.caller.arn} is not authorized to perform this operation on resource: ${name} because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
    );
  }
  if (!/^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(local))
    throw notFound(`Invalid keyId '${name}'`);
  throw notFound(`Key 'arn:aws:kms:${call.region}:${accountId}:key/${local}' does not exist`);
}

/** Decides by key policy and IAM. @throws AwsError AccessDeniedException */
export function permit(call: Call, operation: string, key: SandboxKey): void {
  allow(call, `kms:${operation}`, key.arn, {
    accountId: key.accountId,
    policy: call.keys.policyOf(key),
    delegates: 'by-policy',
  });
}

/** For the operations that never work on another account's key. */
export function ownAccount(call: Call, key: SandboxKey): void {
  if (key.accountId === call.caller.accountId) return;
  throw new AwsError(
    'AccessDeniedException',
    `User: ${call.caller.arn} is not authorized to perform this operation on a key of account ${key.accountId}`,
  );
}
