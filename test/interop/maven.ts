import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Java program of this folder, built with what its pom names. */
export interface JavaProgram {
  /** Runs it with at most that much memory, for example "1500m"; what it printed. @throws Error when it fails */
  run(memory: string, args: readonly string[]): string;
}

/**
 * Fetches a program's libraries from Maven Central and compiles it, into a folder that stays for the next run.
 *
 * @returns the program, or why there is none.
 */
export function javaProgram(
  name: string,
  pom: string,
  source: string,
  mainClass: string,
): JavaProgram | { reason: string } {
  const built = join(tmpdir(), `keywitness-interop-${name}`);
  const [libraries, classes] = [join(built, 'lib'), join(built, 'classes')];
  mkdirSync(classes, { recursive: true });
  const start = (command: string, args: readonly string[]) =>
    spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (!existsSync(join(classes, `${mainClass}.class`))) {
    const goal = ['-q', '-B', '-f', pom, `-DoutputDirectory=${libraries}`, '-DincludeScope=runtime'];
    const got = start('mvn', [...goal, 'dependency:copy-dependencies']);
    if (got.status !== 0)
      return { reason: `Maven Central cannot be reached or lacks ${name}: ${lastWords(got)}` };
    const compiled = start('javac', ['-cp', join(libraries, '*'), '-d', classes, source]);
    if (compiled.status !== 0) return { reason: `its runner does not compile: ${lastWords(compiled)}` };
  }
  return {
    run(memory, args) {
      const path = [join(libraries, '*'), classes].join(':');
      const done = start('java', [`-Xmx${memory}`, '-cp', path, mainClass, ...args]);
      if (done.status !== 0) throw new Error(`${name} failed: ${lastWords(done)}`);
      return done.stdout;
    },
  };
}

const lastWords = ({ stdout, stderr }: { stdout: string; stderr: string }): string =>
  `${stdout}${stderr}`.trim().split('\n').slice(-3).join(' ').slice(0, 400);
