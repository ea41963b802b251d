import type { PathStep, ReportedCondition } from '../types.ts';
import { both, CRYPTOGRAPHIC, isEmpty, kmsSet, without } from './action-set.ts';
import type { Source } from './evaluator.ts';
import type { AwsKey, KmsGrant } from './model.ts';
import { pointer } from './policy-json.ts';

/** A right that a grant gives to one principal. */
export interface GrantedTo {
  /** An ARN, an account or a service name, as ListGrants shows it. */
  principal: string;
  source: Source;
}

const RETIRE = kmsSet(['RetireGrant']);

/** What the grants of a key give, and to whom. KMS developer guide, "Grants in AWS KMS". */
export function grantSources(key: AwsKey): GrantedTo[] {
  const given: GrantedTo[] = [];
  key.grants?.forEach((grant, index) => {
    const path = pointer('Grants', index);
    const grantee = grant.GranteePrincipal ?? grant.GranteeServicePrincipal;
    const retiring = grant.RetiringPrincipal ?? grant.RetiringServicePrincipal;
    if (grantee !== undefined) {
      for (const source of operationsOf(grant, path)) given.push({ principal: grantee, source });
    }
    if (retiring !== undefined) {
      given.push({ principal: retiring, source: source(RETIRE, [], grant, 'grant-retirement', path) });
    }
  });
  return given;
}

/** Encryption context constraints bind the cryptographic operations only (KMS guide, "Using grant constraints"). */
function operationsOf(grant: KmsGrant, path: string): Source[] {
  const set = kmsSet(grant.Operations ?? []);
  const constrained = both(set, CRYPTOGRAPHIC);
  const always = grantConditions(grant, path, 'source');
  const context = grantConditions(grant, path, 'context');
  return [
    source(constrained, [...always, ...context], grant, 'grant', path),
    source(without(set, CRYPTOGRAPHIC), always, grant, 'grant', path),
  ].filter((part) => !isEmpty(part.set));
}

function source(
  set: Source['set'],
  conditions: readonly ReportedCondition[],
  grant: KmsGrant,
  type: PathStep['type'],
  path: string,
): Source {
  const step: PathStep = {
    type,
    id: grant.GrantId ?? grant.Name ?? path,
    rawPointer: { document: 'grants', path },
  };
  return { set, conditions, unknown: [], steps: [step], boundary: 'undocumented' };
}

function grantConditions(grant: KmsGrant, path: string, which: 'source' | 'context'): ReportedCondition[] {
  const constraints = grant.Constraints;
  if (constraints === undefined) return [];
  const condition = (
    operator: string,
    key: string,
    value: string,
    ...parts: string[]
  ): ReportedCondition => ({
    operator,
    key,
    values: [value],
    effect: 'allow',
    rawPointer: { document: 'grants', path: path + pointer('Constraints', ...parts) },
  });
  if (which === 'source') {
    const arn = constraints.SourceArn;
    return arn === undefined ? [] : [condition('SourceArn', 'aws:SourceArn', arn, 'SourceArn')];
  }
  return (['EncryptionContextEquals', 'EncryptionContextSubset'] as const).flatMap((name) =>
    Object.entries(constraints[name] ?? {}).map(([key, value]) =>
      condition(name, `kms:EncryptionContext:${key}`, value, name, key),
    ),
  );
}
