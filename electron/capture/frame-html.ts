/** What is stamped beside a picture. */
export interface Stamp {
  url: string;
  account: string;
  key: string;
  view: string;
  /** UTC */
  at: string;
  operator: string;
  client: string;
  sample: boolean;
}

const BORDER = 24;
const HEAD = 250;

/** The page of ours that shows a picture in its frame: around it, never over it; and its size, px. */
export function framePage(
  picture: Uint8Array,
  stamp: Stamp,
): { html: string; width: number; height: number } {
  const { width, height } = sizeOfPng(picture);
  return {
    html: frameHtml(picture, stamp),
    width: Math.max(900, width + 2 * BORDER),
    height: height + HEAD + BORDER,
  };
}

function frameHtml(picture: Uint8Array, stamp: Stamp): string {
  const row = (name: string, value: string) => `<tr><th>${name}</th><td>${escaped(value)}</td></tr>`;
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: #e8ebf2; font: 14px/20px sans-serif; color: #111 }
    header { height: ${HEAD}px; padding: 12px ${BORDER}px 0; box-sizing: border-box; overflow: hidden }
    th { text-align: left; padding: 0 16px 0 0; font-weight: 600; white-space: nowrap }
    td { font-family: monospace; word-break: break-all }
    img { display: block; margin: 0 ${BORDER}px ${BORDER}px }
    strong { color: #8a3b00 }
  </style><header>${stamp.sample ? '<strong>SAMPLE — NOT EVIDENCE</strong>' : ''}<table>
    ${row('Console screenshot', stamp.view)}${row('Address', stamp.url)}${row('Key', stamp.key)}
    ${row('Account', stamp.account)}${row('Taken (UTC)', stamp.at)}${row('Operator', stamp.operator)}
    ${row('Engagement', stamp.client)}</table></header>
    <img src="data:image/png;base64,${Buffer.from(picture).toString('base64')}">`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
}

/** Width and height out of the header of a PNG (https://www.w3.org/TR/png-3/, 11.2.1). */
export function sizeOfPng(picture: Uint8Array): { width: number; height: number } {
  const view = new DataView(picture.buffer, picture.byteOffset, picture.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
