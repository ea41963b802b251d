import { resolve } from 'node:path';
import { javaProgram } from './maven.ts';

/** One verdict of the EU's validator. */
export interface Judgement {
  /** As given, with the date if there was one. */
  file: string;
  format: string;
  indication: string;
  detail: string;
}

/** Judges files, trusting the roots in a PEM file, with at most that much memory. */
export type Judge = (roots: string, files: readonly string[], memory?: string) => Judgement[];

/** The EU's DSS, from Maven Central, with its default policy: a function that judges files, or why there is none. */
export function dss(): Judge | { reason: string } {
  const project = resolve('test/interop/dss');
  const source = `${project}/src/main/java/Validate.java`;
  const program = javaProgram('dss-6.4', `${project}/pom.xml`, source, 'Validate');
  if ('reason' in program) return program;
  return (roots, files, memory = '1500m') =>
    program
      .run(memory, [roots, ...files])
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [file = '', format = '', indication = '', ...detail] = line.split(' ');
        return { file, format, indication, detail: detail.join(' ') };
      });
}
