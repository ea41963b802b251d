import { randomFor } from '../company/random.ts';
import type { Company } from '../company/types.ts';
import type { Bystanders } from './bystanders.ts';
import { deedOf, type Deed } from './deed.ts';
import type { CallerCache } from './key-use.ts';
import { NOISE, type NoiseKind } from './noise-catalogue.ts';
import type { Scope } from './scope.ts';

/** How many different callers or parameter sets each kind of event has in one account and region. */
const VARIANTS = 6;

/** Everything in this account and region that is not about keys, with the chance of each. */
export function noiseDeeds(
  company: Company,
  scope: Scope,
  people: Bystanders,
  callers: CallerCache,
): { deed: Deed; weight: number }[] {
  return NOISE.filter((kind) => !kind.global || scope.region === 'us-east-1').flatMap((kind) =>
    Array.from({ length: VARIANTS }, (_, variant) => ({
      deed: noiseDeed(company, scope, people, callers, kind, variant),
      weight: kind.weight / VARIANTS,
    })),
  );
}

function noiseDeed(
  company: Company,
  scope: Scope,
  people: Bystanders,
  callers: CallerCache,
  kind: NoiseKind,
  variant: number,
): Deed {
  const { accountId, region } = scope;
  const random = randomFor(
    company.seed,
    'noise',
    accountId,
    region,
    kind.source,
    kind.name,
    kind.by,
    variant,
  );
  const roles = company.roles.filter((role) => role.accountId === accountId);
  const place = {
    accountId,
    region,
    random,
    bucket: random.pick([
      ...company.buckets.filter((bucket) => bucket.accountId === accountId).map((bucket) => bucket.name),
      `meridian-data-${accountId}`,
    ]),
    roleName: random.pick(roles).name,
  };
  const actor =
    kind.by === 'workload'
      ? random.pick(people.workloads)
      : kind.by === 'person'
        ? random.pick(people.people)
        : kind.by === 'deployer'
          ? people.deployer
          : {
              kind: 'service' as const,
              accountId,
              invokedBy: kind.by,
              sourceIp: kind.by,
              userAgent: kind.by,
            };
  const additional = kind.additional?.(place);
  const source = `${kind.source}.amazonaws.com`;
  return deedOf({
    eventSource: source,
    eventName: kind.name,
    region,
    accountId,
    readOnly: kind.readOnly,
    caller: callers.of(actor, accountId),
    requestParameters: kind.parameters(place),
    responseElements: kind.response?.(place),
    ...(additional === undefined ? {} : { additionalEventData: [{ from: 0, value: additional }] }),
    ...(kind.error ? { errorCode: kind.error.code, errorMessage: kind.error.message } : {}),
    resources: kind.resources?.(place) ?? [],
    host: kind.global ? source : `${kind.source}.${region}.amazonaws.com`,
  });
}
