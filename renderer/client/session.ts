import type { Operator } from '../../electron/engagement/engagement.ts';
import type { OpenEngagement, SnapshotSummary } from '../../electron/api/engagement.ts';
import type { Settings } from '../../electron/api/app.ts';
import { client } from './client.ts';
import { Store, useStore } from './store.ts';

/* What the whole window knows: the host, the settings, the open engagement and the snapshot looked at. */

const engagement = new Store<OpenEngagement | null>(null);
const settings = new Store<Settings | null>(null);
/** Snapshot chosen by the operator; null is the latest one. */
const chosen = new Store<string | null>(null);
/** Asks for the operator's name before something is recorded under it. */
const asking = new Store<((operator: Operator | null) => void) | null>(null);

export const openEngagement = engagement;
export const appSettings = settings;
export const operatorQuestion = asking;

export const useEngagement = (): OpenEngagement | null => useStore(engagement);
export const useSettings = (): Settings | null => useStore(settings);

/** The open engagement, on a screen that exists only with one. */
export function useOpenEngagement(): OpenEngagement {
  const open = useStore(engagement);
  if (!open) throw new Error('cannot show this screen: no engagement is open. Open one from Start.');
  return open;
}

export async function loadEngagement(): Promise<OpenEngagement | null> {
  const { open } = await client().invoke('engagement.get', {});
  if (open?.file !== engagement.get()?.file) chosen.set(null);
  engagement.set(open);
  return open;
}

export async function loadSettings(): Promise<void> {
  settings.set(await client().invoke('app.settings', {}));
}

export async function saveSettings(change: Partial<Settings>): Promise<void> {
  settings.set(await client().invoke('app.saveSettings', change));
}

export const chooseSnapshot = chosen.set;

/**
 * The snapshot that screens show: the chosen one, else the one the engine shows without a choice, unless that is still
 * open; then the latest that was closed.
 */
export function useSnapshot(): SnapshotSummary | null {
  const open = useStore(engagement);
  const id = useStore(chosen);
  if (!open) return null;
  return (
    open.snapshots.find((snapshot) => snapshot.id === id) ??
    open.snapshots.find((snapshot) => snapshot.id === open.shown && snapshot.state !== 'open') ??
    open.snapshots.findLast((snapshot) => snapshot.state !== 'open') ??
    open.snapshots.at(-1) ??
    null
  );
}

/** Who is at the keyboard. Asks once, and remembers. @throws CANCELLED when no name was given. */
export async function currentOperator(): Promise<Operator> {
  const known = settings.get()?.operator;
  if (known) return known;
  const given = await new Promise<Operator | null>((resolve) => asking.set(resolve));
  asking.set(null);
  if (!given) {
    throw Object.assign(new Error('nothing was recorded: every decision needs the name of who made it.'), {
      code: 'CANCELLED',
    });
  }
  await saveSettings({ operator: given });
  return given;
}
