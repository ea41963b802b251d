import type { ReadableDb } from '../../../db/handle.ts';
import type { NamesIn } from '../../api/contract.ts';
import { accessReads } from './access-reads.ts';
import { appReads } from './app-reads.ts';
import { collectReads } from './collect-reads.ts';
import { keyReads } from './key-reads.ts';
import { listReads } from './list-reads.ts';
import { logReads } from './log-reads.ts';
import { packReads } from './pack-reads.ts';
import type { Reads } from './read.ts';
import { recordListReads } from './record-list-reads.ts';
import { recordReads } from './record-reads.ts';
import { testReads } from './test-reads.ts';

const all: Reads<NamesIn<'read'>> = {
  ...appReads,
  ...collectReads,
  ...keyReads,
  ...accessReads,
  ...logReads,
  ...testReads,
  ...packReads,
  ...recordReads,
  ...recordListReads,
  ...listReads,
};

/** Every method of place `read`; the input was parsed by the contract's schema. */
export const reads = all as Record<string, (db: ReadableDb, input: never) => unknown>;
