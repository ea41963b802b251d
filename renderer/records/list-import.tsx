import { useState } from 'react';
import { FileField } from '../files/file-field.tsx';
import { isDay } from '../ui/day.ts';
import { DayField } from '../ui/day-field.tsx';
import { utcDay } from '../ui/format.ts';
import { FormDialog } from './form-dialog.tsx';

/** Takes a table that the client gave, of a day. */
export function ListImport({
  title,
  columns,
  onImport,
  onClose,
}: {
  title: string;
  /** The columns that the table has, in words. */
  columns: string;
  onImport: (list: { path: string; asOf: string }) => Promise<void>;
  onClose: () => void;
}) {
  const [path, setPath] = useState('');
  const [asOf, setAsOf] = useState(() => utcDay(Date.now()));
  return (
    <FormDialog
      title={title}
      description={columns}
      action="Import"
      failed={`${title}: not done`}
      ready={path.trim() !== '' && isDay(asOf)}
      onSubmit={() => onImport({ path: path.trim(), asOf })}
      onClose={onClose}
    >
      <FileField
        label="Table"
        value={path}
        onPath={setPath}
        question={{ kind: 'open', title, extensions: ['csv', 'xlsx'] }}
      />
      <DayField label="As of" hint="The day on which the list was true." value={asOf} onDay={setAsOf} />
    </FormDialog>
  );
}
