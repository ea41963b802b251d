import fs, { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { stampPack } from '../../electron/pack/stamp-pack.ts';

/*
 * Stamps a pack and dies by SIGKILL at its n-th change of a file; a write is cut in its middle. Run as a process:
 * PACK TSA-URL N. Ends with code 0 when there were fewer changes.
 */
const [pack, url, at] = process.argv.slice(2) as [string, string, string];
let left = Number(at);

function count(): boolean {
  left -= 1;
  return left === 0;
}

const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
};

const probe = await open(pack, 'r');
interface Handle {
  write: (this: Handle, data: Uint8Array, from: number, length: number, position: number) => Promise<unknown>;
  writeFile: (this: Handle, data: Uint8Array) => Promise<void>;
  sync: (this: Handle) => Promise<void>;
  truncate: (this: Handle, length: number) => Promise<void>;
}
const handle = Object.getPrototypeOf(probe) as Handle;
await probe.close();

const { write, writeFile, sync, truncate } = handle;
handle.write = async function (this: Handle, data, from, length, position) {
  if (!count()) return write.call(this, data, from, length, position);
  await write.call(this, data, from, Math.floor(length / 2), position);
  return die();
};
handle.writeFile = async function (this: Handle, data) {
  if (!count()) return writeFile.call(this, data);
  await writeFile.call(this, data.subarray(0, data.length >> 1));
  return die();
};
handle.sync = async function (this: Handle) {
  if (count()) die();
  return sync.call(this);
};
handle.truncate = async function (this: Handle, length) {
  if (count()) die();
  return truncate.call(this, length);
};
const { rename, rm } = fs;
fs.rename = async (from, to) => (count() ? die() : rename(from, to));
fs.rm = async (path, options) => (count() ? die() : rm(path, options));
syncBuiltinESMExports();

await stampPack(pack, { timestamp: { urls: [url] } });
