import type { Frame } from '../company/frame.ts';
import { DAY } from '../company/time.ts';
import type { EstateKey, KeyVersion, RotationPolicy } from './types.ts';

const RSA_OPS = ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'];
const OPS: Record<EstateKey['kty'], string[]> = {
  RSA: RSA_OPS,
  'RSA-HSM': RSA_OPS,
  EC: ['sign', 'verify'],
  'EC-HSM': ['sign', 'verify'],
  'oct-HSM': ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'],
};

interface KeyPlan extends Partial<Omit<EstateKey, 'versions' | 'name' | 'story' | 'rotationPolicy'>> {
  /** Days before now of each version, oldest first. */
  versionDays?: number[];
  /** The newest version expires this many days after now; negative: it has expired. */
  expiresInDays?: number;
  disabled?: boolean;
  rotation?: RotationPolicy['lifetimeActions'];
}

export const ROTATE_YEARLY: RotationPolicy['lifetimeActions'] = [
  { trigger: { timeAfterCreate: 'P365D' }, action: { type: 'Rotate' } },
  { trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'Notify' } },
];
/** Warns, never rotates. */
export const NOTIFY_ONLY: RotationPolicy['lifetimeActions'] = [
  { trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'Notify' } },
];

/** A key with its versions, dated from the company's calendar. */
export function estateKey(
  frame: Frame,
  vault: string,
  name: string,
  story: string,
  plan: KeyPlan = {},
): EstateKey {
  const { versionDays = [400, 35], expiresInDays, disabled, rotation, kty = 'RSA', ...rest } = plan;
  const versions = versionDays.map((days, i): KeyVersion => {
    const createdAt = frame.daysAgo(days, 'azure-key', vault, name, i);
    const newest = i === versionDays.length - 1;
    return {
      id: frame.random('azure-key-version', vault, name, i).hex(32),
      createdAt,
      updatedAt: createdAt,
      enabled: !(newest && disabled === true),
      ...(newest && expiresInDays !== undefined ? { expiresAt: frame.now + expiresInDays * DAY } : {}),
    };
  });
  const created = Math.floor((versions[0]?.createdAt ?? frame.now) / 1000);
  return {
    name,
    story,
    kty,
    size: kty.startsWith('EC') ? 'P-256' : kty === 'oct-HSM' ? 256 : 2048,
    keyOps: OPS[kty],
    versions,
    ...(rotation === undefined
      ? {}
      : {
          rotationPolicy: {
            lifetimeActions: rotation,
            attributes: { expiryTime: 'P2Y', created, updated: created },
          },
        }),
    ...rest,
  };
}

/** The keys of the busiest vault: more than a page of them, one with more than a page of versions. */
export function orderKeys(frame: Frame, vault: string, ordinary: number): EstateKey[] {
  const key = (name: string, story: string, plan?: KeyPlan): EstateKey =>
    estateKey(frame, vault, name, story, plan);
  return [
    key('orders-db', 'rotation-on', {
      rotation: ROTATE_YEARLY,
      expiresInDays: 330,
      tags: { owner: 'tom.becker', system: 'orders' },
    }),
    key('orders-archive', 'rotation-off', { versionDays: [900] }),
    key('orders-backup', 'notify-only', { versionDays: [500], rotation: NOTIFY_ONLY, expiresInDays: 230 }),
    key('orders-expired', 'expired', { versionDays: [760], expiresInDays: -30 }),
    key('orders-disabled', 'disabled', { versionDays: [300], disabled: true }),
    key('orders-signing', 'ec', { kty: 'EC-HSM', versionDays: [120], rotation: ROTATE_YEARLY }),
    key('orders-weak', 'algorithm-not-approved', { size: 1024, versionDays: [1500] }),
    key('orders-events', 'many-versions', {
      versionDays: Array.from({ length: 30 }, (_, i) => 880 - i * 30),
      rotation: [{ trigger: { timeAfterCreate: 'P30D' }, action: { type: 'Rotate' } }],
      expiresInDays: 60,
    }),
    key('orders-enclave', 'exportable', { kty: 'RSA-HSM', exportable: true, size: 3072, versionDays: [90] }),
    key('orders-tls', 'certificate-backed', { managed: true, versionDays: [200], expiresInDays: 165 }),
    key('orders-old', 'deleted-in-period', {
      versionDays: [1000],
      deletedAt: frame.daysAgo(20, 'azure-key-deleted'),
    }),
    ...Array.from({ length: ordinary }, (_, i) =>
      key(`orders-tenant-${String(i + 1).padStart(3, '0')}`, 'ordinary', {
        versionDays: [420 + (i % 7), 50 + (i % 11)],
        rotation: ROTATE_YEARLY,
        expiresInDays: 300,
      }),
    ),
  ];
}
