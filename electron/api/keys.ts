import { z } from 'zod';
import { blob, instant, ofSnapshot, page, pageOf, startedJob } from './shared.ts';
import { engine, read } from './method.ts';
import { accessPath } from './access.ts';
import { gap } from './collect.ts';
import { result } from './tests.ts';

/** A time as the provider gave it, ISO 8601 UTC; null is "not known" or "has none". */
const at = z.string().nullable();
const flag = z.boolean().nullable();

/** One key as the table shows it. */
export const keyListRow = z.strictObject({
  id: z.string(),
  provider: z.string(),
  source: z.string(),
  basis: z.enum(['observed', 'logged', 'client-provided']),
  account: z.string(),
  region: z.string(),
  nativeId: z.string(),
  aliases: z.array(z.string()),
  description: z.string().nullable(),
  state: z.string().nullable(),
  algorithm: z.string().nullable(),
  usage: z.string().nullable(),
  origin: z.string().nullable(),
  materialHolder: z.string().nullable(),
  manager: z.string().nullable(),
  multiRegion: z.string().nullable(),
  created: at,
  deletionDate: at,
  rotationSupport: z.string().nullable(),
  rotationEnabled: flag,
  rotationPeriodDays: z.number().nullable(),
  nextRotation: at,
  lastRotation: at,
  lastUsed: at,
  /** As declared, or from the client's owner tags; null when nobody is documented. */
  owner: z.string().nullable(),
  /** Tests with an exception on this key, at collection or in the period. */
  exceptions: z.int(),
  /** Logged events that name it, whole log. */
  events: z.int(),
});
export type KeyListRow = z.infer<typeof keyListRow>;

/** What keys can be filtered and counted by. */
export const keyFacet = z.enum([
  'provider',
  'source',
  'account',
  'region',
  'state',
  'manager',
  'algorithm',
  'usage',
  'origin',
  'materialHolder',
  'multiRegion',
  'rotation',
  'basis',
  'exception',
]);
export type KeyFacet = z.infer<typeof keyFacet>;

/**
 * Values wanted per facet; null stands for "not known". `rotation` has on, off, manual, with-primary, provider and
 * unknown; `exception` has the ids of tests, and `none`. Facets narrow each other; values of one facet widen.
 */
export const keyFilter = z.strictObject({
  facets: z.partialRecord(keyFacet, z.array(z.string().nullable()).min(1)).default({}),
  /** Part of id, alias or description. */
  search: z.string().default(''),
  belongs: z.enum(['inventory', 'elsewhere']).default('inventory'),
});
export type KeyFilter = z.infer<typeof keyFilter>;

export const keySort = z.strictObject({
  by: z.enum([
    'id',
    'account',
    'region',
    'state',
    'algorithm',
    'origin',
    'manager',
    'created',
    'rotationEnabled',
    'nextRotation',
    'lastRotation',
    'lastUsed',
    'exceptions',
  ]),
  descending: z.boolean().default(false),
});
export type KeySort = z.infer<typeof keySort>;

const wanted = {
  ...ofSnapshot,
  filter: keyFilter.prefault({}),
  sort: keySort.default({ by: 'id', descending: false }),
};

const answer = z.strictObject({
  op: z.string(),
  status: z.enum([
    'ok',
    'denied',
    'not-applicable',
    'error',
    'throttled',
    'network',
    'interrupted',
    'not-asked',
  ]),
  code: z.string().nullable(),
  message: z.string().nullable(),
  seq: z.int().nullable(),
});

export const rotation = z.strictObject({
  n: z.int(),
  material: z.string().nullable(),
  /** Null for the material a key was created with. */
  at,
  type: z.string().nullable(),
  state: z.string().nullable(),
  importState: z.string().nullable(),
  validTo: at,
  basis: z.string(),
  seq: z.int(),
});

/** One value of a key with where it is known from. */
const fact = z.strictObject({
  name: z.string(),
  value: z.string().nullable(),
  basis: z.string(),
  /** Entry that says so; null when nothing was answered. */
  seq: z.int().nullable(),
});

const owner = z.strictObject({
  owner: z.string(),
  deputy: z.string().nullable(),
  basis: z.enum(['declared', 'observed']),
  /** Tag name, or null for a declaration. */
  tag: z.string().nullable(),
  seq: z.int(),
});

const grant = z.strictObject({
  id: z.string(),
  name: z.string().nullable(),
  grantee: z.string().nullable(),
  granteeService: z.string().nullable(),
  retiring: z.string().nullable(),
  issuingAccount: z.string().nullable(),
  created: at,
  operations: z.array(z.string()),
  constraints: z.record(z.string(), z.json()).nullable(),
  seq: z.int(),
});

