import type { Answer } from '../../../derive/answer.ts';
import { placeOf, parseArn } from './arn.ts';
import { followPages } from './pages.ts';
import type { Target } from './target.ts';
import { asObject, moment, objects, text, type Json, type JsonObject } from './wire.ts';

/** Lists inside IAM's account details. An empty one is '' in XML and must stay a list. */
const LISTS = new Set([
  'UserPolicyList',
  'GroupPolicyList',
  'RolePolicyList',
  'GroupList',
  'AttachedManagedPolicies',
  'InstanceProfileList',
  'Roles',
  'PolicyVersionList',
  'Tags',
]);
const DOCUMENTS = new Set(['PolicyDocument', 'AssumeRolePolicyDocument', 'Document']);
const FLAGS = new Set(['IsDefaultVersion', 'IsAttachable']);

/**
 * GetAccountAuthorizationDetails: users, groups, roles and policies of an account. Each is kept under the member names
 * of the IAM API, with lists as lists and policy documents as decoded JSON text.
 */
export function getAccountAuthorizationDetails(answers: readonly Answer[], to: Target): void {
  const insert = to.into('principal', [
    ...['source', 'account', 'kind', 'id', 'name', 'unique_id', 'created', 'detail', 'seq'],
  ]);
  const lists = followPages(
    answers,
    (a) => [a.source, a.scope || `file ${a.seq}`, JSON.stringify(a.params().Filter ?? null)].join('\n'),
    unwrapped,
  );
  for (const { pages, first } of lists.values()) {
    for (const { seq, body } of pages) {
      const add = (kind: string, items: JsonObject[], nameOf: string): void => {
        for (const item of items) {
          const arn = text(item.Arn);
          if (arn === null) continue;
          insert({
            ...{ kind, seq, source: first.source, id: arn },
            account: placeOf(first.scope).account || (parseArn(arn)?.account ?? ''),
            name: text(item[nameOf]) ?? arn,
            unique_id: text(item.UserId ?? item.RoleId ?? item.GroupId ?? item.PolicyId),
            created: moment(item.CreateDate),
            detail: JSON.stringify(tidy(item)),
          });
        }
      };
      add('user', objects(body.UserDetailList), 'UserName');
      add('group', objects(body.GroupDetailList), 'GroupName');
      add('role', objects(body.RoleDetailList), 'RoleName');
      add('policy', objects(body.Policies), 'PolicyName');
    }
  }
}

/** The Query protocol wraps the result twice; the AWS CLI does not. */
function unwrapped(body: JsonObject): JsonObject {
  const response = body.GetAccountAuthorizationDetailsResponse;
  return response === undefined ? body : asObject(asObject(response).GetAccountAuthorizationDetailsResult);
}

function tidy(item: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, tidyMember(name, value)]));
}

function tidyMember(name: string, value: Json): Json {
  if (LISTS.has(name)) {
    if (name === 'GroupList') return Array.isArray(value) ? value : members(value);
    return objects(value).map(tidy);
  }
  if (DOCUMENTS.has(name)) return documentText(value);
  if (FLAGS.has(name)) return value === true || value === 'true';
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? tidy(value) : value;
}

function members(value: Json): Json[] {
  const member = asObject(value).member;
  if (member === undefined) return [];
  return Array.isArray(member) ? member : [member];
}

/** IAM sends documents percent-encoded (RFC 3986); the AWS CLI saves them as objects. */
function documentText(value: Json): Json {
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    return value.trimStart().startsWith('{') ? value : decodeURIComponent(value);
  } catch {
    return value;
  }
}
