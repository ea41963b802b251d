import { Bookmark, Columns3, Download, ListFilter, Search } from 'lucide-react';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import type { KeyListRow, KeySort } from '../../../electron/api/keys.ts';
import { usePages } from '../../client/pages.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { setParams, useRoute } from '../../client/route.ts';
import { saveSettings, useSettings, useSnapshot } from '../../client/session.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { TextField } from '../../ui/field.tsx';
import { countOf, counted } from '../../ui/format.ts';
import { Grid, type Column } from '../../ui/grid.tsx';
import { CheckMenu, Menu } from '../../ui/menu.tsx';
import { Screen } from '../../ui/panel.tsx';
import { Empty, ErrorState } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';
import { CaptureDialog } from './capture/capture-dialog.tsx';
import { COLUMN_IDS, COLUMNS } from './columns.tsx';
import { exportKeys } from './export-keys.ts';
import { FacetFilter } from './facet-filter.tsx';
import { KeyDetailPane } from './key-detail-pane.tsx';
import {
  DEFAULT_VIEW,
  filterOf,
  isFiltered,
  savedView,
  withFacet,
  withSort,
  type ColumnId,
  type KeyView,
} from './key-view.ts';
import { FACET_LABELS, facetValue } from './key-words.ts';
import './keys.css';

/** Under which name of the settings the views of this table stand. */
const VIEW_PREFIX = 'keys: ';

/** Keys of one batch of console screenshots. */
const MOST_CAPTURED = 200;

/** Columns that stay while a key is shown beside the table. */
const BESIDE_DETAIL: readonly ColumnId[] = ['name', 'region', 'state', 'exceptions'];

