/** Rows that one page of the contract may hold. */
export const PAGE_ROWS = 500;

/** A page asked for by key: the rows after `after`, at most `limit`. */
export interface PageRequest {
  /** Key of the last row already had; null for the first page. */
  after: string | null;
  /** 1 to 500; 500 when left out. */
  limit?: number;
}

/** Rows in key order and the key to ask the next page with; null when there is none. */
export interface Page<T> {
  rows: T[];
  next: string | null;
}

/** Limits a page to what the contract allows. @throws RangeError when the limit is not from 1 to 500. */
export function pageLimit(request: PageRequest): number {
  const limit = request.limit ?? PAGE_ROWS;
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_ROWS) {
    throw new RangeError(`cannot read a page of ${limit} rows: ask for 1 to ${PAGE_ROWS}.`);
  }
  return limit;
}

/** Cuts a page out of `limit + 1` rows. */
export function cutPage<T>(rows: T[], limit: number, keyOf: (row: T) => string): Page<T> {
  const page = rows.slice(0, limit);
  return { rows: page, next: rows.length > limit ? keyOf(page.at(-1)!) : null };
}
