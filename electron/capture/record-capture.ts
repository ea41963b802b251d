import { canonicalJson } from '../../db/ledger/canonical-json.ts';
import type { LedgerWriter } from '../../db/ledger/writer.ts';
import { sha256Hex } from '../../db/ledger/hash.ts';
import type { Stamp } from './frame-html.ts';

/** What the frame says, as it stands sealed in the ledger beside the picture. */
export type CaptureAbout = Stamp & {
  /** SHA-256 of the picture before the frame was put around it. */
  unframed: string;
};

/** Records a picture of a console as evidence; returns its entry. */
export async function recordCapture(
  writer: LedgerWriter,
  at: { snapshot: string; source: string },
  framed: Buffer,
  unframed: Buffer,
  stamp: Stamp,
): Promise<{ seq: number; sha256: string }> {
  const about: CaptureAbout = { ...stamp, unframed: sha256Hex(unframed) };
  const entry = await writer.append(
    {
      kind: 'capture',
      facts: {
        ...at,
        what: 'console',
        mediaType: 'image/png',
        bodyClass: 'full',
        bodyBytes: framed.length,
      },
      sealed: { about: canonicalJson(about) },
    },
    { body: framed },
  );
  return { seq: entry.seq, sha256: sha256Hex(framed) };
}
