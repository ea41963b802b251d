import { z } from 'zod';
import { operator } from '../engagement/engagement.ts';
import { instant, nothing, page, pageOf, startedJob, timestampChoice } from './shared.ts';
import { engine, host, read } from './method.ts';

const appInfo = z.strictObject({
  version: z.string(),
  host: z.enum(['electron', 'browser']),
  platform: z.string(),
  arch: z.string(),
  node: z.string(),
  electron: z.string().nullable(),
  /** What this host can do; what it cannot, the window does otherwise or does not offer. */
  can: z.strictObject({
    /** Native dialogs (`host.choose`); without, use `files.list`. */
    choose: z.boolean(),
    /** Show a file in its folder. */
    reveal: z.boolean(),
    /** Console screenshots in a window of its own. */
    capture: z.boolean(),
  }),
  /** How the operating system would protect a stored passphrase; null when this host cannot store one. */
  secretStore: z.strictObject({ protected: z.boolean(), backend: z.string(), why: z.string() }).nullable(),
});

const recentEngagement = z.strictObject({
  file: z.string(),
  client: z.string(),
  sample: z.boolean(),
  period: z.strictObject({ from: instant, to: instant }),
  opened: instant,
  /** False when the file is not there any more. */
  exists: z.boolean(),
});

export const theme = z.enum(['system', 'light', 'dark', 'contrast']);

/** What is remembered between engagements, in a file of the user's own. Never a secret. */
export const settings = z.strictObject({
  theme,
  reducedMotion: z.enum(['system', 'on', 'off']),
  operator: operator.nullable(),
  timestamp: timestampChoice,
  /** PKCS#12 file last signed with. */
  signerPath: z.string().nullable(),
  signerRoots: z.array(z.string()),
  /** Certificates trusted when verifying, besides those given for one verification. */
  trust: z.array(z.string()),
  /** A certificate authority of the company's own that connections may lead to. */
  extraCa: z.string().nullable(),
  lastFolder: z.string().nullable(),
  /** Saved views of the tables: any JSON of the window's own, by name. */
  views: z.record(z.string(), z.json()),
});
export type Settings = z.infer<typeof settings>;

const contactedHost = z.strictObject({
  host: z.string(),
  /** Why: a provider's source, or the timestamp authority. */
  purpose: z.string(),
  calls: z.int(),
  first: instant,
  last: instant,
});

const activity = z.strictObject({
  seq: z.int(),
  at: instant,
  by: operator,
  /** What was declared or done, for example `source`, `snapshot.open`, `owner`. */
  what: z.string(),
  subject: z.string(),
  /** The declared value as JSON text. */
  value: z.string(),
});

export const app = {
  'app.info': host(nothing, appInfo),
  'app.recent': engine(nothing, z.strictObject({ engagements: z.array(recentEngagement) })),
  'app.forget': engine(z.strictObject({ file: z.string().min(1) }), nothing),
  'app.settings': engine(nothing, settings),
  /** Changes the given members. */
  'app.saveSettings': engine(settings.partial(), settings),
  /** Starts the sample environment's servers, makes a sample engagement in this folder (a new one each time) and opens it. */
  'app.openSample': engine(
    z.strictObject({ folder: z.string().min(1).nullable().default(null) }),
    startedJob,
  ),
  /** Every host contacted for the open engagement, from its ledger. */
  'app.hosts': read(nothing, z.strictObject({ hosts: z.array(contactedHost) })),
  /** The operators' own actions as the ledger has them, newest first. */
  'app.activity': read(z.strictObject({ ...pageOf }), page(activity)),
  /** Opens one of the allowlisted https pages in the machine's own browser. */
  'app.openExternal': host(z.strictObject({ url: z.url() }), nothing),
};

/** What the host does with the operating system. */
export const hostMethods = {
  /** A native dialog; null when it was closed without a choice, or this host has none. */
  'host.choose': host(
    z.strictObject({
      kind: z.enum(['open', 'save', 'folder']),
      title: z.string(),
      multiple: z.boolean().default(false),
      /** Extensions without dot; empty for all files. */
      extensions: z.array(z.string()).default([]),
      suggested: z.string().nullable().default(null),
    }),
    z.strictObject({ paths: z.array(z.string()).nullable() }),
  ),
  /** Shows a file in its folder. */
  'host.reveal': host(z.strictObject({ path: z.string().min(1) }), nothing),
  /** Files that were opened by double click, argument or drop on the icon and that the window has not taken yet. */
  'host.takeOpened': host(nothing, z.strictObject({ paths: z.array(z.string()) })),
};
