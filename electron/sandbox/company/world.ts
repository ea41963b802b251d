import { allowAdministration, allowUse, delegateToIam, policyOf } from './documents.ts';
import type { Frame } from './frame.ts';
import type { KeyBirth } from './key-birth.ts';
import { beginKey, type KeyStory } from './key-story.ts';
import type { People } from './people.ts';
import type { Actor, Change, Instant, KeyUse, PolicyDocument, SandboxKey } from './types.ts';

/** What the tellers of key stories share. */
export interface World {
  frame: Frame;
  people: People;
  history: Change[];
  keys: SandboxKey[];
  /** Begins a key in the production account (unless told otherwise) with the house's defaults. */
  key: (story: string, region: string, createdDays: number, options: KeyOptions) => KeyStory;
  /** Finishes the story and adds the key to the company. */
  add: (story: KeyStory) => SandboxKey;
  /** So many days before asOf, in working hours. */
  ago: (days: number, ...words: (string | number)[]) => Instant;
  actor: (name: string) => Actor;
  arn: (name: string) => string;
  /** The house's usual key policy: IAM decides, the deployment role administers, these use. */
  usualPolicy: (users: string[], actions?: string[]) => PolicyDocument;
}

export interface KeyOptions extends Partial<
  Omit<KeyBirth, 'story' | 'region' | 'createdAt' | 'by' | 'description' | 'tags' | 'policy'>
> {
  description: string;
  /** [Owner, System, DataClass]; a missing owner is left out. */
  tags?: [owner: string | undefined, system: string, dataClass: string] | Record<string, string>;
  by?: string;
  /** Names of the principals that use the key, for the usual policy. */
  users?: string[];
  actions?: string[];
  policy?: PolicyDocument;
  /** Change ticket recorded as a tag at creation. */
  ticket?: string;
}

export function buildWorld(frame: Frame, people: People): World {
  const history: Change[] = [];
  const keys: SandboxKey[] = [];
  const world: World = {
    frame,
    people,
    history,
    keys,
    key(story, region, createdDays, options) {
      const { tags, by, users, actions, policy, ticket, description, accountId, ...rest } = options;
      const account = accountId ?? frame.production;
      const named = Array.isArray(tags)
        ? { ...(tags[0] === undefined ? {} : { Owner: tags[0] }), System: tags[1], DataClass: tags[2] }
        : (tags ?? {});
      return beginKey(frame, history, {
        ...rest,
        story,
        region,
        accountId: account,
        createdAt: frame.daysAgo(createdDays, 'created', story),
        by: people.actor(by ?? 'infrastructure-deployer'),
        description,
        policy:
          policy ??
          (account === frame.production
            ? world.usualPolicy(users ?? [], actions)
            : securityPolicy(people, account, users ?? [], actions)),
        tags: ticket === undefined ? named : { ...named, ChangeTicket: ticket },
      });
    },
    add(story) {
      const key = story.finish();
      keys.push(key);
      return key;
    },
    ago: (days, ...words) => frame.daysAgo(days, ...words),
    actor: (name) => people.actor(name),
    arn: (name) => people.arn(name),
    usualPolicy(users, actions) {
      const use =
        users.length > 0
          ? [
              allowUse(
                users.map((name) => people.arn(name)),
                actions,
              ),
            ]
          : [];
      return policyOf(
        delegateToIam(frame.production),
        allowAdministration(people.arn('infrastructure-deployer'), people.arn('sso-key-admin')),
        ...use,
      );
    },
  };
  return world;
}

function securityPolicy(
  people: People,
  account: string,
  users: string[],
  actions?: string[],
): PolicyDocument {
  const use =
    users.length > 0
      ? [
          allowUse(
            users.map((name) => people.arn(name)),
            actions,
          ),
        ]
      : [];
  return policyOf(delegateToIam(account), allowAdministration(people.arn('sso-security-admin')), ...use);
}

/** Envelope encryption as services do it: many Decrypt, some GenerateDataKey. */
export function dataKeyUses(
  actor: Actor,
  via?: string,
  encryptionContext?: Record<string, string>,
): KeyUse[] {
  const more = {
    actor,
    ...(via === undefined ? {} : { via }),
    ...(encryptionContext ? { encryptionContext } : {}),
  };
  return [
    { operation: 'Decrypt', weight: 7, ...more },
    { operation: 'GenerateDataKey', weight: 3, ...more },
  ];
}

/** Direct encryption by an application. */
export const directUses = (actor: Actor, encryptionContext?: Record<string, string>): KeyUse[] => [
  { operation: 'Decrypt', weight: 6, actor, ...(encryptionContext ? { encryptionContext } : {}) },
  { operation: 'Encrypt', weight: 4, actor, ...(encryptionContext ? { encryptionContext } : {}) },
];

export const signUses = (actor: Actor): KeyUse[] => [
  { operation: 'Sign', weight: 9, actor },
  { operation: 'Verify', weight: 1, actor },
];

export const macUses = (actor: Actor): KeyUse[] => [
  { operation: 'GenerateMac', weight: 5, actor },
  { operation: 'VerifyMac', weight: 5, actor },
];
