import type { KeyRow } from '../../db/derived/keys.ts';
import { getKey } from '../../db/derived/keys.ts';
import { currentEngagement } from '../engagement/current.ts';
import type { Operator } from '../engagement/engagement.ts';
import type { Work } from '../engine/with-engagement.ts';
import type { Camera } from './camera.ts';
import { consoleHosts, isConsoleAddress } from './console-hosts.ts';
import type { ConsolePage } from './console-pages.ts';
import { recordCapture } from './record-capture.ts';

export interface CaptureOptions {
  snapshot: string;
  /** Full ids of the keys. */
  keys: readonly string[];
  operator: Operator;
  camera: Camera;
  pageOf: (key: KeyRow) => ConsolePage | null;
  /** An address that signs in and leads on to the page; null where the operator signs in. */
  signInAddress?: ((key: KeyRow, page: ConsolePage) => Promise<string | null>) | undefined;
  /** Asked before the first picture of each source, while the window shows its first page: the operator signs in. */
  whenSignedIn: (source: string) => Promise<void>;
  onProgress?: (done: number, of: number, key: string) => void;
  signal?: AbortSignal;
  /** How long a page may take to show the key, ms. */
  quietMs?: number;
}

export interface CaptureResult {
  taken: { key: string; view: string; seq: number; sha256: string }[];
  /** What could not be taken, and why. */
  missed: { key: string; view: string; reason: string }[];
}

/** How long a page may take to become quiet, ms. */
const QUIET_MS = 30_000;

/**
 * Takes pictures of the providers' own pages, source by source: a visible window with a session of its own, which is thrown
 * away afterwards with everything in it. Each picture is an entry of the ledger.
 */
export async function captureConsole(work: Work, options: CaptureOptions): Promise<CaptureResult> {
  const keys = options.keys.map((id) => {
    const key = getKey(work.db, options.snapshot, id);
    if (!key) throw new Error(`cannot capture ${id}: snapshot ${options.snapshot} has no such key.`);
    return key;
  });
  const result: CaptureResult = { taken: [], missed: [] };
  // A session of a provider is one account's: the next source has another window.
  for (const [source, of] of Map.groupBy(keys, (key) => key.source)) {
    const pages = of.map((key) => ({ key, page: options.pageOf(key) }));
    const shown = pages.flatMap(({ key, page }) => (page ? [{ key, page }] : []));
    for (const { key, page } of pages) {
      if (page) continue;
      const reason = 'its provider has no page that could be opened';
      result.missed.push({ key: key.id, view: '', reason });
    }
    if (shown.length > 0) await captureSource(work, options, source, shown, keys.length, result);
  }
  return result;
}

interface Shown {
  key: KeyRow;
  page: ConsolePage;
}

async function captureSource(
  { db, writer }: Work,
  options: CaptureOptions,
  source: string,
  shown: readonly Shown[],
  of: number,
  result: CaptureResult,
): Promise<void> {
  const { camera, operator, snapshot } = options;
  const { client, sample } = currentEngagement(db);
  const { key: firstKey, page: first } = shown[0]!;
  const hosts = consoleHosts(firstKey.provider, first.url);
  try {
    const signIn = (await options.signInAddress?.(firstKey, first)) ?? null;
    await camera.open(signIn ?? first.url, [...hosts, ...(signIn ? [new URL(signIn).host] : [])]);
    if (signIn === null) await options.whenSignedIn(source);
    for (const { key, page } of shown) {
      options.signal?.throwIfAborted();
      options.onProgress?.(new Set(result.taken.map((one) => one.key)).size, of, key.id);
      for (const [i, view] of page.views.entries()) {
        const miss = (reason: string) => result.missed.push({ key: key.id, view: view.name, reason });
        const taken = await camera.take({
          url: i === 0 || view.tab === null ? page.url : null,
          tab: view.tab?.source ?? null,
          shows: key.native_id.split('/').at(-1)!,
          quietMs: options.quietMs ?? QUIET_MS,
        });
        if ('missed' in taken) {
          miss(taken.missed);
          continue;
        }
        if (!isConsoleAddress(taken.url, hosts)) {
          miss(`the window was led to ${new URL(taken.url).host}, which is not the console`);
          continue;
        }
        const stamp = {
          ...{ url: taken.url, account: key.account, key: key.id, view: view.name },
          ...{ at: new Date().toISOString(), operator: operator.name, client, sample },
        };
        const framed = Buffer.from(await camera.frame(taken.png, stamp));
        const { seq, sha256 } = await recordCapture(
          writer,
          { snapshot, source: key.source },
          framed,
          Buffer.from(taken.png),
          stamp,
        );
        result.taken.push({ key: key.id, view: view.name, seq, sha256 });
      }
    }
  } finally {
    await camera.close();
  }
}
