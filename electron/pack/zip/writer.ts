import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { deflateParallel } from './deflate.ts';
import { DEFLATED, directory, dosTime, LIMIT_32, localHeader, STORED, type ZipEntry } from './format.ts';

/** At most this many files: a widely used validator refuses more than 1,000. */
export const MOST_FILES = 900;

/** What a written file is, for manifests. */
export interface WrittenFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** A file that was deflated and hashed beforehand, its deflate stream in a file of its own. */
export interface PreparedFile {
  path: string;
  bytes: number;
  compressedBytes: number;
  crc32: number;
  /** Of the content, hex. */
  sha256: string;
}

/** What a file's content may come as. */
export type Source = Uint8Array | string | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Writes a pack's container to a file, streaming: memory stays flat whatever the size. Sizes are put into each local
 * header after its data, so the container has no data descriptors and every reader takes it.
 */
export class ZipWriter {
  readonly #file: FileHandle;
  readonly #time: number;
  readonly #entries: ZipEntry[] = [];
  readonly #written: WrittenFile[] = [];
  #offset = 0;

  private constructor(file: FileHandle, time: number) {
    this.#file = file;
    this.#time = time;
  }

  /** Starts a container; every entry carries `at` (UTC). Replaces an existing file. */
  static async create(path: string, at: Date): Promise<ZipWriter> {
    return new ZipWriter(await open(path, 'w+', 0o600), dosTime(at));
  }

  /**
   * Goes on behind the files of a finished container, over its directory; nothing before it moves. The caller keeps a
   * copy of what stands from `directoryAt` on until this one is closed: see tail-backup.ts.
   */
  static continue(file: FileHandle, entries: readonly ZipEntry[], directoryAt: number): ZipWriter {
    const writer = new ZipWriter(file, entries[0]!.time);
    writer.#entries.push(...entries);
    writer.#offset = directoryAt;
    return writer;
  }

  /** Files so far, in order. */
  get written(): readonly WrittenFile[] {
    return this.#written;
  }

  /** Adds a file uncompressed; for the `mimetype` entry and what is compressed already. */
  async addStored(name: string, data: Uint8Array): Promise<WrittenFile> {
    const entry = {
      name: this.#checkedName(name),
      method: STORED as typeof STORED,
      time: this.#time,
      crc32: crc32(data),
      compressedBytes: data.length,
      bytes: data.length,
      large: false,
    };
    const offset = this.#offset;
    await this.#append(localHeader(entry));
    await this.#append(data);
    const sha256 = createHash('sha256').update(data).digest('hex');
    return this.#finish({ ...entry, offset }, sha256);
  }

  /**
   * Adds a file deflated, as its bytes come. `large` reserves room for sizes from 4 GiB on.
   *
   * @throws Error when an entry not marked large reaches 4 GiB.
   */
  async add(name: string, source: Source, large = false): Promise<WrittenFile> {
    const entry: ZipEntry = {
      name: this.#checkedName(name),
      method: DEFLATED,
      time: this.#time,
      crc32: 0,
      compressedBytes: 0,
      bytes: 0,
      offset: this.#offset,
      large,
    };
    const hash = createHash('sha256');
    await this.#append(localHeader(entry));
    for await (const packed of deflateParallel(measured(asPieces(source), entry, hash))) {
      entry.compressedBytes += packed.length;
      await this.#append(packed);
    }
    assertRoom(name, entry, large);
    await writeFully(this.#file, localHeader(entry), entry.offset);
    return this.#finish(entry, hash.digest('hex'));
  }

  /** Adds a file that was deflated beforehand: the very bytes that {@link add} would have written. */
  async addPrepared(name: string, prepared: PreparedFile, large = false): Promise<WrittenFile> {
    const { bytes, compressedBytes } = prepared;
    assertRoom(name, prepared, large);
    const entry: ZipEntry = {
      name: this.#checkedName(name),
      method: DEFLATED,
      time: this.#time,
      crc32: prepared.crc32,
      compressedBytes,
      bytes,
      offset: this.#offset,
      large,
    };
    await this.#append(localHeader(entry));
    const stream = createReadStream(prepared.path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>;
    for await (const piece of stream) await this.#append(piece);
    if (this.#offset !== entry.offset + localHeader(entry).length + compressedBytes) {
      throw new Error(`cannot add ${name} to the pack: what was prepared of it has changed.`);
    }
    return this.#finish(entry, prepared.sha256);
  }

  /** Writes the directory and closes the file. Returns the container's size in bytes. */
  async close(): Promise<number> {
    await this.#append(directory(this.#entries, this.#offset));
    await this.#file.truncate(this.#offset);
    await this.#file.sync();
    await this.#file.close();
    return this.#offset;
  }

  /** Closes the file without a directory: what was written is no container. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }

  #checkedName(name: string): string {
    if (!isSafeName(name))
      throw new Error(`cannot add ${JSON.stringify(name)} to the pack: the name is not safe`);
    if (this.#entries.some((e) => e.name.toLowerCase() === name.toLowerCase())) {
      throw new Error(`cannot add ${name} to the pack: it is there already`);
    }
    if (this.#entries.length >= MOST_FILES)
      throw new Error(`cannot add ${name}: a pack holds at most ${MOST_FILES} files`);
    return name;
  }

  async #append(data: Uint8Array): Promise<void> {
    await writeFully(this.#file, data, this.#offset);
    this.#offset += data.length;
  }

  #finish(entry: ZipEntry, sha256: string): WrittenFile {
    const file = { name: entry.name, bytes: entry.bytes, sha256 };
    this.#entries.push(entry);
    this.#written.push(file);
    return file;
  }
}

/** A relative path of safe characters, no parent steps: the same file on every system. */
export function isSafeName(name: string): boolean {
  return (
    name.length <= 200 &&
    name.split('/').every((part) => /^[A-Za-z0-9_][A-Za-z0-9_.@+-]*$/.test(part) && !part.endsWith('.'))
  );
}

function assertRoom(name: string, size: { bytes: number; compressedBytes: number }, large: boolean): void {
  if (large || (size.bytes < LIMIT_32 && size.compressedBytes < LIMIT_32)) return;
  throw new Error(`cannot add ${name} to the pack: it is larger than 4 GiB and was not expected to be.`);
}

function asPieces(source: Source): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof source === 'string') return [Buffer.from(source, 'utf8')];
  return source instanceof Uint8Array ? [source] : source;
}

async function* measured(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  entry: ZipEntry,
  hash: Hash,
): AsyncGenerator<Uint8Array> {
  for await (const piece of source) {
    entry.bytes += piece.length;
    entry.crc32 = crc32(piece, entry.crc32);
    hash.update(piece);
    yield piece;
  }
}

async function writeFully(file: FileHandle, data: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < data.length;) {
    const { bytesWritten } = await file.write(data, at, data.length - at, position + at);
    at += bytesWritten;
  }
}
