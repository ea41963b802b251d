// Makes dist/app: what runs inside Electron. Types are stripped file by file, so that every file stays where its source
// is and stack traces keep their lines; the preload is bundled into one file, because a sandboxed one may load no other.
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const OUT = join(ROOT, 'dist/app');

/** Relative addresses of our own files, in imports and in `new URL(…, import.meta.url)`. */
const OWN = /(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g;

await rm(OUT, { recursive: true, force: true });
for (const folder of ['electron', 'db']) await copyFolder(folder);
await bundlePreload();
await cp(join(ROOT, 'dist/renderer'), join(OUT, 'dist/renderer'), { recursive: true });
await writeManifest();

async function copyFolder(folder) {
  for (const entry of await readdir(join(ROOT, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await copyFolder(path);
    else if (extname(path) === '.ts') await copyStripped(path);
    else if (entry.name !== 'start.mjs') await copyAsIs(path);
  }
}

async function copyStripped(path) {
  const source = await readFile(join(ROOT, path), 'utf8');
  const target = join(OUT, path.replace(/\.ts$/, '.js'));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, stripTypeScriptTypes(source).replaceAll(OWN, '$1$2.js$1'));
}

async function copyAsIs(path) {
  await mkdir(dirname(join(OUT, path)), { recursive: true });
  await cp(join(ROOT, path), join(OUT, path));
}

async function bundlePreload() {
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: join(OUT, 'electron'),
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      lib: { entry: join(ROOT, 'electron/preload.ts'), formats: ['cjs'], fileName: () => 'preload.cjs' },
      rollupOptions: { external: ['electron'] },
    },
  });
  await rm(join(OUT, 'electron/preload.js'));
}

async function writeManifest() {
  const { name, version, description, license, author, type } = JSON.parse(
    await readFile(join(ROOT, 'package.json'), 'utf8'),
  );
  const manifest = { name, version, description, license, author, type, main: 'electron/main.js' };
  await writeFile(join(OUT, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
