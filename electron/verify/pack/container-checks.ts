import { ASIC } from '../../seal/asic/manifest.ts';
import type { Container } from '../container/read-directory.ts';
import type { ReadEntry } from '../container/read-entry.ts';
import { fail, pass, type Check } from '../verification.ts';

/** The zip is exactly as our strict profile writes one. */
export function checkContainer({ faults, entries }: Container): Check {
  const title = 'Container';
  const [first] = faults;
  if (!first)
    return pass(
      'container',
      title,
      `A zip of ${entries.length} files, every header as it was written, nothing hidden between files.`,
    );
  return fail('container', title, `${first.name ?? 'The zip'} at byte ${first.offset}: ${first.what}.`);
}

/** Every file unpacks to what it declares. */
export function checkFiles(read: ReadonlyMap<string, ReadEntry>): Check {
  const title = 'Files can be read';
  const bad = [...read].find(([, entry]) => entry.fault !== null);
  if (bad) return fail('files', title, `${bad[0]}: ${bad[1].fault}.`);
  const bytes = [...read.values()].reduce((sum, entry) => sum + entry.bytes, 0);
  return pass('files', title, `${read.size} files, ${bytes} bytes.`);
}

/** EN 319 162-1 §A.1: the media type comes first and uncompressed. */
export async function checkMediaType(
  container: Container,
  small: (name: string) => Promise<Uint8Array | null>,
): Promise<Check> {
  const title = 'Media type first (ASiC-E)';
  const [first] = container.entries;
  const type =
    first?.name === 'mimetype' ? Buffer.from((await small('mimetype')) ?? []).toString('latin1') : undefined;
  return type === ASIC.mimeType && first!.method === 0
    ? pass('mimetype', title, 'The first file says application/vnd.etsi.asic-e+zip, uncompressed.')
    : fail('mimetype', title, 'The first file is not the media type of an ASiC-E container.');
}
