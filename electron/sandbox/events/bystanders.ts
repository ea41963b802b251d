import { randomFor } from '../company/random.ts';
import type { Actor, Company, IamRole } from '../company/types.ts';

/** Who is seen in the logs of an account besides the users of keys. */
export interface Bystanders {
  /** Roles that services and applications run under. */
  workloads: Actor[];
  /** People: IAM users and single sign-on roles. */
  people: Actor[];
  /** The pipeline that applies infrastructure changes, when the account has one. */
  deployer: Actor;
}

const WORKLOAD_AGENT = 'aws-sdk-java/2.35.6 ua/2.1 os/Linux#6.1.153 lang/java#21.0.8';
const PERSON_AGENT =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

/**
 * Takes the actors that the company's stories already use, so that a session has one name and address everywhere, and
 * makes one for each role and person that has no story.
 */
export function bystandersOf(company: Company, accountId: string): Bystanders {
  const known = new Map<string, Actor>();
  for (const key of company.keys)
    for (const { actor } of key.uses) if (actor.arn !== undefined) known.set(actor.arn, actor);
  for (const { actor } of company.history) if (actor.arn !== undefined) known.set(actor.arn, actor);
  const roles = company.roles.filter((role) => role.accountId === accountId);
  const actorOf = (role: IamRole): Actor => known.get(role.arn) ?? roleActor(company, role);
  const users = company.users
    .filter((user) => user.accountId === accountId && user.human)
    .map(
      (user): Actor =>
        known.get(user.arn) ?? {
          kind: 'user',
          accountId,
          arn: user.arn,
          principalId: user.id,
          userName: user.name,
          ...(user.accessKeyIds[0] === undefined ? {} : { accessKeyId: user.accessKeyIds[0] }),
          sourceIp: '198.51.100.24',
          userAgent: PERSON_AGENT,
        },
    );
  const people = [
    ...users.filter((user) => user.userName !== 'break-glass'),
    ...roles.filter((role) => role.kind === 'sso').map(actorOf),
  ];
  const workloads = roles.filter((role) => role.kind === 'service').map(actorOf);
  const deployer =
    workloads.find((actor) => actor.arn?.endsWith('deployer')) ?? people.at(-1) ?? workloads[0];
  if (!deployer) {
    throw new RangeError(
      `cannot write the logs of account ${accountId}: nobody works in it. Give the account a role or a user.`,
    );
  }
  return {
    workloads: workloads.length > 0 ? workloads : [deployer],
    people: people.length > 0 ? people : [deployer],
    deployer,
  };
}

function roleActor(company: Company, role: IamRole): Actor {
  const random = randomFor(company.seed, 'bystander', role.arn);
  const person = role.kind === 'sso';
  return {
    kind: 'role',
    accountId: role.accountId,
    arn: role.arn,
    principalId: role.id,
    sessionName: person ? 'ines.carvalho@meridian-freight.example' : `${role.name}-${random.hex(8)}`,
    accessKeyId: `ASIA${random.upper(16)}`,
    sourceIp: person ? '198.51.100.24' : `10.20.${random.int(30)}.${10 + random.int(200)}`,
    userAgent: person ? PERSON_AGENT : WORKLOAD_AGENT,
  };
}
