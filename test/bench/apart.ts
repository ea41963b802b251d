import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * Runs one step of a bench in a process of its own, so that neither its garbage nor its caches count for another, and
 * gives what it printed. The file must answer {@link stepAsked}.
 */
export async function apart<T>(file: string, step: string, options: unknown): Promise<T> {
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  const { stdout } = await promisify(execFile)(process.execPath, [path, step, JSON.stringify(options)], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as T;
}

/** The child's side: runs the step it was asked for and prints the answer as its only output. */
export async function answerSteps(
  file: string,
  steps: Record<string, (options: never) => unknown>,
): Promise<void> {
  const [, script, step, options] = process.argv;
  if (script !== file || step === undefined) return;
  const answer = await steps[step]!(JSON.parse(options!) as never);
  process.stdout.write(JSON.stringify(answer), () => process.exit());
}
