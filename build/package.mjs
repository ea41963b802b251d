// `npm run dist` builds the installers of this platform; `npm run dist:dir -- --electron DIR` packs an unpacked Electron
// without any network. Writes the bill of materials and SHA256SUMS beside what it makes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { build } from 'electron-builder';
import { builderConfig } from './builder-config.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const OUT = join(ROOT, 'dist/packages');

const { values } = parseArgs({
  options: {
    dir: { type: 'boolean', default: false },
    /** An unpacked Electron, or KEYWITNESS_ELECTRON_DIST. */
    electron: { type: 'string' },
    'test-flavour': { type: 'boolean', default: false },
  },
});

const given = values.electron ?? process.env.KEYWITNESS_ELECTRON_DIST;
if (given && !existsSync(given)) throw new Error(`cannot pack: there is no Electron in ${given}.`);
const electronDist = given ? resolve(given) : null;
const config = builderConfig({
  electronDist,
  electronVersion: electronDist ? versionIn(electronDist) : pinnedVersion(),
  testFlavour: values['test-flavour'],
});

await mkdir(OUT, { recursive: true });
const made = await build({
  projectDir: ROOT,
  config,
  publish: 'never',
  ...(values.dir ? { dir: true } : {}),
});
await writeFile(join(OUT, 'keywitness.cdx.json'), billOfMaterials());
if (!values.dir) await writeSums();
console.log(made.length > 0 ? made.join('\n') : `Packed into ${OUT}`);

function versionIn(folder) {
  return readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
}

function pinnedVersion() {
  return JSON.parse(readFileSync(join(ROOT, 'node_modules/electron/package.json'), 'utf8')).version;
}

/** CycloneDX, of what the package holds. */
function billOfMaterials() {
  return execFileSync('npm', ['sbom', '--omit=dev', '--sbom-format=cyclonedx'], {
    cwd: ROOT,
    maxBuffer: 256 * 1024 * 1024,
  });
}

async function writeSums() {
  const lines = [];
  for (const entry of (await readdir(OUT, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (!entry.isFile() || entry.name === 'SHA256SUMS' || /^builder-/.test(entry.name)) continue;
    const hash = createHash('sha256');
    for await (const piece of createReadStream(join(OUT, entry.name))) hash.update(piece);
    lines.push(`${hash.digest('hex')}  ${entry.name}\n`);
  }
  await writeFile(join(OUT, 'SHA256SUMS'), lines.join(''));
}
