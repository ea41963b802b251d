import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { javaProgram } from './maven.ts';

/** Longer reports take veraPDF minutes and gigabytes. Pages. */
export const MOST_PAGES = 50;

/** veraPDF from Maven Central: a function that says whether PDFs are PDF/A-3a and PDF/UA-1, or why there is none. */
export function veraPdf():
  ((files: readonly string[]) => { ok: boolean; text: string }) | { reason: string } {
  const project = resolve('test/interop/verapdf');
  const program = javaProgram('verapdf-1.28.2', `${project}/pom.xml`, `${project}/Conform.java`, 'Conform');
  if ('reason' in program) return program;
  return (files) => {
    const text = program.run('1500m', files);
    const compliant = text.split('\n').filter((line) => / (3a|ua1) compliant \d+$/.test(line)).length;
    return { ok: compliant === 2 * files.length, text };
  };
}

/** Pages of a PDF as poppler counts them. */
export const pagesOf = (path: string): number =>
  Number(
    /^Pages:\s+(\d+)$/m.exec(spawnSync('pdfinfo', [path], { encoding: 'utf8' }).stdout)?.[1] ?? Number.NaN,
  );
