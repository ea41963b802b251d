/**
 * The lowest layer: numbered objects to bytes, with object streams and a cross-reference stream (ISO 32000-1, 7.5.7
 * and 7.5.8). Objects leave memory as soon as they are written, so that a report of thousands of pages costs what its
 * compressed bytes cost. pdf-lib keeps every object alive until the end, which at this size is gigabytes.
 */
import { deflateSync } from 'node:zlib';
import { PdfError } from './error.ts';
import { ref, type ObjectId } from './syntax.ts';

const OBJECTS_PER_STREAM = 200;
const HEADER = Buffer.from('%PDF-1.7\n%\xE2\xE3\xCF\xD3\n', 'latin1');

/** Where an object ended up: at a byte offset of the file, or at an index within an object stream. */
type Place = { offset: number } | { stream: ObjectId; index: number };

/** Collects the bytes of one PDF file. */
export class PdfFileWriter {
  #chunks: Buffer[] = [HEADER];
  #length = HEADER.length;
  #places: (Place | undefined)[] = [undefined];
  #pending: { id: ObjectId; body: string }[] = [];

  /** Reserves an object number, so that an object may be referred to before it is written. */
  reserve(): ObjectId {
    this.#places.push(undefined);
    return this.#places.length - 1;
  }

  /** Writes an object into the current object stream. */
  put(id: ObjectId, body: string): void {
    this.#pending.push({ id, body });
    if (this.#pending.length === OBJECTS_PER_STREAM) this.#flushObjects();
  }

  /** Writes an object on its own, uncompressed: what a later signer edits is easiest to find this way. */
  putPlain(id: ObjectId, body: string): void {
    this.#append(id, Buffer.from(`${id} 0 obj\n${body}\nendobj\n`, 'latin1'));
  }

  /** Writes a stream object; `dict` is the inside of its dictionary. Small streams are stored, others deflated. */
  putStream(id: ObjectId, dict: string, data: Uint8Array, options: { plain?: boolean } = {}): void {
    const plain = options.plain ?? data.length < 300;
    const bytes = plain ? data : deflateSync(data, { level: 6 });
    const filter = plain ? '' : '/Filter/FlateDecode';
    const head = `${id} 0 obj\n<<${dict}${filter}/Length ${bytes.length}>>\nstream\n`;
    this.#append(
      id,
      Buffer.concat([Buffer.from(head, 'latin1'), bytes, Buffer.from('\nendstream\nendobj\n')]),
    );
  }

  /** Ends the file. `fileId` is 16 bytes in hexadecimal. @throws PdfError `misuse` when a reserved object is missing. */
  finish(trailer: { root: ObjectId; info: ObjectId; fileId: string }): Uint8Array {
    this.#flushObjects();
    const xref = this.reserve();
    const start = this.#length;
    const size = this.#places.length;
    const table = Buffer.alloc(size * 7);
    this.#places.forEach((written, id) => {
      const at = id * 7;
      const place = id === xref ? { offset: start } : written;
      if (id === 0) return table.writeUInt16BE(0xffff, at + 5);
      if (!place)
        throw new PdfError('misuse', `cannot finish the PDF: object ${id} was never written. Report this.`);
      if ('offset' in place) {
        table[at] = 1;
        return table.writeUInt32BE(place.offset, at + 1);
      }
      table[at] = 2;
      table.writeUInt32BE(place.stream, at + 1);
      return table.writeUInt16BE(place.index, at + 5);
    });
    const ids = `[<${trailer.fileId}><${trailer.fileId}>]`;
    const dict = `/Type/XRef/Size ${size}/W[1 4 2]/Root ${ref(trailer.root)}/Info ${ref(trailer.info)}/ID${ids}`;
    this.putStream(xref, dict, table, { plain: false });
    this.#push(Buffer.from(`startxref\n${start}\n%%EOF\n`));
    return Buffer.concat(this.#chunks, this.#length);
  }

  #flushObjects(): void {
    if (this.#pending.length === 0) return;
    const stream = this.reserve();
    let index = '';
    let offset = 0;
    this.#pending.forEach(({ id, body }, i) => {
      index += `${id} ${offset} `;
      offset += body.length + 1;
      this.#claim(id, { stream, index: i });
    });
    const data = Buffer.from(index + this.#pending.map((o) => o.body).join('\n'), 'latin1');
    const dict = `/Type/ObjStm/N ${this.#pending.length}/First ${index.length}`;
    this.#pending = [];
    this.putStream(stream, dict, data, { plain: false });
  }

  #append(id: ObjectId, bytes: Buffer): void {
    this.#claim(id, { offset: this.#length });
    this.#push(bytes);
  }

  #claim(id: ObjectId, place: Place): void {
    if (this.#places[id] || id >= this.#places.length) {
      throw new PdfError(
        'misuse',
        `cannot write object ${id}: it was written before or not reserved. Report this.`,
      );
    }
    this.#places[id] = place;
  }

  #push(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }
}
