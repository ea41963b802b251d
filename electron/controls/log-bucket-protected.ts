import { exception, pass, results, undetermined, type Answer, type Control } from './control.ts';
import { isKnown, items, logStores, valueOf, type LogStore } from './log-stores.ts';
import { throughout } from './throughout.ts';

const ID = 'log-bucket-protected';

/** Nobody can read or change the log files unseen. */
export const logBucketProtected: Control = {
  id: ID,
  title: 'Log bucket is protected',
  finding: 'logging',
  criteria: ['CC7.2', 'CC6.1'],
  question: 'Is the bucket that holds the logs closed to the public, versioned or locked, and encrypted?',
  method:
    'Read public access block, bucket policy, versioning, object lock and default encryption of every bucket that trails deliver to. For the period, read logged changes of those settings.',
  permissions: [
    's3:GetBucketPublicAccessBlock',
    's3:GetBucketPolicy',
    's3:GetBucketVersioning',
    's3:GetBucketObjectLockConfiguration',
    's3:GetEncryptionConfiguration',
  ],
  remediation: 'Block all public access, turn on versioning or object lock, and set default encryption.',
  standards: [
    { name: 'CIS AWS Foundations Benchmark', version: '1.5', ref: '3.3' },
    { name: 'AWS Security Hub CSPM', version: 'CloudTrail controls', ref: 'CloudTrail.6' },
  ],
  appliesTo: 'buckets that trails deliver to',
  test: (context) =>
    logStores(context)
      .filter((store) => store.kind === 'bucket')
      .flatMap((store) => {
        const now = bucketNow(store);
        const trail = store.trails[0]!;
        return results(ID, 'log store', store.name, {
          collection: now,
          period: throughout(context, {
            subject: store.name,
            account: trail.account,
            region: trail.home_region,
            settings: ['bucket'],
            created: null,
            now,
            what: `bucket ${store.name} was protected`,
          }),
        });
      }),
};

const BLOCKS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];

function bucketNow(store: LogStore): Answer {
  const cites = [...store.trails.map((t) => t.seq), ...[...store.settings.values()].map((row) => row.seq)];
  const checks = [publicAccess(store), policy(store), history(store), encryption(store)];
  const wrong = checks.flatMap((check) => check.wrong ?? []);
  if (wrong.length > 0) return exception(`Bucket ${store.name}: ${wrong.join('; ')}.`, cites);
  const open = checks.flatMap((check) => check.open ?? []);
  if (open.length > 0) {
    const code = [...store.settings.values()].find((row) => !isKnown(row))?.code ?? null;
    return undetermined(`Bucket ${store.name}: ${open.join('; ')}.`, cites, code);
  }
  return pass(
    `Bucket ${store.name} blocks public access, keeps earlier versions or locks objects, and encrypts by default.`,
    cites,
  );
}

interface Check {
  wrong?: string;
  open?: string;
}

function unread(store: LogStore, setting: string): Check {
  const row = store.settings.get(setting);
  return { open: `${setting} could not be read (${row?.code ?? row?.status ?? 'not asked'})` };
}

function publicAccess(store: LogStore): Check {
  const row = store.settings.get('public-access-block');
  if (!isKnown(row)) return unread(store, 'public-access-block');
  const value = valueOf(row) ?? {};
  const off = BLOCKS.filter((name) => String(value[name]) !== 'true');
  return off.length === 0 ? {} : { wrong: `public access is not blocked wholly (${off.join(', ')} off)` };
}

function policy(store: LogStore): Check {
  const row = store.settings.get('policy');
  if (!isKnown(row)) return unread(store, 'policy');
  const open = items((valueOf(row) ?? {}).Statement).some(
    (s) => s.Effect === 'Allow' && s.Condition === undefined && isEverybody(s.Principal),
  );
  return open ? { wrong: 'its policy allows everybody without a condition' } : {};
}

function isEverybody(principal: unknown): boolean {
  if (principal === '*') return true;
  const aws =
    typeof principal === 'object' && principal !== null ? (principal as { AWS?: unknown }).AWS : undefined;
  return aws === '*' || (Array.isArray(aws) && aws.includes('*'));
}

/** Versioning keeps what is overwritten or deleted; object lock forbids it. Either will do. */
function history(store: LogStore): Check {
  const versioning = store.settings.get('versioning');
  const lock = store.settings.get('object-lock');
  if ((valueOf(versioning) ?? {}).Status === 'Enabled' || valueOf(lock) !== null) return {};
  if (!isKnown(versioning)) return unread(store, 'versioning');
  if (!isKnown(lock)) return unread(store, 'object-lock');
  return { wrong: 'neither versioning nor object lock is on' };
}

function encryption(store: LogStore): Check {
  const row = store.settings.get('encryption');
  if (!isKnown(row)) return unread(store, 'encryption');
  return row?.status === 'absent' ? { wrong: 'it has no default encryption' } : {};
}
