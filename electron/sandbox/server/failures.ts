/** Faults to order: what a test wants to go wrong, and when. */
export interface Failure {
  /** e.g. 'kms:DescribeKey' */
  operation: string;
  /** The first call (1 = first) of the operation that fails, over all accounts and Regions. */
  call: number;
  /** How many calls in a row fail. Default 1. */
  count?: number;
  /**
   * drop: the connection breaks before the answer; cut: it breaks inside the answer's body; error-500: an internal
   * error; throttle: the request is refused for its rate; malformed: status 200 with a body that cannot be parsed;
   * slow: the right answer, `delayMs` late.
   */
  how: 'drop' | 'cut' | 'error-500' | 'throttle' | 'malformed' | 'slow';
  delayMs?: number;
}

export interface Failures {
  /** Counts the call and says what goes wrong with it, if anything. */
  next(operation: string): Failure | undefined;
}

export function createFailures(failures: Failure[]): Failures {
  const seen = new Map<string, number>();
  return {
    next(operation) {
      const call = (seen.get(operation) ?? 0) + 1;
      seen.set(operation, call);
      return failures.find(
        (f) => f.operation === operation && call >= f.call && call < f.call + (f.count ?? 1),
      );
    },
  };
}
