import type { ReactNode } from 'react';

export interface Fact {
  label: string;
  value: ReactNode;
  /** Where it comes from: an entry link, a basis. */
  source?: ReactNode;
}

/** Names and values, two columns, each value with its source at the end of the line. */
export function Facts({ facts }: { facts: readonly (Fact | null | false)[] }) {
  return (
    <dl className="facts">
      {facts.map(
        (fact) =>
          fact && (
            <div className="fact" key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>
                <span className="fact-value">{fact.value}</span>
                {fact.source && <span className="fact-source">{fact.source}</span>}
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}
