/**
 * An ICC profile of the sRGB colour space (ICC.1:2001-04, IEC 61966-2-1), made here so that the bytes never change.
 * PDF/A asks for it as the output intent: it says what the colours of charts and badges mean.
 */

/** Entries of the tone curve; 1,024 keep the error under what eight bits can show. */
const CURVE_POINTS = 1024;

/** The profile's bytes: display device, RGB to XYZ by matrix and tone curve, relative to D50. */
export function srgbProfile(): Buffer {
  const curve = toneCurve();
  const tags: [string, Buffer][] = [
    ['desc', description('sRGB IEC61966-2.1')],
    ['cprt', textTag('Public domain')],
    ['wtpt', xyz(0.9642, 1, 0.8249)],
    ['rXYZ', xyz(0.43607, 0.22249, 0.01392)],
    ['gXYZ', xyz(0.38515, 0.71687, 0.09708)],
    ['bXYZ', xyz(0.14307, 0.06061, 0.7141)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length, 0);
  const placed = new Map<Buffer, number>();
  const bodies: Buffer[] = [];
  let end = 128 + table.length;
  tags.forEach(([signature, body], i) => {
    let offset = placed.get(body);
    if (offset === undefined) {
      offset = end;
      placed.set(body, offset);
      bodies.push(body);
      end += body.length;
    }
    table.write(signature, 4 + i * 12, 'latin1');
    table.writeUInt32BE(offset, 8 + i * 12);
    table.writeUInt32BE(body.length, 12 + i * 12);
  });
  return Buffer.concat([header(end), table, ...bodies]);
}

function header(size: number): Buffer {
  const h = Buffer.alloc(128);
  h.writeUInt32BE(size, 0);
  h.writeUInt32BE(0x02100000, 8);
  h.write('mntrRGB XYZ ', 12, 'latin1');
  // A fixed date: the profile describes a standard, not this report.
  [2001, 4, 1, 0, 0, 0].forEach((v, i) => h.writeUInt16BE(v, 24 + i * 2));
  h.write('acsp', 36, 'latin1');
  writeXyz(h, 68, 0.9642, 1, 0.8249);
  return h;
}

function toneCurve(): Buffer {
  const b = Buffer.alloc(12 + CURVE_POINTS * 2);
  b.write('curv', 0, 'latin1');
  b.writeUInt32BE(CURVE_POINTS, 8);
  for (let i = 0; i < CURVE_POINTS; i++) {
    const v = i / (CURVE_POINTS - 1);
    const linear = v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    b.writeUInt16BE(Math.round(linear * 65535), 12 + i * 2);
  }
  return b;
}

function xyz(x: number, y: number, z: number): Buffer {
  const b = Buffer.alloc(20);
  b.write('XYZ ', 0, 'latin1');
  writeXyz(b, 8, x, y, z);
  return b;
}

function writeXyz(b: Buffer, at: number, ...values: number[]): void {
  values.forEach((v, i) => b.writeInt32BE(Math.round(v * 65536), at + i * 4));
}

/** textDescriptionType: ASCII, then empty Unicode and ScriptCode parts. */
function description(text: string): Buffer {
  const b = padded(12 + text.length + 1 + 4 + 4 + 2 + 1 + 67);
  b.write('desc', 0, 'latin1');
  b.writeUInt32BE(text.length + 1, 8);
  b.write(text, 12, 'latin1');
  return b;
}

function textTag(text: string): Buffer {
  const b = padded(8 + text.length + 1);
  b.write('text', 0, 'latin1');
  b.write(text, 8, 'latin1');
  return b;
}

const padded = (length: number): Buffer => Buffer.alloc(Math.ceil(length / 4) * 4);
