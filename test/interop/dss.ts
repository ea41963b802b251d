import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** One verdict of the EU's validator. */
export interface Judgement {
  /** As given, with the date if there was one. */
  file: string;
  format: string;
  indication: string;
  detail: string;
}

/**
 * The EU's DSS, from Maven Central, with its default policy. Built into a folder that stays for the next run.
 *
 * @returns a function that judges files, or why there is none.
 */
export function dss(): ((roots: string, files: readonly string[]) => Judgement[]) | { reason: string } {
  const project = resolve('test/interop/dss');
  const built = join(tmpdir(), 'keywitness-interop-dss-6.4');
  const libraries = join(built, 'lib');
  const classes = join(built, 'classes');
  mkdirSync(classes, { recursive: true });
  const run = (command: string, args: readonly string[]) =>
    spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (!existsSync(join(classes, 'Validate.class'))) {
    const got = run('mvn', [
      '-q',
      '-B',
      '-f',
      join(project, 'pom.xml'),
      `-DoutputDirectory=${libraries}`,
      '-DincludeScope=runtime',
      'dependency:copy-dependencies',
    ]);
    if (got.status !== 0)
      return { reason: `Maven Central cannot be reached or lacks DSS: ${lastWords(got)}` };
    const compiled = run('javac', [
      '-cp',
      join(libraries, '*'),
      '-d',
      classes,
      join(project, 'src/main/java/Validate.java'),
    ]);
    if (compiled.status !== 0) return { reason: `its runner does not compile: ${lastWords(compiled)}` };
  }
  return (roots, files) => {
    const judged = run('java', [
      '-Xmx1500m',
      '-cp',
      [join(libraries, '*'), classes].join(':'),
      'Validate',
      roots,
      ...files,
    ]);
    const lines = judged.stdout.split('\n').filter(Boolean);
    if (judged.status !== 0) throw new Error(`DSS failed: ${lastWords(judged)}`);
    return lines.map((line) => {
      const [file = '', format = '', indication = '', ...detail] = line.split(' ');
      return { file, format, indication, detail: detail.join(' ') };
    });
  };
}

const lastWords = ({ stdout, stderr }: { stdout: string; stderr: string }): string =>
  `${stdout}${stderr}`.trim().split('\n').slice(-3).join(' ').slice(0, 400);
