import { useState } from 'react';
import { pretty } from '../../ledger/fact-text.ts';
import { Button } from '../../ui/button.tsx';
import { diffLines, type DiffLine } from './diff-lines.ts';
import type { KeyComparison } from './key-comparison.ts';

const SIGNS: Record<DiffLine['side'], string> = { both: ' ', before: '−', after: '+' };

/** One policy statement before and after: in one column, or side by side. */
export function PolicyDiff({ statement }: { statement: KeyComparison['policy'][number] }) {
  const [beside, setBeside] = useState(false);
  const before = statement.before === null ? null : pretty(statement.before);
  const after = statement.after === null ? null : pretty(statement.after);
  const title = `Key policy, ${statement.statement}: ${statement.change}`;
  const both = before !== null && after !== null;
  const lines: DiffLine[] = both
    ? diffLines(before, after)
    : (before ?? after ?? '')
        .split('\n')
        .map((text) => ({ side: before === null ? 'after' : 'before', text }));
  return (
    <div className="code">
      <div className="code-bar">
        <span>{title}</span>
        {both && (
          <Button look="quiet" onClick={() => setBeside(!beside)}>
            {beside ? 'One column' : 'Side by side'}
          </Button>
        )}
      </div>
      {beside && both ? (
        <div className="diff-beside">
          <Column label={`${title}, before`} lines={lines.filter((line) => line.side !== 'after')} />
          <Column label={`${title}, after`} lines={lines.filter((line) => line.side !== 'before')} />
        </div>
      ) : (
        <Column label={title} lines={lines} />
      )}
    </div>
  );
}

function Column({ label, lines }: { label: string; lines: readonly DiffLine[] }) {
  return (
    <pre tabIndex={0} role="region" aria-label={label}>
      {lines.map((line, i) => (
        <span key={i} className="diff-line" data-side={line.side}>
          {`${SIGNS[line.side]} ${line.text}\n`}
        </span>
      ))}
    </pre>
  );
}
