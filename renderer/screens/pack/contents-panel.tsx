import { useQuery } from '../../client/query.ts';
import { count, bytes } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Partial } from '../../ui/states.tsx';

/** What the pack will hold, in numbers. */
export function ContentsPanel({ snapshot }: { snapshot: string }) {
  const contents = useQuery('pack.contents', { snapshot });
  return (
    <Panel title="Contents" note={`Of snapshot ${snapshot}. Another one is chosen in the header.`}>
      <Shown query={contents} what="the contents" lines={2}>
        {(data) => (
          <div className="stack">
            {data.refused !== null && <Partial>{data.refused}</Partial>}
            {data.sample && (
              <p>
                <span className="sample-mark">SAMPLE — NOT EVIDENCE</span>{' '}
                <span className="small">stands on every page of this pack.</span>
              </p>
            )}
            <div className="figures">
              <Figure n={data.keys} words="keys" />
              <Figure n={data.results} words="answers of tests" />
              <Figure n={data.gaps} words="gaps" />
              <Figure n={data.events} words="events" />
              <Figure n={data.entries} words="ledger entries" />
              <Figure n={data.exchanges} words="exchanges" />
              <Figure n={bytes(data.bodyBytes)} words="of raw answers" />
            </div>
          </div>
        )}
      </Shown>
    </Panel>
  );
}

function Figure({ n, words }: { n: number | string; words: string }) {
  return (
    <p>
      <span className="figure-number">{typeof n === 'number' ? count(n) : n}</span>{' '}
      <span className="figure-words">{words}</span>
    </p>
  );
}