export const change = z.strictObject({
  at: instant,
  setting: z.string(),
  value: z.string().nullable(),
  event: z.string(),
  actor: z.string().nullable(),
  seq: z.int(),
});

const keyDetail = z.strictObject({
  key: keyListRow,
  facts: z.array(fact),
  owner: owner.nullable(),
  aliases: z.array(z.strictObject({ name: z.string(), seq: z.int() })),
  tags: z.array(z.strictObject({ name: z.string(), value: z.string(), seq: z.int() })),
  /** Every question put to the key, with its outcome. */
  answers: z.array(answer),
  rotations: z.array(rotation),
  policy: z.strictObject({ name: z.string(), sha256: z.string(), text: z.string(), seq: z.int() }).nullable(),
  grants: z.array(grant),
  changes: z.array(change),
  results: z.array(result),
  gaps: z.array(gap),
});
export type KeyDetail = z.infer<typeof keyDetail>;

/** One exchange or other ledger entry, opened. */
export const exchange = z.strictObject({
  seq: z.int(),
  at: instant,
  kind: z.enum(['exchange', 'import', 'declaration', 'capture', 'checkpoint']),
  /** SHA-256 of the line. */
  hash: z.string(),
  /** The line as stored and hashed. */
  line: z.string(),
  /** Sealed values that are kept beside the line: parameters, caller, declared value, path. */
  values: z.record(z.string(), z.string()),
  facts: z.record(z.string(), z.json()),
  body: z
    .strictObject({
      sha256: z.string(),
      bytes: z.int(),
      /** The body as text when it is text of at most 256 KiB; JSON as received, never re-formatted. */
      text: z.string().nullable(),
      language: z.enum(['json', 'xml', 'text', 'binary']),
      download: blob,
    })
    .nullable(),
});
export type Exchange = z.infer<typeof exchange>;

const usageSum = z.strictObject({
  principal: z.string(),
  service: z.string(),
  name: z.string(),
  error: z.string().nullable(),
  events: z.int(),
  first: instant,
  last: instant,
});

const oneKey = z.strictObject({ ...ofSnapshot, id: z.string().min(1) });

export const keys = {
  'keys.query': read(z.strictObject({ ...wanted, ...pageOf }), page(keyListRow)),
  /** How many keys the filter leaves, of how many. */
  'keys.count': read(
    z.strictObject({ ...ofSnapshot, filter: keyFilter.prefault({}) }),
    z.strictObject({ count: z.int(), of: z.int() }),
  ),
  /** Values of each facet with the number of keys, counted under the filter's other facets; at most 100 values each. */
  'keys.facets': read(
    z.strictObject({ ...ofSnapshot, filter: keyFilter.prefault({}), facets: z.array(keyFacet).min(1) }),
    z.strictObject({
      facets: z.array(
        z.strictObject({
          facet: keyFacet,
          values: z.array(z.strictObject({ value: z.string().nullable(), keys: z.int() })),
        }),
      ),
    }),
  ),
  'keys.detail': read(oneKey, keyDetail),
  /** A ledger entry with its raw body: what every value cites. */
  'keys.exchange': read(z.strictObject({ seq: z.int().positive() }), exchange),
  /** Use of one key, added up per day, and by principal and operation. */
  'keys.usage': read(
    oneKey,
    z.strictObject({
      /** Days with events, `[day, service, operation, events]`; day as YYYY-MM-DD. */
      days: z.array(
        z.strictObject({ day: z.string(), service: z.string(), name: z.string(), events: z.int() }),
      ),
      sums: z.array(usageSum),
      events: z.int(),
      first: instant.nullable(),
      last: instant.nullable(),
    }),
  ),
  /** How principals hold rights on one key. */
  'keys.access': read(z.strictObject({ ...ofSnapshot, id: z.string().min(1), ...pageOf }), page(accessPath)),
  /** The dated configuration card of a key, drawn from the recorded responses. */
  'keys.card': read(oneKey, z.strictObject({ card: blob })),
  'keys.exceptions': read(oneKey, z.strictObject({ results: z.array(result) })),
  /** Writes the filtered table to a file, all rows and columns. The job's result is `{path, rows}`. */
  'keys.export': engine(
    z.strictObject({ ...wanted, format: z.enum(['csv', 'json']), path: z.string().min(1) }),
    startedJob,
  ),
};
