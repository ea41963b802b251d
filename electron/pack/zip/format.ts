/*
 * The zip records a pack uses (PKWARE APPNOTE.TXT 6.3.10, §4.3), in the one strict profile that verification holds
 * packs to: no data descriptors, no comments, no extra fields but zip64, nothing between records.
 */

export const STORED = 0;
export const DEFLATED = 8;
/** Bit 11: names are UTF-8. */
export const FLAGS = 0x0800;
/** Made by: Unix, specification 6.3. */
export const MADE_BY = 0x033f;
/** A regular file, rw-r--r--. */
export const ATTRIBUTES = 0o100644 * 0x10000;
export const LIMIT_32 = 0xffffffff;
export const LIMIT_16 = 0xffff;

export const SIGNATURES = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const;

/** One file in the container. Offsets and sizes in bytes. */
export interface ZipEntry {
  name: string;
  method: typeof STORED | typeof DEFLATED;
  /** MS-DOS time and date, as {@link dosTime} gives. */
  time: number;
  crc32: number;
  compressedBytes: number;
  bytes: number;
  /** Offset of the local header. */
  offset: number;
  /** Local header carries a zip64 field: sizes were not known to fit when the entry was begun. */
  large: boolean;
}

/** MS-DOS time (low 16 bits) and date (high 16 bits) of an instant, UTC, two-second steps; APPNOTE §4.4.6. */
export function dosTime(at: Date): number {
  const year = Math.min(Math.max(at.getUTCFullYear(), 1980), 2107);
  const date = ((year - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return date * 0x10000 + time;
}

/** Local file header, APPNOTE §4.3.7. */
export function localHeader(entry: Omit<ZipEntry, 'offset'>): Buffer {
  const name = Buffer.from(entry.name, 'utf8');
  const extra = entry.large ? zip64Extra([entry.bytes, entry.compressedBytes]) : Buffer.alloc(0);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(SIGNATURES.local, 0);
  header.writeUInt16LE(entry.large ? 45 : 20, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt16LE(entry.method, 8);
  header.writeUInt32LE(entry.time, 10);
  header.writeUInt32LE(entry.crc32, 14);
  header.writeUInt32LE(entry.large ? LIMIT_32 : entry.compressedBytes, 18);
  header.writeUInt32LE(entry.large ? LIMIT_32 : entry.bytes, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

/** Central directory header, APPNOTE §4.3.12. */
export function centralHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.name, 'utf8');
  const far = entry.offset >= LIMIT_32;
  const wide = [...(entry.large ? [entry.bytes, entry.compressedBytes] : []), ...(far ? [entry.offset] : [])];
  const extra = wide.length > 0 ? zip64Extra(wide) : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(SIGNATURES.central, 0);
  header.writeUInt16LE(MADE_BY, 4);
  header.writeUInt16LE(entry.large || far ? 45 : 20, 6);
  header.writeUInt16LE(FLAGS, 8);
  header.writeUInt16LE(entry.method, 10);
  header.writeUInt32LE(entry.time, 12);
  header.writeUInt32LE(entry.crc32, 16);
  header.writeUInt32LE(entry.large ? LIMIT_32 : entry.compressedBytes, 20);
  header.writeUInt32LE(entry.large ? LIMIT_32 : entry.bytes, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(ATTRIBUTES, 38);
  header.writeUInt32LE(far ? LIMIT_32 : entry.offset, 42);
  return Buffer.concat([header, name, extra]);
}

/** Zip64 extended information, APPNOTE §4.5.3. */
function zip64Extra(values: number[]): Buffer {
  const extra = Buffer.alloc(4 + values.length * 8);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(values.length * 8, 2);
  values.forEach((value, i) => extra.writeBigUInt64LE(BigInt(value), 4 + i * 8));
  return extra;
}

/** Everything after the last file: central directory and end records; APPNOTE §4.3.12 to §4.3.16. */
export function directory(entries: readonly ZipEntry[], start: number): Buffer {
  const headers = Buffer.concat(entries.map(centralHeader));
  const end = Buffer.alloc(22);
  const wide = entries.length >= LIMIT_16 || headers.length >= LIMIT_32 || start >= LIMIT_32;
  end.writeUInt32LE(SIGNATURES.end, 0);
  end.writeUInt16LE(wide ? LIMIT_16 : entries.length, 8);
  end.writeUInt16LE(wide ? LIMIT_16 : entries.length, 10);
  end.writeUInt32LE(wide ? LIMIT_32 : headers.length, 12);
  end.writeUInt32LE(wide ? LIMIT_32 : start, 16);
  if (!wide) return Buffer.concat([headers, end]);

  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(SIGNATURES.end64, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(MADE_BY, 12);
  end64.writeUInt16LE(45, 14);
  end64.writeBigUInt64LE(BigInt(entries.length), 24);
  end64.writeBigUInt64LE(BigInt(entries.length), 32);
  end64.writeBigUInt64LE(BigInt(headers.length), 40);
  end64.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(SIGNATURES.locator64, 0);
  locator.writeBigUInt64LE(BigInt(start + headers.length), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([headers, end64, locator, end]);
}
