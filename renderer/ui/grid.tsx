import { ArrowDown, ArrowUp } from 'lucide-react';
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { classNames } from './class-names.ts';
import { rowWindow } from './window-rows.ts';

export interface Column<T> {
  id: string;
  label: string;
  /** Least width in rem. */
  width: number;
  /** Share of the room that is left; none without it. */
  grow?: number;
  number?: boolean;
  sortable?: boolean;
  cell: (row: T) => ReactNode;
}

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  /** Number of rows, also of those not read yet. */
  count: number;
  /** A row, or undefined while it is on its way. */
  rowAt: (index: number) => T | undefined;
  idOf: (row: T) => string;
  /** The last row now in view: read up to there. */
  onView?: (first: number, last: number) => void;
  chosen: string | null;
  onChoose?: (row: T, index: number) => void;
  sort?: { by: string; descending: boolean };
  onSort?: (by: string) => void;
  /** A letter pressed on a row. */
  onKey?: (key: string, row: T) => void;
}

/** Height of a row in px; the same as --row. */
const ROW_PX = 32;

/**
 * A table of any length: only what is in view is in the document. One tab stop; arrows, Page Up and Down, Home and End
 * move, Enter chooses. Screen readers get the whole count and each row's place in it.
 */
export function Grid<T>(props: Props<T>) {
  const { label, columns, count, rowAt, idOf, onView, chosen, onChoose, sort, onSort, onKey } = props;
  const area = useRef<HTMLDivElement>(null);
  const id = useId();
  const [scroll, setScroll] = useState({ top: 0, height: 600 });
  const [active, setActive] = useState(0);
  const at = Math.min(active, Math.max(0, count - 1));
  const viewHeight = Math.max(ROW_PX, scroll.height - ROW_PX);
  const view = rowWindow(count, ROW_PX, scroll.top, viewHeight);
  const template = {
    gridTemplateColumns: columns
      .map(({ width, grow }) => (grow === undefined ? `${width}rem` : `minmax(${width}rem, ${grow}fr)`))
      .join(' '),
    // Every line is as wide as the widest can get, so that columns stay columns.
    minWidth: `${columns.reduce((sum, column) => sum + column.width, 0)}rem`,
  };

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    const measure = () => setScroll({ top: element.scrollTop, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (view.end > 0) onView?.(view.first, view.end - 1);
  }, [onView, view.first, view.end]);

  const move = (to: number) => {
    const next = Math.max(0, Math.min(count - 1, to));
    setActive(next);
    const top = view.scrollTo(next);
    if (top !== null && area.current) area.current.scrollTop = top;
  };
  const page = Math.max(1, Math.floor(viewHeight / ROW_PX) - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== area.current || count === 0) return;
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: count - 1,
    };
    const to = steps[event.key];
    const row = rowAt(at);
    if (to !== undefined) move(to);
    else if ((event.key === 'Enter' || event.key === ' ') && row) onChoose?.(row, at);
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && row && onKey) {
      onKey(event.key, row);
      return;
    } else return;
    event.preventDefault();
  };

  const rows = Array.from({ length: Math.max(0, view.end - view.first) }, (_, i) => {
    const index = view.first + i;
    const row = rowAt(index);
    return (
      <div
        key={index}
        id={`${id}-${index}`}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={row !== undefined && idOf(row) === chosen}
        data-active={index === at || undefined}
        className={classNames('grid-line grid-row', row === undefined && 'grid-row-wait')}
        style={{ ...template, top: view.topOf(index) }}
        onClick={() => {
          setActive(index);
          if (row !== undefined) onChoose?.(row, index);
        }}
      >
        {columns.map((column) => (
          <div
            key={column.id}
            role="gridcell"
            className={classNames('grid-cell', column.number && 'grid-cell-number')}
          >
            {row === undefined ? null : column.cell(row)}
          </div>
        ))}
      </div>
    );
  });

  return (
    <div
      ref={area}
      className="grid"
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={count > 0 && at >= view.first && at < view.end ? `${id}-${at}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) =>
        setScroll({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })
      }
    >
      <div className="grid-head" role="rowgroup">
        <div className="grid-line" role="row" aria-rowindex={1} style={template}>
          {columns.map((column) => (
            <div
              key={column.id}
              role="columnheader"
              className={classNames('grid-cell', column.number && 'grid-cell-number')}
              aria-sort={sort?.by === column.id ? (sort.descending ? 'descending' : 'ascending') : undefined}
            >
              {column.sortable && onSort ? (
                <button type="button" className="grid-sort" onClick={() => onSort(column.id)}>
                  {column.label}
                  {sort?.by === column.id &&
                    (sort.descending ? (
                      <ArrowDown size={12} aria-hidden />
                    ) : (
                      <ArrowUp size={12} aria-hidden />
                    ))}
                </button>
              ) : (
                column.label
              )}
            </div>
          ))}
        </div>
      </div>
      <div className="grid-body" role="rowgroup" style={{ height: view.height }}>
        {rows}
      </div>
    </div>
  );
}
