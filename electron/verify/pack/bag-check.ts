import type { ReadEntry } from '../container/read-entry.ts';
import { fail, pass, type Check } from '../verification.ts';

const ID = 'bagit';
const TITLE = 'BagIt manifests (RFC 8493)';

/** Checks payload manifest, tag manifest and Payload-Oxum against what was read. */
export function checkBag(texts: ReadonlyMap<string, string>, read: ReadonlyMap<string, ReadEntry>): Check {
  const payload = parseManifest(texts.get('manifest-sha256.txt'));
  const tags = parseManifest(texts.get('tagmanifest-sha256.txt'));
  if (!payload || !tags) return fail(ID, TITLE, 'A manifest is missing or is not one.');
  const present = [...read.keys()].filter((name) => name.startsWith('data/'));
  for (const [manifest, listed] of [
    ['manifest-sha256.txt', payload],
    ['tagmanifest-sha256.txt', tags],
  ] as const) {
    for (const [name, sha256] of listed) {
      const file = read.get(name);
      if (!file) return fail(ID, TITLE, `${name} is listed in ${manifest} and is not in the pack.`);
      if (file.sha256 !== sha256) return fail(ID, TITLE, `${name} is not the file that ${manifest} lists.`);
    }
  }
  const extra = present.find((name) => !payload.has(name));
  if (extra) return fail(ID, TITLE, `${extra} is in the pack and not in manifest-sha256.txt.`);
  const oxum = /^Payload-Oxum: (\d+)\.(\d+)$/m.exec(texts.get('bag-info.txt') ?? '');
  const bytes = present.reduce((sum, name) => sum + read.get(name)!.bytes, 0);
  if (!oxum || Number(oxum[1]) !== bytes || Number(oxum[2]) !== present.length) {
    return fail(ID, TITLE, 'bag-info.txt states another number of files or bytes (Payload-Oxum).');
  }
  return pass(
    ID,
    TITLE,
    `${payload.size} evidence files and ${tags.size} other files have the digests listed.`,
  );
}

function parseManifest(text: string | undefined): Map<string, string> | null {
  const lines = text?.split('\n').slice(0, -1);
  if (!lines || lines.length === 0) return null;
  const listed = new Map<string, string>();
  for (const line of lines) {
    const match = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line);
    if (!match || listed.has(match[2]!)) return null;
    listed.set(match[2]!, match[1]!);
  }
  return listed;
}
