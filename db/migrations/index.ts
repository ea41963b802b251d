import type { WritableDb } from '../handle.ts';
import ledger from './0010-ledger.ts';
import keys from './0020-keys.ts';
import events from './0030-events.ts';
import providers from './0040-providers.ts';
import vault from './0060-vault.ts';
import inventory from './0070-inventory.ts';
import multiLine from './0080-multi-line.ts';
import closedGaps from './0090-closed-gaps.ts';
import federatedMembers from './0100-federated-members.ts';

/** Forward-only schema steps, in order. Numbers go up by ten; a released step is never edited. */
export const migrations: readonly { version: number; up: (db: WritableDb) => void }[] = [
  { version: 10, up: ledger },
  { version: 20, up: keys },
  { version: 30, up: events },
  { version: 40, up: providers },
  { version: 60, up: vault },
  { version: 70, up: inventory },
  { version: 80, up: multiLine },
  { version: 90, up: closedGaps },
  { version: 100, up: federatedMembers },
];

/** Schema version this program writes. */
export const SCHEMA_VERSION = migrations.at(-1)!.version;
