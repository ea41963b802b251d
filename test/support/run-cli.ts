import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../../electron/start.mjs', import.meta.url));

/** What a run of the command line printed and how it ended. */
export interface CliRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `keywitness ARGS` in a process of its own, as a user would. */
export function keywitness(...args: string[]): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [START, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const run: CliRun = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (text: Buffer) => (run.stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (run.stderr += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...run, code }));
  });
}
