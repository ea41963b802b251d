import type { AnswerRow, KeyRow } from '../../db/derived/keys.ts';
import {
  both,
  notApplicable,
  results,
  undetermined,
  type Answer,
  type Answers,
  type Result,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { day, periodText } from './dates.ts';

/**
 * Puts a test to every key of the inventory. The provider's own keys, keys that no longer exist and keys that could not
 * be described are answered here, the same way for every control.
 *
 * @param gone answers for keys that only logs know, where a control has something to say about them.
 */
export function* testKeys(
  context: ControlContext,
  control: string,
  test: (key: KeyRow) => Answers,
  gone: (key: KeyRow, cites: number[]) => Answers = (key, cites) => both(goneKey(key, cites)),
): Generator<Result> {
  for (const key of context.keys) {
    yield* results(control, 'key', key.id, answersFor(context, key, test, gone));
  }
}

function answersFor(
  context: ControlContext,
  key: KeyRow,
  test: (key: KeyRow) => Answers,
  gone: (key: KeyRow, cites: number[]) => Answers,
): Answers {
  const cites = key.seq === null ? [] : [key.seq];
  if (key.manager === 'provider') {
    return both(notApplicable('The provider manages this key; the client cannot set it.', cites));
  }
  if (key.basis === 'logged') return gone(key, cites);
  if (key.seq === null) {
    return both(notRead(context.asked(key.id, 'DescribeKey'), 'What this key is could not be read'));
  }
  return test(key);
}

/** A key that only logs know: at collection it is gone, and its configuration before that is not in the evidence. */
export function goneKey(key: KeyRow, cites: number[]): Answer {
  const when = key.deletion_date === null ? '' : ` on ${day(key.deletion_date)}`;
  return key.state === 'Deleted'
    ? notApplicable(
        `The key was deleted${when}: it is in the population of the period, and only its logged changes are known.`,
        cites,
      )
    : undetermined(
        'Logs name this key, but the collection did not find it: what it is and was cannot be said.',
        cites,
      );
}

/** The answer for something that could not be read, with the provider's own error: never an exception. */
export function notRead(row: AnswerRow, what: string): Answer {
  const cites = row.seq === null ? [] : [row.seq];
  const why: Record<AnswerRow['status'], string> = {
    ok: 'it was answered',
    denied: `the provider refused it (${row.code ?? 'no code'})`,
    'not-applicable': row.message ?? 'the question does not apply to it',
    error: `the provider answered with an error (${row.code ?? 'no code'})`,
    throttled: `the provider throttled the request (${row.code ?? 'no code'})`,
    network: 'no answer came over the network',
    interrupted: 'the collection was interrupted while it was asked',
    'not-asked': 'it was not asked',
  };
  return undetermined(`${what}: ${why[row.status]}.`, cites, row.code);
}

/** The period of a key's life inside the engagement's period, and whether there is one. */
export function livedInPeriod(context: ControlContext, key: KeyRow): Answer | null {
  const { period } = context.engagement;
  if (key.created !== null && key.created >= period.to) {
    return notApplicable(
      `The key was created on ${day(key.created)}, after the period ${periodText(period)}.`,
      key.seq === null ? [] : [key.seq],
    );
  }
  return null;
}
