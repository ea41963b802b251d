// `npm start`: opens the desktop app when Electron is there, and otherwise says what is missing and shows the same window
// in the machine's own browser. Plain JavaScript, like start.mjs.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const args = process.argv.slice(2);

/** The Electron to run: a given one, or the one that its npm package downloaded; null when there is none. */
function electronBinary() {
  if (process.env.KEYWITNESS_ELECTRON) return process.env.KEYWITNESS_ELECTRON;
  const folder = join(root, 'node_modules/electron');
  const name = existsSync(join(folder, 'path.txt')) ? readFileSync(join(folder, 'path.txt'), 'utf8') : null;
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const path = given ? join(given, name ?? 'electron') : name && join(folder, 'dist', name);
  return path && existsSync(path) ? path : null;
}

/** Ctrl-C reaches the child as well: it decides when to end. */
function run(command, commandArgs) {
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const child = spawn(command, commandArgs, { stdio: 'inherit' });
  child.once('error', (error) => {
    console.error(`cannot start ${command}: ${error.message}.`);
    process.exitCode = 1;
  });
  child.once('exit', (code) => (process.exitCode = code ?? 1));
}

const electron = electronBinary();
const browser = args.includes('--browser');
if (electron && !browser) run(electron, [join(root, 'dist/app'), ...args]);
else {
  if (!browser) {
    console.error(
      "The desktop app needs Electron's binary, which is not here: its download was not possible or not done yet " +
        '(to do it: npx install-electron --no). Showing the same window in the browser of this machine instead.\n',
    );
  }
  const rest = args.filter((arg) => arg !== '--browser');
  run(process.execPath, [join(root, 'electron/start.mjs'), 'serve', ...rest]);
}