/** The population: every key that existed at any time in the period, as far as it is known. */
export function KeysScreen() {
  const snapshot = useSnapshot()!;
  const { params } = useRoute();
  const [view, setView] = useState<KeyView>(() =>
    params.exception ? withFacet(DEFAULT_VIEW, 'exception', params.exception) : DEFAULT_VIEW,
  );
  const [capturing, setCapturing] = useState<readonly string[] | null>(null);
  const samples = useQuery('samples.list', {});
  // Newest first.
  const sample = samples.data?.samples.find(
    ({ of, snapshot: drawnFrom }) => of === 'keys' && drawnFrom === snapshot.id,
  );
  const [saving, setSaving] = useState(false);
  const search = useDeferredValue(view.search);
  const filter = useMemo(() => filterOf({ ...view, search }), [view, search]);
  const query = useMemo(
    () => ({ snapshot: snapshot.id, filter, sort: view.sort }),
    [snapshot.id, filter, view.sort],
  );
  const counts = useQuery('keys.count', { snapshot: snapshot.id, filter });
  const pages = usePages(`keys ${JSON.stringify(query)}`, (after, signal) =>
    invoke('keys.query', { ...query, after, limit: 500 }, { signal }),
  );
  const chosen = params.id ?? null;
  const beside = chosen !== null;
  const columns = useMemo<Column<KeyListRow>[]>(
    () =>
      view.columns
        .filter((id) => !beside || BESIDE_DETAIL.includes(id))
        .map((id) => {
          const { sort, ...column } = COLUMNS[id];
          return { ...column, id: sort ?? id, sortable: sort !== undefined };
        }),
    [view.columns, beside],
  );
  const total = counts.data?.count ?? pages.rows.length;
  const { need } = pages;
  const onView = useCallback((_first: number, last: number) => need(last + 100), [need]);

  return (
    <Screen
      fill
      title="Keys"
      lead="The population: every key that existed at any time in the period, also those since disabled or deleted."
      actions={
        <>
          <SavedViews onView={setView} onSave={() => setSaving(true)} />
          <Menu
            trigger={<Button icon={Download}>Export</Button>}
            actions={[
              { label: 'Copy as CSV', onSelect: () => void copyKeys(query, 'csv') },
              { label: 'Copy as JSON', onSelect: () => void copyKeys(query, 'json') },
              { label: 'Save as CSV…', onSelect: () => void exportKeys(query, 'csv') },
              { label: 'Save as JSON…', onSelect: () => void exportKeys(query, 'json') },
              ...(sample && sample.items.length <= MOST_CAPTURED
                ? [
                    {
                      label: `Console screenshots of the drawn sample (${sample.items.length})…`,
                      onSelect: () => setCapturing(sample.items),
                    },
                  ]
                : []),
            ]}
          />
        </>
      }
    >
      <div className="toolbar">
        <div className="search">
          <Search size={15} aria-hidden />
          <input
            className="input"
            type="search"
            aria-label="Search id, alias or description"
            placeholder="Id, alias or description"
            spellCheck={false}
            value={view.search}
            onChange={(event) => setView({ ...view, search: event.target.value })}
          />
        </div>
        <FacetFilter
          snapshot={snapshot.id}
          view={view}
          onToggle={(facet, value) => setView(withFacet(view, facet, value))}
          trigger={<Button icon={ListFilter}>Filter</Button>}
        />
        <CheckMenu
          trigger={<Button icon={Columns3}>Columns</Button>}
          options={COLUMN_IDS.map((id) => ({ value: id, label: COLUMNS[id].label, locked: id === 'name' }))}
          chosen={view.columns}
          onChosen={(chosenColumns) => setView({ ...view, columns: chosenColumns })}
        />
        {view.belongs === 'elsewhere' && (
          <Chip
            label="Keys of"
            value="other accounts"
            onRemove={() => setView({ ...view, belongs: 'inventory' })}
          />
        )}
        {(Object.keys(view.facets) as (keyof typeof FACET_LABELS)[]).map((facet) => (
          <Chip
            key={facet}
            label={FACET_LABELS[facet]}
            value={view.facets[facet]!.map(facetValue).join(' or ')}
            onRemove={() => {
              const facets = { ...view.facets };
              delete facets[facet];
              setView({ ...view, facets });
            }}
          />
        ))}
        {isFiltered(view) && (
          <Button
            look="quiet"
            onClick={() => setView({ ...view, facets: {}, search: '', belongs: 'inventory' })}
          >
            Clear
          </Button>
        )}
      </div>
      <div className="split" data-open={chosen !== null || undefined}>
        <div className="split-list">
          {pages.error !== null && (
            <ErrorState
              what="Cannot read the keys"
              error={pages.error}
              actions={<Button onClick={pages.retry}>Try again</Button>}
            />
          )}
          {total === 0 && pages.done ? (
            <Empty title={isFiltered(view) ? 'No key is like this' : 'No keys in this snapshot'}>
              {isFiltered(view)
                ? 'Take off a filter to see more.'
                : 'Either there are none, or they could not be listed: see the gaps under Collect before you conclude that there are none.'}
            </Empty>
          ) : (
            <Grid
              label="Keys"
              columns={columns}
              count={total}
              rowAt={(index) => pages.rows[index]}
              idOf={(key) => key.id}
              onView={onView}
              chosen={chosen}
              onChoose={(key) => setParams({ id: key.id })}
              sort={view.sort}
              onSort={(by) => setView(withSort(view, by as KeySort['by']))}
              onKey={(key, row) => {
                if (key === 'c') void copyText(row.id).then((done) => done && notify('Copied', row.id));
              }}
            />
          )}
          <p className="grid-foot" role="status">
            {counts.data ? countOf(counts.data.count, counts.data.of, 'keys') : 'counting'}
            {view.belongs === 'inventory' && (
              <button
                type="button"
                className="link-button"
                onClick={() => setView({ ...DEFAULT_VIEW, columns: view.columns, belongs: 'elsewhere' })}
              >
                Keys of other accounts that policies or logs name
              </button>
            )}
          </p>
        </div>
        {chosen !== null && (
          <aside className="split-detail" aria-label="Key">
            <KeyDetailPane
              key={chosen}
              id={chosen}
              snapshot={snapshot.id}
              onClose={() => setParams({ id: null, tab: null })}
            />
          </aside>
        )}
      </div>
      {capturing && (
        <CaptureDialog keys={capturing} snapshot={snapshot.id} onClose={() => setCapturing(null)} />
      )}
      <SaveViewDialog open={saving} onOpen={setSaving} view={view} />
    </Screen>
  );
}

