import type { Company } from '../company/types.ts';
import { SampleLogError } from './error.ts';

/** Things done to the log bucket behind CloudTrail's back, for tests of the verifier. Each is off unless asked for. */
export type LogFault =
  /** One log file's content differs from its digest. */
  | 'tampered-log'
  /** A log file named in a digest is gone. */
  | 'deleted-log'
  /** A digest in the middle of a chain is gone. */
  | 'deleted-digest'
  /** A well-formed log file that no digest names. */
  | 'undigested-log'
  /** A digest lies under another name than its content says. */
  | 'moved-digest'
  /** A digest's content was changed and no longer fits its signature. */
  | 'tampered-digest';

export const LOG_FAULTS: readonly LogFault[] = [
  'tampered-log',
  'deleted-log',
  'deleted-digest',
  'undigested-log',
  'moved-digest',
  'tampered-digest',
];

export interface LogOptions {
  /**
   * Events in the company's period over all accounts and regions, 0 to 10 million. Default 20,000. Recorded changes and
   * last uses of keys are part of this number, but are always present: a smaller number does not remove them.
   */
  events?: number | undefined;
  /** Hours of events in one log file; divides 24. Real trails deliver about every 5 minutes. Default 24. */
  hoursPerFile?: number | undefined;
  /** Hours one digest file covers; divides 24, multiple of hoursPerFile. Real digests: 1. Default: hoursPerFile. */
  hoursPerDigest?: number | undefined;
  /** A log file is split before it has more events than this, unless one hour alone has more. Default 10,000. */
  eventsPerFile?: number | undefined;
  /** Things wrong with the bucket, done to the first trail's home-region logs of the first account. Default none. */
  faults?: readonly LogFault[] | undefined;
}

export interface LogSettings {
  events: number;
  hoursPerFile: number;
  hoursPerDigest: number;
  eventsPerFile: number;
  faults: readonly LogFault[];
}

const chosen = new WeakMap<Company, LogSettings>();

/**
 * Fixes how much is logged for a company. Call it before the first event or object is asked for.
 * @throws SampleLogError bad-option, also when the company's logs were already set up differently.
 */
export function setLogOptions(company: Company, options: LogOptions): LogSettings {
  const settings = settingsFrom(options);
  const before = chosen.get(company);
  if (before && JSON.stringify(before) !== JSON.stringify(settings)) {
    throw new SampleLogError(
      'bad-option',
      'cannot change the sample logs: they are already in use. Set the options before the first request.',
    );
  }
  chosen.set(company, settings);
  return settings;
}

/** The settings in force for this company; the defaults when none were set. */
export function logSettings(company: Company): LogSettings {
  return chosen.get(company) ?? setLogOptions(company, {});
}

function settingsFrom(options: LogOptions): LogSettings {
  const events = whole('events', options.events ?? 20_000, 0, 10_000_000);
  const hoursPerFile = whole('hoursPerFile', options.hoursPerFile ?? 24, 1, 24);
  const hoursPerDigest = whole('hoursPerDigest', options.hoursPerDigest ?? hoursPerFile, 1, 24);
  if (24 % hoursPerFile !== 0 || 24 % hoursPerDigest !== 0 || hoursPerDigest % hoursPerFile !== 0) {
    throw new SampleLogError(
      'bad-option',
      `cannot lay out the sample logs: ${hoursPerFile} hours per file and ${hoursPerDigest} per digest do not divide a day evenly. ` +
        'Use divisors of 24, hoursPerDigest a multiple of hoursPerFile.',
    );
  }
  for (const fault of options.faults ?? []) {
    if (!LOG_FAULTS.includes(fault)) {
      throw new SampleLogError(
        'bad-option',
        `cannot lay out the sample logs: there is no fault "${String(fault)}". Use ${LOG_FAULTS.join(', ')}.`,
      );
    }
  }
  return {
    events,
    hoursPerFile,
    hoursPerDigest,
    eventsPerFile: whole('eventsPerFile', options.eventsPerFile ?? 10_000, 1, 1_000_000),
    faults: LOG_FAULTS.filter((fault) => options.faults?.includes(fault)),
  };
}

function whole(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new SampleLogError(
    'bad-option',
    `cannot lay out the sample logs: ${name} is ${value}. Use a whole number from ${min} to ${max}.`,
  );
}
