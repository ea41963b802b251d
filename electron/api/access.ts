import { z } from 'zod';
import { cites, ofSnapshot, page, pageOf } from './shared.ts';
import { read } from './method.ts';

/** How one principal holds a right on a key. */
export const accessPath = z.strictObject({
  key: z.string(),
  n: z.int(),
  principal: z.string(),
  principalKind: z.string(),
  kindReason: z.string(),
  access: z.enum(['administer', 'use', 'grant']),
  useKind: z.string().nullable(),
  /** What gives it, from the key outwards, in words. */
  via: z.string(),
  actions: z.array(z.string()),
  conditions: z.string().nullable(),
  certainty: z.enum(['allowed', 'conditional', 'unknown']),
  /** What was not evaluated. */
  detail: z.string().nullable(),
  /** The whole path in one sentence. */
  sentence: z.string(),
  cites,
});
export type AccessPath = z.infer<typeof accessPath>;

const principalRow = z.strictObject({
  principal: z.string(),
  kind: z.string(),
  kindReason: z.string(),
  /** Keys on which it holds each right. */
  administer: z.int(),
  use: z.int(),
  grant: z.int(),
  keys: z.int(),
  /** Paths that hold for certain, under conditions, or could not be evaluated. */
  allowed: z.int(),
  conditional: z.int(),
  unknown: z.int(),
  /** Logged events of it on any key; null when the logs name no such principal. */
  events: z.int().nullable(),
  lastEvent: z.iso.datetime().nullable(),
});
export type PrincipalRow = z.infer<typeof principalRow>;

/** Granted beside used: what one principal may do on one key, and what logs say it did. */
const grantedAndUsed = z.strictObject({
  key: z.string(),
  rights: z.array(z.enum(['administer', 'use', 'grant'])),
  certainty: z.enum(['allowed', 'conditional', 'unknown']),
  events: z.int(),
  operations: z.array(z.string()),
  last: z.iso.datetime().nullable(),
});

export const access = {
  /** Principals that hold a right on any key, by name. */
  'access.principals': read(
    z.strictObject({
      ...ofSnapshot,
      search: z.string().default(''),
      kind: z.string().nullable().default(null),
      ...pageOf,
    }),
    page(principalRow),
  ),
  /** Kinds of principal with their number. */
  'access.kinds': read(
    z.strictObject(ofSnapshot),
    z.strictObject({ kinds: z.array(z.strictObject({ kind: z.string(), principals: z.int() })) }),
  ),
  /** All paths of one principal, by key. */
  'access.paths': read(
    z.strictObject({ ...ofSnapshot, principal: z.string().min(1), ...pageOf }),
    page(accessPath),
  ),
  /** Granted versus used, key by key, for one principal. */
  'access.used': read(
    z.strictObject({ ...ofSnapshot, principal: z.string().min(1), ...pageOf }),
    page(grantedAndUsed),
  ),
};