type KeysWanted = Parameters<typeof exportKeys>[0];

/** Rows that are put on the clipboard at most; more belongs in a file. */
const MOST_COPIED = 5000;

async function copyKeys(query: KeysWanted, format: 'csv' | 'json'): Promise<void> {
  try {
    const rows: KeyListRow[] = [];
    let after: string | null = null;
    do {
      const page: { rows: KeyListRow[]; next: string | null } = await invoke('keys.query', {
        ...query,
        after,
      });
      rows.push(...page.rows);
      after = page.next;
    } while (after !== null && rows.length < MOST_COPIED);
    const text = format === 'json' ? JSON.stringify(rows, null, 2) : csv(rows);
    if (await copyText(text)) {
      notify(
        `Copied ${counted(rows.length, 'key')}`,
        after === null ? undefined : 'There are more: save them to a file to have all.',
      );
    }
  } catch (error) {
    notify('Cannot copy the keys', errorWords(error).message, 'failed');
  }
}

/** RFC 4180, with a byte that stops a spreadsheet from reading a value as a formula. */
export function csv(rows: readonly KeyListRow[]): string {
  if (rows.length === 0) return '';
  const names = Object.keys(rows[0]!) as (keyof KeyListRow)[];
  const field = (value: KeyListRow[keyof KeyListRow]): string => {
    const text = value === null ? '' : Array.isArray(value) ? value.join(' ') : String(value);
    const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return (
    [names.join(','), ...rows.map((row) => names.map((name) => field(row[name])).join(','))].join('\r\n') +
    '\r\n'
  );
}

function SavedViews({ onView, onSave }: { onView: (view: KeyView) => void; onSave: () => void }) {
  const settings = useSettings();
  const saved = Object.entries(settings?.views ?? {})
    .filter(([name]) => name.startsWith(VIEW_PREFIX))
    .map(([name, stored]) => ({ name: name.slice(VIEW_PREFIX.length), view: savedView(stored) }));
  return (
    <Menu
      trigger={<Button icon={Bookmark}>Views</Button>}
      actions={[
        { label: 'Rotation off', onSelect: () => onView(withFacet(DEFAULT_VIEW, 'rotation', 'off')) },
        {
          label: 'Customer keys',
          onSelect: () => onView(withFacet(DEFAULT_VIEW, 'manager', 'customer')),
        },
        ...saved.flatMap(({ name, view }) => (view ? [{ label: name, onSelect: () => onView(view) }] : [])),
        { label: 'Save this view…', onSelect: onSave },
        ...saved.map(({ name }) => ({
          label: `Delete “${name}”`,
          onSelect: () => {
            const views = { ...settings!.views };
            delete views[`${VIEW_PREFIX}${name}`];
            void saveSettings({ views });
          },
        })),
      ]}
    />
  );
}

function SaveViewDialog({
  open,
  onOpen,
  view,
}: {
  open: boolean;
  onOpen: (open: boolean) => void;
  view: KeyView;
}) {
  const settings = useSettings();
  const [name, setName] = useState('');
  const save = async () => {
    const stored = JSON.parse(JSON.stringify(view)) as NonNullable<typeof settings>['views'][string];
    await saveSettings({ views: { ...settings?.views, [`${VIEW_PREFIX}${name.trim()}`]: stored } });
    onOpen(false);
    setName('');
    notify('View saved', 'It is in the list of views, on this machine.');
  };
  return (
    <Dialog
      open={open}
      onOpen={onOpen}
      title="Save this view"
      description="Filters, order and columns under a name."
      foot={
        <>
          <Button onClick={() => onOpen(false)}>Cancel</Button>
          <Button look="primary" disabled={name.trim() === ''} onClick={() => void save()}>
            Save the view
          </Button>
        </>
      }
    >
      <TextField label="Name" value={name} onText={setName} />
    </Dialog>
  );
}
