import type { KeyListRow, KeySort } from '../../../electron/api/keys.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/grid.tsx';
import { count, utcDay } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import type { ColumnId } from './key-view.ts';
import { keyName, rotationWords } from './key-words.ts';

const day = (at: string | null, none: string) =>
  at === null ? <span className="none">{none}</span> : utcDay(at);
const text = (value: string | null) => value ?? <span className="none">not known</span>;

type KeyColumn = Omit<Column<KeyListRow>, 'id'> & { sort?: KeySort['by'] };

/** Every column there is. */
export const COLUMNS: Record<ColumnId, KeyColumn> = {
  name: {
    label: 'Key',
    width: 12,
    grow: 2,
    sort: 'id',
    cell: (key) =>
      key.aliases.length > 0 ? (
        <span title={key.id}>{keyName(key)}</span>
      ) : (
        <Identifier value={key.nativeId} copy={false} />
      ),
  },
  account: {
    label: 'Account',
    width: 7.5,
    grow: 0.4,
    sort: 'account',
    cell: (key) => <Identifier value={key.account} copy={false} />,
  },
  region: { label: 'Region', width: 7, sort: 'region', cell: (key) => key.region },
  provider: { label: 'Provider', width: 5.5, cell: (key) => key.provider },
  state: { label: 'State', width: 6.5, sort: 'state', cell: (key) => text(key.state) },
  algorithm: {
    label: 'Algorithm',
    width: 9.5,
    grow: 1,
    sort: 'algorithm',
    cell: (key) => <span className="mono">{text(key.algorithm)}</span>,
  },
  usage: { label: 'Use', width: 9.5, cell: (key) => text(key.usage) },
  origin: { label: 'Origin', width: 8, sort: 'origin', cell: (key) => text(key.origin) },
  manager: { label: 'Managed by', width: 6.5, sort: 'manager', cell: (key) => text(key.manager) },
  rotation: { label: 'Rotation', width: 8, sort: 'rotationEnabled', cell: rotationWords },
  lastRotation: {
    label: 'Last rotation',
    width: 7,
    sort: 'lastRotation',
    cell: (key) => day(key.lastRotation, 'none seen'),
  },
  nextRotation: {
    label: 'Next rotation',
    width: 7.5,
    sort: 'nextRotation',
    cell: (key) => day(key.nextRotation, 'none'),
  },
  created: { label: 'Created', width: 7, sort: 'created', cell: (key) => day(key.created, 'not known') },
  lastUsed: {
    label: 'Last used',
    width: 6.5,
    sort: 'lastUsed',
    cell: (key) => day(key.lastUsed, 'not seen'),
  },
  owner: {
    label: 'Owner',
    width: 9,
    grow: 1,
    cell: (key) => key.owner ?? <span className="none">not documented</span>,
  },
  events: { label: 'Events', width: 6.5, number: true, cell: (key) => count(key.events) },
  exceptions: {
    label: 'Exceptions',
    width: 6.5,
    number: true,
    sort: 'exceptions',
    cell: (key) =>
      key.exceptions === 0 ? (
        <span className="none">0</span>
      ) : (
        <Badge tone="exception">{key.exceptions}</Badge>
      ),
  },
  basis: { label: 'Known by', width: 8.5, cell: (key) => key.basis },
  description: {
    label: 'Description',
    width: 14,
    grow: 2,
    cell: (key) => key.description ?? <span className="none">none</span>,
  },
};

export const COLUMN_IDS = Object.keys(COLUMNS) as ColumnId[];
