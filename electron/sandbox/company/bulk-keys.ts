import { allowAdministration, allowUse, delegateToIam, policyOf, policyText } from './documents.ts';
import { awsInternal, keyArn } from './key-birth.ts';
import { DAY, HOUR, MINUTE, trailDate } from './time.ts';
import type { Actor, Change, KeyMaterial, KeyUse, SandboxKey } from './types.ts';
import { dataKeyUses, directUses, type World } from './world.ts';

const SYSTEMS = [
  'orders',
  'billing',
  'tracking',
  'documents',
  'telemetry',
  'customs',
  'warehouse',
  'routing',
] as const;
const OWNERS = [
  'Maria Lopez',
  'Tom Becker',
  'Priya Nair',
  'Omar Haddad',
  'Lena Fischer',
  'Ines Carvalho',
] as const;
const CLASSES = ['Internal', 'Confidential', 'Restricted'] as const;
const PERIODS = [365, 365, 365, 365, 180, 90] as const;
const USERS = ['orders-api', 'billing-batch', 'warehouse-etl', 'tracking-stream'] as const;

/**
 * Adds ordinary symmetric keys, for size: most rotate, nine in ten have an owner, one in five is never used. Made
 * without the story-teller, because there may be 100,000; only changes inside the period enter the history.
 */
export function addOrdinaryKeys(world: World, count: number, regions: string[]): void {
  const { frame, keys, history } = world;
  const random = frame.random('ordinary');
  const accountId = frame.production;
  const createdBy = world.actor('infrastructure-deployer');
  const statements = [
    delegateToIam(accountId),
    allowAdministration(world.arn('infrastructure-deployer'), world.arn('sso-key-admin')),
  ];
  // Shared by all ordinary keys: how a key of this user and region is used, and what its policy says.
  const uses = new Map<string, KeyUse[]>();
  const usesOf = (user: (typeof USERS)[number], region: string): KeyUse[] => {
    const id = `${user} ${region}`;
    const known =
      uses.get(id) ??
      (user === 'billing-batch'
        ? directUses(world.actor(user))
        : dataKeyUses(world.actor(user), `s3.${region}.amazonaws.com`));
    uses.set(id, known);
    return known;
  };
  const policies = new Map<string, string>();
  const policyFor = (user: string): string => {
    const known = policies.get(user) ?? policyText(policyOf(...statements, allowUse([world.arn(user)])));
    policies.set(user, known);
    return known;
  };

  for (let i = 0; i < count; i++) {
    const region = regions[i % regions.length]!;
    const keyId = random.uuid();
    const arn = keyArn(region, accountId, keyId);
    const createdAt = frame.now - (20 + random.int(1300)) * DAY - random.int(DAY);
    const user = random.pick(USERS);
    const system = random.pick(SYSTEMS);
    const rotates = random.int(100) < 88;
    const periodDays = random.pick(PERIODS);
    const owned = random.int(10) > 0;
    const used = random.int(5) > 0;
    const enabledAt = createdAt + 90_000;
    const materials: KeyMaterial[] = [{ id: random.hex(64), state: 'CURRENT' }];
    const key: SandboxKey = {
      story: 'ordinary',
      keyId,
      arn,
      accountId,
      region,
      description: `${system} data set ${i + 1}`,
      manager: 'CUSTOMER',
      spec: 'SYMMETRIC_DEFAULT',
      usage: 'ENCRYPT_DECRYPT',
      origin: 'AWS_KMS',
      state: 'Enabled',
      createdAt,
      createdBy,
      rotation: { enabled: rotates, periodDays },
      materials,
      policy: policyFor(user),
      tags: {
        ...(owned ? { Owner: random.pick(OWNERS) } : {}),
        System: system,
        DataClass: random.pick(CLASSES),
      },
      grants: [],
      aliases: i % 4 === 0 ? [`alias/${system}/set-${i + 1}`] : [],
      uses: used ? usesOf(user, region) : [],
      useWeight: used ? 1 + random.int(12) : 0,
      usedFrom: createdAt,
      usedTo: frame.now,
    };
    const log = changeWriter(key, history, frame.period.from, () => random.uuid());
    log(
      createdAt,
      createdBy,
      'CreateKey',
      {
        keySpec: key.spec,
        keyUsage: key.usage,
        origin: key.origin,
        multiRegion: false,
        description: key.description,
      },
      {
        responseElements: {
          keyMetadata: {
            aWSAccountId: accountId,
            keyId,
            arn,
            creationDate: trailDate(createdAt),
            enabled: true,
            keyState: 'Enabled',
            keyManager: 'CUSTOMER',
          },
        },
      },
    );
    if (rotates) {
      log(enabledAt, createdBy, 'EnableKeyRotation', { keyId, rotationPeriodInDays: periodDays });
      let due = enabledAt + periodDays * DAY;
      for (; due <= frame.now; due += periodDays * DAY) {
        const at = Math.min(due + random.int(3 * HOUR), frame.now);
        const previous = materials.at(-1)!;
        previous.state = 'NON_CURRENT';
        const next: KeyMaterial = { id: random.hex(64), state: 'CURRENT', rotatedAt: at, type: 'AUTOMATIC' };
        materials.push(next);
        log(at, awsInternal(accountId), 'RotateKey', null, {
          responseElements: null,
          serviceEventDetails: {
            keyId,
            keyOrigin: 'AWS_KMS',
            rotationType: 'AUTOMATIC',
            previousKeyMaterialId: previous.id,
            currentKeyMaterialId: next.id,
          },
        });
      }
      key.rotation!.nextAt = due;
    }
    if (used) {
      const at = frame.now - (20 + random.int(300)) * MINUTE;
      key.lastUse = {
        operation: key.uses[0]!.operation,
        at: at - (at % 1000),
        eventId: random.uuid(),
        requestId: random.uuid(),
        actor: key.uses[0]!.actor,
      };
    }
    keys.push(key);
  }
}

function changeWriter(key: SandboxKey, history: Change[], from: number, eventId: () => string) {
  return (
    at: number,
    actor: Actor,
    eventName: string,
    requestParameters: Change['requestParameters'],
    extra: Partial<Change> = {},
  ): void => {
    if (at < from) return;
    history.push({
      at,
      accountId: key.accountId,
      region: key.region,
      eventSource: 'kms.amazonaws.com',
      eventName,
      eventType: actor.kind === 'service' ? 'AwsServiceEvent' : 'AwsApiCall',
      actor,
      eventId: eventId(),
      keyArn: key.arn,
      requestParameters,
      responseElements: { keyId: key.arn },
      ...extra,
    });
  };
}
