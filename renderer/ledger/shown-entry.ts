import { Store } from '../client/store.ts';

/** The ledger entry that the drawer shows; null when it is closed. */
export const shownEntry = new Store<number | null>(null);
