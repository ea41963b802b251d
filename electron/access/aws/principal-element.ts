import type { AccessIssue } from '../types.ts';
import { assumedRoleName, isAccountId, lastSegment, parseArn } from './arn.ts';
import { isRecord, nameOf, pointer, stringList } from './policy-json.ts';
import { hasWildcard } from './text-match.ts';

/** Whom a `Principal` or `NotPrincipal` element names. IAM guide, "Principal element". */
export interface Principals {
  /** True for `NotPrincipal`: everyone except the named. */
  not: boolean;
  everyone: boolean;
  /** Account ids, from `root` ARNs and bare ids: both delegate to the account. */
  accounts: ReadonlySet<string>;
  /** User, role, assumed-role and federated-user ARNs as written. */
  arns: ReadonlySet<string>;
  /** `AIDA…`, `AROA…`: what AWS shows after the user or role was deleted. */
  uniqueIds: ReadonlySet<string>;
  services: ReadonlySet<string>;
  federated: ReadonlySet<string>;
  canonicalUsers: ReadonlySet<string>;
}

type Report = (code: AccessIssue['code'], path: string, message: string) => void;

const UNIQUE_ID = /^A[A-Z]{3}[A-Z0-9]{12,124}$/;

/** Reads a principal element; undefined when nothing in it could be read. */
export function readPrincipals(
  value: unknown,
  not: boolean,
  path: string,
  report: Report,
): Principals | undefined {
  const found = {
    accounts: new Set<string>(),
    arns: new Set<string>(),
    uniqueIds: new Set<string>(),
    services: new Set<string>(),
    federated: new Set<string>(),
    canonicalUsers: new Set<string>(),
  };
  let everyone = false;
  if (value === '*') return { not, everyone: true, ...found };
  if (!isRecord(value)) {
    report('principal-unreadable', path, `principal is ${nameOf(value)}: expected "*" or an object`);
    return undefined;
  }
  for (const [type, entry] of Object.entries(value)) {
    const names = stringList(entry);
    if (names === undefined) {
      report(
        'principal-unreadable',
        path + pointer(type),
        `principal "${type}" is not text or a list of texts`,
      );
      continue;
    }
    const target = {
      Service: found.services,
      Federated: found.federated,
      CanonicalUser: found.canonicalUsers,
    };
    if (type === 'AWS') {
      for (const name of names) {
        if (name === '*') everyone = true;
        else if (!addAws(name, found)) {
          report(
            'principal-unreadable',
            path + pointer(type),
            `cannot read principal ${JSON.stringify(name)}`,
          );
        }
      }
    } else if (type in target) {
      for (const name of names) target[type as keyof typeof target].add(name);
    } else {
      report('principal-unreadable', path + pointer(type), `unknown principal type "${type}"`);
    }
  }
  if (!everyone && Object.values(found).every((set) => set.size === 0)) {
    report('principal-unreadable', path, 'principal names nobody that can be read');
    return undefined;
  }
  return { not, everyone, ...found };
}

function addAws(
  name: string,
  found: { accounts: Set<string>; arns: Set<string>; uniqueIds: Set<string> },
): boolean {
  if (isAccountId(name)) return add(found.accounts, name);
  if (UNIQUE_ID.test(name)) return add(found.uniqueIds, name);
  const arn = parseArn(name);
  // AWS accepts no wildcard for part of a principal (IAM guide, "You cannot use a wildcard to match part of a …").
  if (!arn || hasWildcard(name) || !isAccountId(arn.accountId)) return false;
  if (arn.service === 'iam' && arn.resource === 'root') return add(found.accounts, arn.accountId);
  const identity = arn.service === 'iam' && /^(user|role)\/./.test(arn.resource);
  const session = arn.service === 'sts' && /^(assumed-role\/[^/]+\/.|federated-user\/.)/.test(arn.resource);
  return identity || session ? add(found.arns, name) : false;
}

function add(set: Set<string>, value: string): true {
  set.add(value);
  return true;
}

/** The role that a session belongs to, as `account/name`: an assumed-role ARN does not carry the role's path. */
export function sessionRole(arnText: string): string | undefined {
  const arn = parseArn(arnText);
  const name = arn && assumedRoleName(arn);
  return name === undefined ? undefined : `${arn!.accountId}/${name}`;
}

/** `account/name` of a role's own ARN. */
export function roleKey(accountId: string, roleArn: string): string {
  return `${accountId}/${lastSegment(roleArn)}`;
}
