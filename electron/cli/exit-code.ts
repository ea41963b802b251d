/** Exit codes of the command line; README.md lists them for users. */
export const EXIT = {
  done: 0,
  /** verify: altered. Everything else: the work failed. */
  failed: 1,
  /** verify: cannot tell. Everything else: the call cannot be understood or does not apply. */
  usage: 2,
  /** verify: intact, but no trusted time yet. */
  timePending: 3,
  /** collect: stopped before the end; `collect --resume` goes on. */
  stopped: 4,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
