import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { Operator } from '../engagement/engagement.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

/** What every verb works with. */
export interface CliContext {
  output: Output;
  /** Stops the work: Ctrl-C. */
  signal: AbortSignal;
  /** Sets the exit code of a verb that ends otherwise than done or failed. */
  exit: (code: ExitCode) => void;
}

/** Adds one verb to the program. */
export type Verb = (program: Command, context: CliContext) => void;

/** The operator: `--operator`, or the name this computer knows its user by. */
export function operatorNamed(name: string | undefined): Operator {
  return { name: name ?? userInfo().username, email: null };
}
