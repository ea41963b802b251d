import { Search, X } from 'lucide-react';
import { useCallback, useDeferredValue, useState } from 'react';
import type { PrincipalRow } from '../../../electron/api/access.ts';
import { usePages } from '../../client/pages.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { routeHash, setParams, useRoute } from '../../client/route.ts';
import { useSnapshot } from '../../client/session.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { count, utcDay } from '../../ui/format.ts';
import { Grid, type Column } from '../../ui/grid.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { Screen } from '../../ui/panel.tsx';
import { SelectField } from '../../ui/select.tsx';
import { Empty, ErrorState, Loading } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { notify } from '../../ui/toast.tsx';
import { Time } from '../../ui/time.tsx';
import { kindWords } from './access-words.ts';
import { PathList } from './path-list.tsx';

const none = (n: number) => (n === 0 ? <span className="none">0</span> : count(n));

const COLUMNS: readonly Column<PrincipalRow>[] = [
  {
    id: 'principal',
    label: 'Principal',
    width: 16,
    grow: 3,
    cell: (row) => <Identifier value={row.principal} copy={false} tail={24} />,
  },
  {
    id: 'kind',
    label: 'Kind',
    width: 9,
    cell: (row) => <span title={row.kindReason}>{kindWords(row.kind)}</span>,
  },
  {
    id: 'administer',
    label: 'Administers',
    width: 6.5,
    number: true,
    cell: (row) => none(row.administer),
  },
  { id: 'use', label: 'Uses', width: 5, number: true, cell: (row) => none(row.use) },
  { id: 'grant', label: 'Grants', width: 5, number: true, cell: (row) => none(row.grant) },
  {
    id: 'unknown',
    label: 'Not evaluated',
    width: 7.5,
    number: true,
    cell: (row) =>
      row.unknown === 0 ? <span className="none">0</span> : <Badge tone="undetermined">{row.unknown}</Badge>,
  },
  {
    id: 'events',
    label: 'Events',
    width: 6.5,
    number: true,
    cell: (row) => (row.events === null ? <span className="none">none</span> : count(row.events)),
  },
  {
    id: 'last',
    label: 'Last seen',
    width: 7,
    cell: (row) => (row.lastEvent === null ? <span className="none">not seen</span> : utcDay(row.lastEvent)),
  },
];

/** Who can administer, use and grant keys, through what, and what the logs say they did. */
export function AccessScreen() {
  const snapshot = useSnapshot()!;
  const { params } = useRoute();
  const [text, setText] = useState('');
  const [kind, setKind] = useState('');
  const search = useDeferredValue(text.trim());
  const kinds = useQuery('access.kinds', { snapshot: snapshot.id });
  const wanted = { snapshot: snapshot.id, search, kind: kind === '' ? null : kind };
  const pages = usePages(`principals ${JSON.stringify(wanted)}`, (after, signal) =>
    invoke('access.principals', { ...wanted, after, limit: 500 }, { signal }),
  );
  const { need } = pages;
  const onView = useCallback((_first: number, last: number) => need(last + 50), [need]);
  const chosen = params.principal ?? null;
  const all = kinds.data?.kinds.reduce((sum, k) => sum + k.principals, 0) ?? 0;

  return (
    <Screen
      fill
      title="Access"
      lead="Who can administer, use and grant keys. Numbers are keys; every right is a path of documents that were collected. For one key, open it under Keys."
    >
      <div className="toolbar">
        <div className="search">
          <Search size={15} aria-hidden />
          <input
            className="input"
            type="search"
            aria-label="Search principals"
            placeholder="Part of a name or ARN"
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <SelectField
          label="Kind of principal"
          labelHidden
          value={kind}
          onChoice={setKind}
          options={[
            { value: '', label: `All kinds (${count(all)})` },
            ...(kinds.data?.kinds ?? []).map((k) => ({
              value: k.kind,
              label: `${kindWords(k.kind)} (${count(k.principals)})`,
            })),
          ]}
        />
      </div>
      <div className="split" data-open={chosen !== null || undefined}>
        <div className="split-list">
          {pages.error !== null && (
            <ErrorState
              what="Cannot read the principals"
              error={pages.error}
              actions={<Button onClick={pages.retry}>Try again</Button>}
            />
          )}
          {pages.rows.length === 0 && pages.done ? (
            <Empty
              title={
                search || kind ? 'No principal is like this' : 'No principal holds a right that was found'
              }
            >
              {search || kind
                ? 'Change what is searched for.'
                : 'If policies could not be read, this is not the same as nobody: see the gaps under Collect.'}
            </Empty>
          ) : (
            <Grid
              label="Principals"
              columns={
                chosen === null
                  ? COLUMNS
                  : COLUMNS.filter((c) => ['principal', 'kind', 'events'].includes(c.id))
              }
              count={pages.rows.length}
              rowAt={(index) => pages.rows[index]}
              idOf={(row) => row.principal}
              onView={onView}
              chosen={chosen}
              onChoose={(row) => setParams({ principal: row.principal })}
              onKey={(key, row) => {
                if (key === 'c')
                  void copyText(row.principal).then((done) => done && notify('Copied', row.principal));
              }}
            />
          )}
          <p className="grid-foot" role="status">
            {count(pages.rows.length)}
            {pages.done ? '' : ' and more'} principals
          </p>
        </div>
        {chosen !== null && (
          <aside className="split-detail" aria-label="Principal">
            <Principal
              key={chosen}
              principal={chosen}
              row={pages.rows.find((row) => row.principal === chosen) ?? null}
              snapshot={snapshot.id}
            />
          </aside>
        )}
      </div>
    </Screen>
  );
}

