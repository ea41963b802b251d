import { SAMPLE_COMPANY } from './name.ts';
import { randomFor, type Random } from './random.ts';
import { DAY, HOUR, MINUTE } from './time.ts';
import type { Account, CompanyOptions, Instant, RegionEntry } from './types.ts';

/** What everything else in the company is built on: who it is, where, and its calendar. */
export interface Frame {
  seed: string;
  asOf: string;
  now: Instant;
  period: { from: Instant; to: Instant };
  name: string;
  organizationId: string;
  accounts: [Account, Account];
  production: string;
  security: string;
  partnerAccountId: string;
  regions: RegionEntry[];
  enabledRegions: string[];
  /** GetKeyLastUsage knows nothing before this moment. */
  usageTrackingStart: Instant;
  /** The stream of random numbers named by these words. */
  random(...words: (string | number)[]): Random;
  /** A moment in working hours, so many days before asOf; the same words give the same moment. */
  daysAgo(days: number, ...words: (string | number)[]): Instant;
}

export class SandboxError extends Error {
  readonly code: 'bad-option' | 'not-running';
  constructor(code: SandboxError['code'], message: string) {
    super(message);
    this.name = 'SandboxError';
    this.code = code;
  }
}

/** GetKeyLastUsage was introduced with this tracking date; an older sample company gets an older one. */
const USAGE_TRACKING_START = Date.UTC(2026, 3, 27);

const REGIONS: RegionEntry[] = [
  { name: 'af-south-1', status: 'DISABLED' },
  { name: 'ap-east-1', status: 'DISABLED' },
  { name: 'ap-southeast-3', status: 'DISABLED' },
  { name: 'ca-west-1', status: 'DISABLED' },
  { name: 'eu-central-1', status: 'ENABLED_BY_DEFAULT' },
  { name: 'eu-south-1', status: 'DISABLED' },
  { name: 'eu-west-1', status: 'ENABLED_BY_DEFAULT' },
  { name: 'il-central-1', status: 'DISABLED' },
  { name: 'me-south-1', status: 'DISABLED' },
  { name: 'us-east-1', status: 'ENABLED_BY_DEFAULT' },
];

/** The ids AWS's own documentation uses for examples: nobody's real account can appear in a sample. */
const PRODUCTION = '111122223333';
const SECURITY = '444455556666';
const PARTNER = '999988887777';

/** @throws SandboxError bad-option, when asOf is not a date or the period is too short for the stories. */
export function frameOf(options: CompanyOptions): Frame {
  const seed = options.seed ?? 'meridian';
  const asOf = options.asOf ?? `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`;
  const now = Date.parse(asOf);
  if (Number.isNaN(now) || !/Z$|^\d{4}-\d{2}-\d{2}$/.test(asOf)) {
    throw new SandboxError(
      'bad-option',
      `cannot build the sample company: asOf "${asOf}" is not a UTC date. Use e.g. 2026-07-01T00:00:00Z.`,
    );
  }
  const periodDays = options.periodDays ?? 90;
  if (!Number.isInteger(periodDays) || periodDays < 60 || periodDays > 3650) {
    throw new SandboxError(
      'bad-option',
      `cannot build the sample company: periodDays is ${periodDays}. Use a whole number from 60 to 3650.`,
    );
  }
  const random: Frame['random'] = (...words) => randomFor(seed, ...words);
  return {
    seed,
    asOf: new Date(now).toISOString(),
    now,
    period: { from: now - periodDays * DAY, to: now },
    name: SAMPLE_COMPANY,
    organizationId: `o-${random('organization').hex(10)}`,
    accounts: [
      { id: PRODUCTION, name: 'meridian-production', alias: 'meridian-freight-prod', role: 'production' },
      { id: SECURITY, name: 'meridian-security', alias: 'meridian-freight-security', role: 'security' },
    ],
    production: PRODUCTION,
    security: SECURITY,
    partnerAccountId: PARTNER,
    regions: REGIONS.map((region) => ({ ...region })),
    enabledRegions: REGIONS.filter((region) => region.status !== 'DISABLED').map((region) => region.name),
    usageTrackingStart: Math.min(USAGE_TRACKING_START, now - 180 * DAY),
    random,
    daysAgo(days, ...words) {
      const r = random('moment', days, ...words);
      const midnight = now - (now % DAY) - days * DAY;
      return midnight + 8 * HOUR + r.int(10 * 60) * MINUTE + r.int(60) * 1000;
    },
  };
}
