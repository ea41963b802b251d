import type { AccessPath } from '../../../electron/api/access.ts';
import { EntryLinks } from '../../ledger/entry-link.tsx';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { kindWords } from './access-words.ts';
import './access.css';

const CERTAINTY: Record<AccessPath['certainty'], { word: string; tone: Tone }> = {
  allowed: { word: 'allowed', tone: 'plain' },
  conditional: { word: 'under conditions', tone: 'undetermined' },
  unknown: { word: 'could not be evaluated', tone: 'undetermined' },
};

const RIGHTS = { administer: 'Administer', use: 'Use', grant: 'Grant' } as const;

/** Access paths, each as a sentence with what it rests on, under the principal or the key it is about. */
export function PathList({ paths, by }: { paths: readonly AccessPath[]; by: 'principal' | 'key' }) {
  const groups = [...Map.groupBy(paths, (path) => path[by])];
  return (
    <ul className="paths">
      {groups.map(([subject, own]) => (
        <li key={subject} className="path-group">
          <div className="path-subject">
            <Identifier value={subject} tail={20} />
            {by === 'principal' && (
              <span className="tiny muted" title={own[0]!.kindReason}>
                {kindWords(own[0]!.principalKind)}
              </span>
            )}
          </div>
          <ul>
            {own.map((path) => {
              const certainty = CERTAINTY[path.certainty];
              return (
                <li key={`${path.key} ${path.n}`} className="path">
                  <span className="path-right">
                    {RIGHTS[path.access]}
                    {path.useKind && <span className="muted"> {path.useKind}</span>}
                  </span>
                  <div>
                    <p>
                      {path.sentence}{' '}
                      {path.certainty !== 'allowed' && <Badge tone={certainty.tone}>{certainty.word}</Badge>}
                    </p>
                    <details>
                      <summary className="tiny">Actions and evidence</summary>
                      <p className="mono path-actions">{path.actions.join(', ')}</p>
                      <p className="tiny">
                        Rests on <EntryLinks cites={path.cites} />
                      </p>
                    </details>
                  </div>
                </li>
              );
            })}
          </ul>
        </li>
      ))}
    </ul>
  );
}
