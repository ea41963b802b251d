import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { OutputOf } from '../../../electron/api/contract.ts';
import type { EventFilter, UsageEvent } from '../../../electron/api/logs.ts';
import { Histogram } from '../../charts/histogram.tsx';
import { jobResult } from '../../client/jobs.ts';
import { invoke, useQuery } from '../../client/query.ts';
import { setParams, useRoute } from '../../client/route.ts';
import { useOpenEngagement, useSnapshot } from '../../client/session.ts';
import { chooseFile } from '../../files/choose-file.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { errorWords } from '../../ui/error-words.ts';
import { SwitchField } from '../../ui/field.tsx';
import { count, counted, utcTime } from '../../ui/format.ts';
import { Grid, type Column } from '../../ui/grid.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Panel, Screen } from '../../ui/panel.tsx';
import { SelectField } from '../../ui/select.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Empty, ErrorState, Loading } from '../../ui/states.tsx';
import { notify } from '../../ui/toast.tsx';
import { CoveragePanel } from './coverage-panel.tsx';
import { cutBuckets } from './event-buckets.ts';
import { EventDialog } from './event-dialog.tsx';
import { useEvents } from './use-events.ts';
import './logs.css';

const LENGTH = { hour: 3_600_000, day: 86_400_000 } as const;

const COLUMNS: readonly Column<UsageEvent>[] = [
  { id: 'time', label: 'Time (UTC)', width: 10.5, cell: (event) => utcTime(event.time) },
  {
    id: 'name',
    label: 'Operation',
    width: 10,
    grow: 1,
    cell: (event) => (
      <>
        {event.name}
        {event.change && <span className="muted"> change</span>}
      </>
    ),
  },
  {
    id: 'key',
    label: 'Key',
    width: 13,
    grow: 2,
    cell: (event) =>
      event.key === null ? (
        <span className="none">none named</span>
      ) : (
        <Identifier value={event.key} copy={false} />
      ),
  },
  {
    id: 'principal',
    label: 'Principal',
    width: 14,
    grow: 2,
    cell: (event) => <Identifier value={event.principal} copy={false} tail={20} />,
  },
  { id: 'region', label: 'Region', width: 7.5, cell: (event) => event.region },
  { id: 'ip', label: 'From', width: 9, grow: 1, cell: (event) => event.invokedBy ?? event.sourceIp },
  {
    id: 'error',
    label: 'Outcome',
    width: 8,
    grow: 1,
    cell: (event) => (event.error === null ? 'done' : <span className="mono">{event.error}</span>),
  },
];

