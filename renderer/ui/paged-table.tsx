import type { ReactNode } from 'react';
import type { usePages } from '../client/pages.ts';
import { Button } from './button.tsx';
import { count } from './format.ts';
import { ErrorState, Loading } from './states.tsx';
import { Table, type TableColumn } from './table.tsx';

/** A plain table that is read page by page, with its states: on its way, failed, empty, and more to come. */
export function PagedTable<T>({
  pages,
  columns,
  idOf,
  what,
  empty,
  label,
  total,
}: {
  pages: ReturnType<typeof usePages<T>>;
  columns: readonly (TableColumn<T> | null | false)[];
  idOf: (row: T, index: number) => string | number;
  /** What is listed, as in "the gaps". */
  what: string;
  /** In place of a table without rows. */
  empty: ReactNode;
  /** Name of the scrolling region; without it the table grows with its rows. */
  label?: string;
  /** Number of rows in all, where it is known. */
  total?: number | null;
}) {
  const { rows, done, loading, error } = pages;
  const table = <Table columns={columns} rows={rows} idOf={idOf} />;
  return (
    <>
      {error !== null && (
        <ErrorState
          what={`Cannot show ${what}`}
          error={error}
          effect="What was recorded is unchanged; it is only not shown here."
          actions={<Button onClick={pages.retry}>Try again</Button>}
        />
      )}
      {rows.length === 0 && loading && <Loading what={what} />}
      {rows.length === 0 && done && empty}
      {rows.length > 0 &&
        (label === undefined ? (
          table
        ) : (
          <div className="table-scroll table-tall" tabIndex={0} role="region" aria-label={label}>
            {table}
          </div>
        ))}
      {!done && rows.length > 0 && (
        <p className="panel-more row">
          <Button busy={loading} onClick={() => pages.need(rows.length)}>
            Show more
          </Button>
          <span className="tiny muted">
            {count(rows.length)} {total === undefined || total === null ? 'shown' : `of ${count(total)}`}
          </span>
        </p>
      )}
    </>
  );
}
