import { DAY } from '../company/time.ts';
import type { Company, Instant } from '../company/types.ts';
import { randomFor } from '../company/random.ts';
import type { TransitKey, VaultChange } from './types.ts';

interface Story extends Partial<Omit<TransitKey, 'versions'>> {
  name: string;
  type: TransitKey['type'];
  /** Ages of the versions in days before asOf, the oldest first. */
  ages: number[];
}

/** Every 30 days, as auto-rotation does. */
const monthly = (count: number, newest: number): number[] =>
  Array.from({ length: count }, (_, i) => newest + 30 * (count - 1 - i));

const STORIES: Story[] = [
  {
    name: 'orders-pii',
    type: 'aes256-gcm96',
    ages: monthly(14, 11),
    autoRotatePeriod: 30 * 86_400,
    minDecryptionVersion: 3,
    usedBy: 'orders-api',
  },
  { name: 'billing-exports', type: 'aes256-gcm96', ages: [905], usedBy: 'billing-batch' },
  {
    name: 'legacy-labels',
    type: 'chacha20-poly1305',
    ages: [1320, 1010],
    exportable: true,
    allowPlaintextBackup: true,
    deletionAllowed: true,
  },
  { name: 'release-signing', type: 'ecdsa-p256', ages: [780, 410, 38], usedBy: 'release-signing' },
  { name: 'invoice-signing', type: 'rsa-4096', ages: [640] },
  { name: 'partner-exchange', type: 'rsa-2048', ages: [300], imported: true },
  { name: 'device-identity', type: 'ed25519', ages: [500, 135], usedBy: 'device-signer' },
  { name: 'webhook-mac', type: 'hmac', ages: [420, 55] },
  { name: 'search-tokens', type: 'aes128-gcm96', ages: [390, 25], derived: true },
  { name: 'ci-secrets', type: 'aes256-gcm96', ages: [700], autoRotatePeriod: 2 * 365 * 86_400 },
  { name: 'customs-broker', type: 'aes256-gcm96', ages: [260, 80] },
  {
    name: 'card-tokens',
    type: 'aes256-gcm96',
    mount: 'payments-transit/',
    ages: [720, 540, 360, 180, 90, 8],
    minDecryptionVersion: 4,
    minEncryptionVersion: 6,
    usedBy: 'payments-tokenizer',
  },
  { name: 'pin-mac', type: 'hmac', mount: 'payments-transit/', ages: [350], usedBy: 'payments-tokenizer' },
  {
    name: 'fleet-telemetry',
    type: 'aes256-gcm96',
    namespace: 'logistics/',
    ages: monthly(5, 20),
    autoRotatePeriod: 30 * 86_400,
    usedBy: 'fleet-gateway',
  },
  {
    name: 'scanner-signing',
    type: 'ecdsa-p384',
    namespace: 'logistics/',
    ages: [210],
    usedBy: 'scanner-fleet',
  },
];

/** The transit keys, and the changes of the period that made their newer versions. Automatic rotation leaves no entry. */
export function tellTransitStories(company: Company): { keys: TransitKey[]; changes: VaultChange[] } {
  const changes: VaultChange[] = [];
  const keys = STORIES.map(({ ages, ...story }): TransitKey => {
    const key: TransitKey = {
      namespace: '',
      mount: 'transit/',
      autoRotatePeriod: 0,
      minDecryptionVersion: 1,
      minEncryptionVersion: 0,
      exportable: false,
      allowPlaintextBackup: false,
      deletionAllowed: false,
      derived: false,
      imported: false,
      ...story,
      versions: ages.map((age) => moment(company, age, story.name)),
    };
    if (key.autoRotatePeriod === 0) {
      for (const at of key.versions.slice(1)) {
        const { namespace, mount, name } = key;
        const path = `${mount}keys/${name}/rotate`;
        changes.push({ at, namespace, actor: 'tom.becker', operation: 'update', path, data: {} });
      }
    }
    return key;
  });
  changes.push({
    at: moment(company, 47, 'config'),
    namespace: '',
    actor: 'maria.lopez',
    operation: 'update',
    path: 'transit/keys/legacy-labels/config',
    data: { deletion_allowed: true },
  });
  changes.sort((a, b) => a.at - b.at);
  return { keys, changes: changes.filter(({ at }) => at >= company.period.from) };
}

/** Working hours, whole milliseconds; the same words give the same moment. */
function moment(company: Company, age: number, name: string): Instant {
  const random = randomFor(company.seed, 'vault', name, age);
  return company.now - age * DAY + (8 * 3600 + random.int(9 * 3600)) * 1000 + random.int(1000);
}
