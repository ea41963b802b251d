import { existsSync } from 'node:fs';
import type { StampedQueue } from '../../api/stamping.ts';
import type { TimestampChoice } from '../../api/shared.ts';
import { EngineError } from '../error.ts';
import { certificatesIn, timestampOptions } from '../service/sealers.ts';
import { stampQueue } from '../stamp-queue.ts';
import { testAuthority } from '../test-authority.ts';
import type { Works } from './work.ts';

export const stampingWorks: Works<
  | 'stamping.authorities'
  | 'stamping.saveAuthorities'
  | 'stamping.testAuthority'
  | 'stamping.queue'
  | 'stamping.forget'
  | 'stamping.stampQueue'
> = {
  'stamping.authorities': ({ settings }) => ({ timestamp: settings.value.timestamp }),
  'stamping.saveAuthorities'(bench, { timestamp }) {
    assertNoSecret(timestamp);
    const saved = bench.settings.change({ timestamp });
    bench.tell({ event: 'settings' });
    return { timestamp: saved.timestamp };
  },
  'stamping.testAuthority': (_bench, { url, roots }, { signal }) =>
    testAuthority(url, certificatesIn(roots), signal),
  'stamping.queue': ({ queue }) => ({
    packs: queue.list().map((pack) => ({ ...pack, exists: existsSync(pack.zip) })),
  }),
  'stamping.forget'({ queue }, { zip }) {
    queue.forget(zip);
    return {};
  },
  'stamping.stampQueue'(bench, { timestamp: given, together }) {
    const timestamp = timestampOptions(given ?? bench.settings.value.timestamp);
    if (!timestamp)
      throw new EngineError(
        'NO_AUTHORITY',
        'cannot stamp: no timestamp authority is set. Name one in the settings.',
      );
    const { queue } = bench;
    const of = queue.list().length;
    return bench.jobs.start(
      { kind: 'timestamp', title: 'Stamp all packs that wait for their time' },
      async ({ step, signal }) => {
        const outcomes = await stampQueue(queue, {
          timestamp: { ...timestamp, signal },
          retrieval: { signal },
          together,
          signal,
          onPack: (zip, index) => step(`Stamping ${zip}`, index, of),
        });
        const result: StampedQueue = {
          packs: outcomes.map(({ zip, stamped, why, waits }) => ({
            zip: stamped?.zip ?? zip,
            provenTime: stamped?.provenTime ?? null,
            level: stamped?.seal.level ?? null,
            why,
            waits,
          })),
        };
        return outcomes.some(({ waits }) => waits) ? { result, state: 'done-with-gaps' } : { result };
      },
    );
  },
};

/** Settings are a plain file: an address that carries a password must not get into it. */
export function assertNoSecret(timestamp: TimestampChoice): void {
  for (const url of [...(timestamp?.urls ?? []), ...(timestamp?.second ?? [])]) {
    const { username, password, host } = new URL(url);
    if (username || password)
      throw new EngineError(
        'SECRET_GIVEN',
        `cannot remember the authority ${host}: its address carries a name or password, which is never stored. Give it with --tsa each time.`,
      );
  }
}
