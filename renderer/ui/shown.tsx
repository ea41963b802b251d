import type { ReactNode } from 'react';
import type { Query } from '../client/query.ts';
import { Button } from './button.tsx';
import { ErrorState, Loading } from './states.tsx';

/** An answer when it is there; lines while it is on its way; the reason when there is none. */
export function Shown<T>({
  query,
  what,
  effect,
  lines = 4,
  children,
}: {
  query: Query<T>;
  /** What is shown, as in "the gaps". */
  what: string;
  /** What its absence means for the evidence. */
  effect?: string;
  lines?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.error !== null) {
    return (
      <ErrorState
        what={`Cannot show ${what}`}
        error={query.error}
        effect={effect ?? 'What was recorded is unchanged; it is only not shown here.'}
        actions={<Button onClick={query.reload}>Try again</Button>}
      />
    );
  }
  if (query.data === null) return query.loading ? <Loading what={what} lines={lines} /> : null;
  return children(query.data);
}
