/** Where a verb prints. Human text and one JSON object never mix on stdout. */
export interface Output {
  /** Whether `--json` was given. */
  readonly json: boolean;
  /** A line for people; nothing with `--json`. */
  line(text?: string): void;
  /** The result for machines: one object; nothing without `--json`. */
  object(value: object): void;
  /** A line that does not belong to the result: progress, warnings. Goes to stderr. */
  note(text: string): void;
  /** Replaces the current progress line on a terminal; elsewhere prints at most one line per `key`. */
  progress(key: string, text: string): void;
}

/** Prints to the given streams (stdout and stderr of the process, or a test's). */
export function makeOutput(
  json: boolean,
  stdout: { write(text: string): unknown },
  stderr: { write(text: string): unknown; isTTY?: boolean },
): Output {
  let open = false;
  const seen = new Set<string>();
  const endProgress = () => {
    if (open) stderr.write('\r\u001b[2K');
    open = false;
  };
  return {
    json,
    line(text = '') {
      endProgress();
      if (!json) stdout.write(`${text}\n`);
    },
    object(value) {
      endProgress();
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    note(text) {
      endProgress();
      stderr.write(`${text}\n`);
    },
    progress(key, text) {
      if (stderr.isTTY) {
        stderr.write(`\r\u001b[2K${text}`);
        open = true;
      } else if (!seen.has(key)) {
        seen.add(key);
        stderr.write(`${text}\n`);
      }
    },
  };
}
