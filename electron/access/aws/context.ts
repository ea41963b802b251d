import { ABSENT, known, UNKNOWN } from './condition-decide.ts';
import type { KeyValue } from './condition-decide.ts';
import type { Identity } from './identity.ts';
import type { AwsKey, AwsTag } from './model.ts';
import { literally } from './text-match.ts';

/** What a request is made on: a key, or a role that is to be assumed. */
export interface Resource {
  arn: string;
  accountId: string;
  region: string | undefined;
  /** Present for keys only. */
  key?: AwsKey;
}

/** Facts about the engagement that conditions may ask for. */
export interface World {
  /** The organisation of an account: its id, null when in none, undefined when unknown. */
  organizationOf: (accountId: string) => string | null | undefined;
  at: string | undefined;
}

/**
 * What is known of a condition key when `who` calls on `what`. Everything that depends on the single request (network,
 * MFA, encryption context, calling service …) is unknown here and therefore reported, not guessed.
 * IAM guide, "AWS global condition context keys"; KMS developer guide, "AWS KMS condition keys".
 */
export function lookUp(keyLower: string, who: Identity, what: Resource, world: World): KeyValue {
  const slash = keyLower.indexOf('/');
  if (slash > 0) return lookUpTag(keyLower.slice(0, slash), keyLower.slice(slash + 1), who, what);
  switch (keyLower) {
    case 'aws:principalarn':
      return who.isService ? ABSENT : maybe(who.conditionArn);
    case 'aws:principalaccount':
      return who.isService ? ABSENT : maybe(who.accountId);
    case 'kms:calleraccount':
      return maybe(who.accountId);
    case 'aws:principalorgid':
      if (who.isService) return ABSENT;
      return who.accountId === undefined ? UNKNOWN : organization(world.organizationOf(who.accountId));
    case 'aws:principaltype':
      return maybe(who.principalType);
    case 'aws:principalisawsservice':
      return who.isService ? known('true') : who.principalType === undefined ? UNKNOWN : known('false');
    case 'aws:principalservicename':
      return who.isService ? known(who.ref.id) : who.principalType === undefined ? UNKNOWN : ABSENT;
    case 'aws:username':
      if (who.ref.form === 'user') return maybe(who.name);
      return who.principalType === 'AssumedRole' || who.principalType === 'Account' ? ABSENT : UNKNOWN;
    case 'aws:userid':
      return who.ref.form === 'user' ? maybe(who.uniqueId) : UNKNOWN;
    case 'aws:resourceaccount':
      return known(what.accountId);
    case 'aws:resourceorgid':
      return organization(world.organizationOf(what.accountId));
    case 'aws:requestedregion':
      return maybe(what.region);
    case 'aws:securetransport':
      // KMS and STS endpoints answer over TLS only.
      return known('true');
    case 'aws:currenttime':
    case 'aws:epochtime':
      return maybe(world.at);
    default:
      return what.key === undefined ? UNKNOWN : lookUpKey(keyLower, what.key);
  }
}

function lookUpKey(keyLower: string, key: AwsKey): KeyValue {
  switch (keyLower) {
    case 'kms:resourcealiases':
      if (key.aliases === undefined) return UNKNOWN;
      return key.aliases.length === 0 ? ABSENT : known(...key.aliases);
    case 'kms:requestalias':
      return key.aliases === undefined ? UNKNOWN : { state: 'choice', values: key.aliases };
    case 'kms:keyusage':
    case 'kms:customermasterkeyusage':
      return maybe(key.keyUsage);
    case 'kms:keyspec':
    case 'kms:customermasterkeyspec':
      return maybe(key.keySpec);
    case 'kms:keyorigin':
      return maybe(key.origin);
    case 'kms:multiregion':
      return key.multiRegion === undefined ? UNKNOWN : known(String(key.multiRegion));
    case 'kms:multiregionkeytype':
      if (key.multiRegion === false) return ABSENT;
      return maybe(key.multiRegionKeyType);
    default:
      return UNKNOWN;
  }
}

function lookUpTag(prefix: string, tagKey: string, who: Identity, what: Resource): KeyValue {
  if (prefix === 'aws:principaltag') {
    if (who.tags === undefined) return UNKNOWN;
    return tagValue(who.tags, tagKey);
  }
  if (prefix === 'aws:resourcetag' && what.key !== undefined) {
    return what.key.tags === undefined ? UNKNOWN : tagValue(what.key.tags, tagKey);
  }
  return UNKNOWN;
}

/** Tag keys in condition keys are compared without regard to case (IAM guide, "aws:PrincipalTag/tag-key"). */
function tagValue(tags: readonly AwsTag[], tagKey: string): KeyValue {
  const tag = tags.find((candidate) => (candidate.Key ?? candidate.TagKey)?.toLowerCase() === tagKey);
  return tag === undefined ? ABSENT : known(tag.Value ?? tag.TagValue ?? '');
}

const maybe = (value: string | undefined): KeyValue => (value === undefined ? UNKNOWN : known(value));

const organization = (id: string | null | undefined): KeyValue =>
  id === undefined ? UNKNOWN : id === null ? ABSENT : known(id);

/** Condition keys whose answer differs between keys of one account and region: such statements are not shared. */
export function dependsOnKey(keyLower: string): boolean {
  return (
    keyLower.startsWith('aws:resourcetag/') ||
    /^kms:(resourcealiases|requestalias|keyusage|keyspec|keyorigin|multiregion|multiregionkeytype)$/.test(
      keyLower,
    ) ||
    keyLower.startsWith('kms:customermasterkey')
  );
}

/** Replaces `${key}` and `${key, 'default'}` by what is known; null when a variable is not (IAM guide, "Variables"). */
export function substitute(text: string, who: Identity, what: Resource, world: World): string | null {
  let unresolved = false;
  const result = text.replace(/\$\{([^}]*)\}/g, (_, inner: string) => {
    // ${*}, ${?} and ${$} stand for the characters themselves.
    if (inner === '*' || inner === '?' || inner === '$') return literally(inner);
    const [, key = '', fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)')?\s*$/.exec(inner) ?? [];
    const value = lookUp(key.toLowerCase(), who, what, world);
    if (value.state === 'known' && value.values.length === 1) return value.values[0]!;
    if (value.state === 'absent' && fallback !== undefined) return fallback;
    unresolved = true;
    return '';
  });
  return unresolved ? null : result;
}