function Principal({
  principal,
  row,
  snapshot,
}: {
  principal: string;
  row: PrincipalRow | null;
  snapshot: string;
}) {
  const [tab, setTab] = useState<'paths' | 'used'>('paths');
  return (
    <>
      <header className="detail-head">
        <div>
          <h2 className="clip">{principal.split(/[/:]/).at(-1) || principal}</h2>
          <Identifier value={principal} tail={24} />
          {row && (
            <p className="small muted">
              {kindWords(row.kind)}: {row.kindReason}
            </p>
          )}
        </div>
        <IconButton icon={X} label="Close the principal" onClick={() => setParams({ principal: null })} />
      </header>
      <Tabs
        label="Parts of the principal"
        value={tab}
        onTab={setTab}
        tabs={[
          {
            value: 'paths',
            label: 'Rights, and through what',
            panel: <Paths principal={principal} snapshot={snapshot} />,
          },
          {
            value: 'used',
            label: 'Granted and used',
            panel: <Used principal={principal} snapshot={snapshot} />,
          },
        ]}
      />
    </>
  );
}

function Paths({ principal, snapshot }: { principal: string; snapshot: string }) {
  const pages = usePages(`paths ${snapshot} ${principal}`, (after, signal) =>
    invoke('access.paths', { snapshot, principal, after, limit: 100 }, { signal }),
  );
  return (
    <div className="detail-section">
      {pages.error !== null && <ErrorState what="Cannot show the paths" error={pages.error} />}
      {pages.rows.length === 0 && pages.loading && <Loading what="the paths" />}
      <PathList paths={pages.rows} by="key" />
      {!pages.done && pages.rows.length > 0 && (
        <Button busy={pages.loading} onClick={() => pages.need(pages.rows.length)}>
          Show more
        </Button>
      )}
    </div>
  );
}

function Used({ principal, snapshot }: { principal: string; snapshot: string }) {
  const pages = usePages(`used ${snapshot} ${principal}`, (after, signal) =>
    invoke('access.used', { snapshot, principal, after, limit: 200 }, { signal }),
  );
  return (
    <div className="detail-section">
      <p className="small muted">
        A right without events was not seen used in what the logs cover. That is a question to ask, not a
        finding.
      </p>
      {pages.error !== null && <ErrorState what="Cannot show what was used" error={pages.error} />}
      {pages.rows.length === 0 && pages.loading && <Loading what="what was used" />}
      {pages.rows.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Granted</th>
              <th scope="col" className="number">
                Events
              </th>
              <th scope="col">Operations seen</th>
              <th scope="col">Last</th>
            </tr>
          </thead>
          <tbody>
            {pages.rows.map((row) => (
              <tr key={row.key}>
                <td className="rotation-material">
                  <a href={routeHash('keys', { id: row.key, tab: 'access' })}>
                    <Identifier value={row.key} copy={false} tail={14} />
                  </a>
                </td>
                <td>
                  {row.rights.join(', ')}
                  {row.certainty !== 'allowed' && <span className="field-hint">{row.certainty}</span>}
                </td>
                <td className="number">{none(row.events)}</td>
                <td>{row.operations.join(', ') || <span className="none">none seen</span>}</td>
                <td>
                  <Time at={row.last} day none="not seen" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {!pages.done && pages.rows.length > 0 && (
        <Button busy={pages.loading} onClick={() => pages.need(pages.rows.length)}>
          Show more
        </Button>
      )}
    </div>
  );
}
