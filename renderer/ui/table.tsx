import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export interface TableColumn<T> {
  label: string;
  cell: (row: T) => ReactNode;
  /** Figures: set at the end of the cell. */
  number?: boolean;
  /** Long words: narrow, broken anywhere. */
  className?: string;
}

/** A plain table for rows that fit the document. Tables of any length are a Grid. */
export function Table<T>({
  columns,
  rows,
  idOf,
}: {
  columns: readonly (TableColumn<T> | null | false)[];
  rows: readonly T[];
  idOf: (row: T, index: number) => string | number;
}) {
  const shown = columns.filter((column) => column !== null && column !== false);
  return (
    <table className="table">
      <thead>
        <tr>
          {shown.map(({ label, number }) => (
            <th key={label} scope="col" className={number ? 'number' : undefined}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={idOf(row, index)}>
            {shown.map(({ label, number, className, cell }) => (
              <td key={label} className={classNames(number && 'number', className) || undefined}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