/** What logs cover of the period, and every event in them that bears on keys. */
export function LogsScreen() {
  const snapshot = useSnapshot()!;
  const { engagement } = useOpenEngagement();
  const { params } = useRoute();
  const limits = useMemo<[number, number]>(
    () => [Date.parse(engagement.period.from), Date.parse(engagement.period.to)],
    [engagement.period],
  );
  const [range, setRange] = useState<[number, number]>(limits);
  const [operation, setOperation] = useState('');
  const [changesOnly, setChangesOnly] = useState(false);
  const [shown, setShown] = useState<UsageEvent | null>(null);
  const narrowed = useMemo<EventFilter>(() => {
    const [service, name] = operation.split(' ');
    return {
      from: new Date(range[0]).toISOString(),
      to: new Date(range[1]).toISOString(),
      ...(params.key ? { key: params.key } : {}),
      ...(params.principal ? { principal: params.principal } : {}),
      ...(service && name ? { operation: { service, name } } : {}),
      ...(changesOnly ? { changesOnly: true } : {}),
    };
  }, [range, operation, changesOnly, params.key, params.principal]);
  const histogram = useQuery('logs.histogram', { filter: narrowed });
  const operations = useQuery('logs.operations', {
    filter: { from: engagement.period.from, to: engagement.period.to },
  });
  const zoomed = range[0] > limits[0] || range[1] < limits[1];

  return (
    <Screen
      title="Logs"
      lead="Which parts of the period the log sources really cover, and the events that bear on keys. An event that was never delivered cannot be shown; a part without coverage is a gap, not an absence of use."
      actions={
        <Menu
          trigger={<Button icon={Download}>Extract</Button>}
          actions={[
            { label: 'Save these events as CSV…', onSelect: () => void extract(narrowed, 'csv') },
            { label: 'Save these events as JSON…', onSelect: () => void extract(narrowed, 'json') },
          ]}
        />
      }
    >
      <CoveragePanel snapshot={snapshot.id} />
      <Panel title="Events by operation">
        <div className="stack">
          <div className="toolbar logs-toolbar">
            <SelectField
              label="Operation"
              labelHidden
              value={operation}
              onChoice={setOperation}
              options={[
                { value: '', label: 'All operations' },
                ...(operations.data?.operations ?? []).map((o) => ({
                  value: `${o.service} ${o.name}`,
                  label: `${o.name} (${count(o.events)})`,
                })),
              ]}
            />
            <SwitchField label="Changes only" checked={changesOnly} onChecked={setChangesOnly} />
            {params.key && <Chip label="Key" value={params.key} onRemove={() => setParams({ key: null })} />}
            {params.principal && (
              <Chip
                label="Principal"
                value={params.principal}
                onRemove={() => setParams({ principal: null })}
              />
            )}
            {zoomed && (
              <Chip
                label="Time"
                value={`${utcTime(range[0]).slice(0, 16)} – ${utcTime(range[1]).slice(0, 16)} UTC`}
                onRemove={() => setRange(limits)}
              />
            )}
          </div>
          <Shown query={histogram} what="the events over time" lines={6}>
            {(data) => (
              <Histogram
                label="Events by operation"
                from={Date.parse(data.from)}
                to={Date.parse(data.to)}
                starts={data.starts.map((start) => Date.parse(start))}
                bucket={LENGTH[data.bucket]}
                series={data.series.map((s) => ({ name: s.name, total: s.events, counts: s.counts }))}
                limits={limits}
                onRange={(from, to) => setRange([from, to])}
              />
            )}
          </Shown>
        </div>
      </Panel>
      <Panel title="Events" note="Oldest first. Enter opens the record as the log has it." flush>
        {histogram.data ? (
          <EventTable
            histogram={histogram.data}
            filter={narrowed}
            range={range}
            chosen={shown}
            onChoose={setShown}
          />
        ) : (
          histogram.loading && <Loading what="the events" />
        )}
      </Panel>
      <EventDialog event={shown} onClose={() => setShown(null)} />
    </Screen>
  );
}

/** Events that a stretch has at least, so that a stretch is about one page. */
const STRETCH = 500;

function EventTable({
  histogram,
  filter,
  range,
  chosen,
  onChoose,
}: {
  histogram: OutputOf<'logs.histogram'>;
  filter: EventFilter;
  range: readonly [number, number];
  chosen: UsageEvent | null;
  onChoose: (event: UsageEvent) => void;
}) {
  const buckets = useMemo(() => {
    const totals = histogram.starts.map((_, i) =>
      histogram.series.reduce((sum, s) => sum + (s.counts[i] ?? 0), 0),
    );
    return cutBuckets(
      histogram.starts.map((start) => Date.parse(start)),
      LENGTH[histogram.bucket],
      totals,
      range,
      STRETCH,
    );
  }, [histogram, range]);
  const { eventAt, onView, error, retry } = useEvents(buckets, filter);
  const total = buckets.before.at(-1)!;
  if (total === 0) {
    return (
      <Empty title="No event is like this">
        In the parts that are covered, the logs show none. In the parts that are not, nothing can be said.
      </Empty>
    );
  }
  return (
    <div className="logs-table">
      {error !== null && (
        <ErrorState
          what="Cannot read the events"
          error={error}
          actions={<Button onClick={retry}>Try again</Button>}
        />
      )}
      <Grid
        label="Events"
        columns={COLUMNS}
        count={total}
        rowAt={eventAt}
        idOf={(event) => `${event.seq} ${event.n} ${event.k}`}
        onView={onView}
        chosen={chosen && `${chosen.seq} ${chosen.n} ${chosen.k}`}
        onChoose={onChoose}
        onKey={(key, event) => {
          if (key === 'c')
            void copyText(event.eventId).then((done) => done && notify('Copied', event.eventId));
        }}
      />
      <p className="grid-foot" role="status">
        {counted(total, 'event')}
      </p>
    </div>
  );
}

async function extract(filter: EventFilter, format: 'csv' | 'json'): Promise<void> {
  try {
    const paths = await chooseFile({
      kind: 'save',
      title: 'Save the events',
      extensions: [format],
      suggested: `key-usage.${format}`,
    });
    if (!paths?.[0]) return;
    const { job } = await invoke('logs.extract', { filter, format, path: paths[0] });
    const { path, rows } = await jobResult<{ path: string; rows: number }>(job);
    notify(`Saved ${counted(rows, 'event')}`, path);
  } catch (error) {
    notify('Cannot save the events', errorWords(error).message, 'failed');
  }
}
