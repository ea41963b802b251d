/** Tallest element that every browser lays out right; Firefox stops at about 17.8 million px. */
const TALLEST_PX = 12_000_000;

/** Rows drawn above and below what is in view. */
const EXTRA_ROWS = 8;

/** Which rows of a long list to draw, and where. All lengths in px. */
export interface RowWindow {
  /** Height of the scrolled area. */
  height: number;
  /** First row to draw, and the one after the last. */
  first: number;
  end: number;
  /** Where a row's top edge lies inside the area. */
  topOf: (row: number) => number;
  /** The scroll position that puts a row into view, or null when it is in view already. */
  scrollTo: (row: number) => number | null;
}

/**
 * The window on a list of equal rows. A list taller than a browser can lay out is scrolled in a shorter area: positions
 * are mapped, and rows keep their height, so that the last row of ten million is as reachable as the first.
 */
export function rowWindow(rows: number, rowHeight: number, scrollTop: number, viewHeight: number): RowWindow {
  const whole = rows * rowHeight;
  const height = Math.min(whole, TALLEST_PX);
  // How far the list moves for each px the area is scrolled.
  const stretch = height < whole ? (whole - viewHeight) / Math.max(1, height - viewHeight) : 1;
  const offset = scrollTop * stretch;
  const first = Math.max(0, Math.floor(offset / rowHeight) - EXTRA_ROWS);
  const end = Math.min(rows, Math.ceil((offset + viewHeight) / rowHeight) + EXTRA_ROWS);
  return {
    height,
    first,
    end,
    topOf: (row) => row * rowHeight - offset + scrollTop,
    scrollTo: (row) => {
      const top = row * rowHeight;
      if (top < offset) return top / stretch;
      if (top + rowHeight > offset + viewHeight) return (top + rowHeight - viewHeight) / stretch;
      return null;
    },
  };
}
