import type { Company } from '../company/types.ts';
import { AwsError } from '../server/aws-error.ts';
import { authorize, type ResourceSide } from './authorize.ts';
import type { Context } from './conditions.ts';
import type { Caller, Identities } from './identities.ts';
import type { KeyIndex } from './kms/key-index.ts';

/** One authenticated call on its way through a service. */
export interface Call {
  company: Company;
  identities: Identities;
  keys: KeyIndex;
  caller: Caller;
  region: string;
  /** Milliseconds since the epoch, by the server's clock. */
  now: number;
}

export type JsonInput = Record<string, unknown>;
export type JsonOperation = (call: Call, input: JsonInput) => unknown;

/** Decides the call. Without a resource side only identity policies count. @throws AwsError AccessDeniedException */
export function allow(
  call: Call,
  action: string,
  resource = '*',
  side?: ResourceSide,
  context?: Context,
): void {
  authorize({ caller: call.caller, action, resource, ...(context ? { context } : {}) }, side);
}

/** Timestamps of the JSON protocols: seconds since the epoch, with a fraction. */
export const seconds = (at: number): number => at / 1000;
export const optionalSeconds = (name: string, at: number | undefined): Record<string, number> =>
  at === undefined ? {} : { [name]: seconds(at) };

/** @throws AwsError ValidationException when absent or not text. */
export function requiredText(input: JsonInput, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value null at '${lowerFirst(name)}' failed to satisfy constraint: Member must not be null`,
  );
}

export const optionalText = (input: JsonInput, name: string): string | undefined =>
  typeof input[name] === 'string' ? input[name] : undefined;

const lowerFirst = (text: string): string => text[0]!.toLowerCase() + text.slice(1);

export interface PageLimits {
  min: number;
  max: number;
  usual: number;
}

/** The page size asked for. @throws AwsError ValidationException */
export function pageSize(value: unknown, name: string, limits: PageLimits): number {
  if (value === undefined || value === null) return limits.usual;
  if (typeof value === 'number' && Number.isInteger(value)) {
    if (value < limits.min)
      throw outOfRange(value, name, `Member must have value greater than or equal to ${limits.min}`);
    if (value > limits.max)
      throw outOfRange(value, name, `Member must have value less than or equal to ${limits.max}`);
    return value;
  }
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${JSON.stringify(value)}' at '${lowerFirst(name)}' is not a number`,
  );
}

const outOfRange = (value: number, name: string, constraint: string): AwsError =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${lowerFirst(name)}' failed to satisfy constraint: ${constraint}`,
  );

/**
 * One page of a list. The marker names the list and the place in it, so that a marker of another list, Region or
 * account is refused, as AWS refuses it.
 */
export function pageOf<T>(
  items: readonly T[],
  size: number,
  marker: string | undefined,
  list: string,
  refuse: () => AwsError,
): { page: T[]; next?: string } {
  let start = 0;
  if (marker !== undefined) {
    const [name, place] = Buffer.from(marker, 'base64url').toString('utf8').split('\n');
    start = name === list ? Number(place) : NaN;
    if (!Number.isInteger(start) || start < 1 || start >= items.length) throw refuse();
  }
  const page = items.slice(start, start + size);
  const end = start + page.length;
  return end < items.length ? { page, next: Buffer.from(`${list}\n${end}`).toString('base64url') } : { page };
}
