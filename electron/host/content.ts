import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the built window. */
export const RENDERER = fileURLToPath(new URL('../../dist/renderer/', import.meta.url));

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.otf': 'font/otf',
  '.json': 'application/json',
  '.map': 'application/json',
  '.wasm': 'application/wasm',
  '.bcmap': 'application/octet-stream',
  '.txt': 'text/plain; charset=utf-8',
};

/** Whether the window was built. */
export const isBuilt = (): boolean => existsSync(join(RENDERER, 'index.html'));

/** One file of the window; null when there is none of that name, or it lies elsewhere. */
export async function staticFile(pathname: string): Promise<{ data: Buffer; type: string } | null> {
  let name: string;
  try {
    name = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const path = normalize(join(RENDERER, name === '/' ? 'index.html' : name));
  const type = TYPES[extname(path)];
  if (!path.startsWith(RENDERER.endsWith(sep) ? RENDERER : RENDERER + sep) || name.includes('\0') || !type) {
    return null;
  }
  try {
    return { data: await readFile(path), type };
  } catch {
    return null;
  }
}

/** What the window may load and talk to: its own origin. `sockets` is the bridge's address where it is a WebSocket. */
export function windowPolicy(sockets = ''): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self' data:",
    `connect-src 'self'${sockets && ` ${sockets}`}`,
    "worker-src 'self'",
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Headers of every answer to the window. */
export const windowHeaders = (sockets?: string): Record<string, string> => ({
  'content-security-policy': windowPolicy(sockets),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
  'cache-control': 'no-store',
});

/** Types that a window shows in place; anything else is handed over as a file. */
const SHOWN = new Set(['application/pdf', 'image/png', 'image/svg+xml']);

/** Headers of a blob: what a provider or a client sent must never act as a page of ours. */
export const blobHeaders = (type: string, name: string, bytes: number): Record<string, string> => ({
  ...windowHeaders(),
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
  'content-type': type,
  'content-length': String(bytes),
  'content-disposition': `${SHOWN.has(type) ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name)}`,
});
