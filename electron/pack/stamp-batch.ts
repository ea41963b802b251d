import { existsSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { raiseTogether, sealFiles } from '../seal/asic.ts';
import type { RaiseOptions } from '../seal/outcome.ts';
import type { TimestampOptions } from '../seal/timestamp/client.ts';
import { readSealed, StampError, withoutPending, writeSeals, type StampedPack } from './stamp-pack.ts';
import { restoreTail } from './zip/tail-backup.ts';

/**
 * Proves the time of many packs with one request to the authority, through evidence records (RFC 4998). Each pack then
 * stands alone: its record holds all that leads to the token. A crash leaves every pack whole, stamped or not.
 *
 * The PDF beside a pack stays as it was sealed: it is in the zip, and so in the record.
 *
 * @throws StampError when one of them cannot be stamped, before anything is written; SealError TSA_… of the authority.
 */
export async function stampBatch(
  paths: readonly string[],
  timestamp: TimestampOptions,
  options: Omit<RaiseOptions, 'timestamp'> = {},
): Promise<StampedPack[]> {
  const files: FileHandle[] = [];
  try {
    const packs = [];
    for (const path of paths) {
      await restoreTail(path);
      const file = await open(path, 'r+');
      files.push(file);
      const sealed = await readSealed(path, file);
      if (sealed.container.archives.length > 0 || sealed.container.evidence)
        throw new StampError(
          'STAMPED_ALREADY',
          `cannot stamp ${path}: it has its time already. Leave it out of the batch`,
        );
      packs.push({ path, file, sealed });
    }
    const raised = await raiseTogether(
      packs.map(({ sealed }) => sealed.container),
      timestamp,
      options,
    );
    const stamped: StampedPack[] = [];
    for (const [index, { path, file, sealed }] of packs.entries()) {
      const { thing, outcome } = raised[index]!;
      await writeSeals(path, file, sealed, sealFiles(thing));
      const pdf = path.replace(/\.zip$/i, '.pdf');
      if (pdf !== path && existsSync(pdf)) await withoutPending(pdf);
      stamped.push({
        zip: await withoutPending(path),
        provenTime: (outcome.provenTime as Date).toISOString(),
        seal: outcome,
      });
    }
    return stamped;
  } finally {
    for (const file of files) await file.close().catch(() => undefined);
  }
}
