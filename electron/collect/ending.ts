import type { ExchangeFacts } from '../../db/ledger/entry.ts';

/**
 * How an exchange ends its call.
 * - `ok`, `refused`: it is answered, with data or with an error that asking again would not change.
 * - `throttled`, `transient`: asked again, now and when the snapshot is resumed.
 * - `credentials`: whoever asks is not who they should be; the source stops.
 */
export type Ending = 'ok' | 'refused' | 'throttled' | 'transient' | 'credentials';

/** Reads an ending from an exchange. Each provider knows its own error codes. */
export type EndingOf = (
  facts: Pick<ExchangeFacts, 'outcome' | 'httpStatus' | 'errorCode' | 'serverDate' | 'end'>,
) => Ending;

export function isFinal(ending: Ending): boolean {
  return ending === 'ok' || ending === 'refused';
}
