import type { Browser } from 'playwright-core';

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
const HEAD = 190;

/**
 * Puts a frame around a picture, never over it: what was shown, where, when and by whom. Drawn by the browser that took the
 * picture, on a page of ours that loads nothing.
 */
export async function framePicture(browser: Browser, picture: Buffer, stamp: Stamp): Promise<Buffer> {
  const { width, height } = sizeOfPng(picture);
  const context = await browser.newContext({ javaScriptEnabled: false, offline: true, deviceScaleFactor: 1 });
  try {
    const page = await context.newPage();
    const outer = { width: Math.max(900, width + 2 * BORDER), height: height + HEAD + BORDER };
    await page.setViewportSize(outer);
    await page.setContent(frameHtml(picture, stamp));
    return await page.screenshot({ clip: { x: 0, y: 0, ...outer }, animations: 'disabled' });
  } finally {
    await context.close();
  }
}

function frameHtml(picture: Buffer, stamp: Stamp): string {
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
    <img src="data:image/png;base64,${picture.toString('base64')}">`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
}

/** Width and height out of the header of a PNG (https://www.w3.org/TR/png-3/, 11.2.1). */
export function sizeOfPng(picture: Buffer): { width: number; height: number } {
  return { width: picture.readUInt32BE(16), height: picture.readUInt32BE(20) };
}
