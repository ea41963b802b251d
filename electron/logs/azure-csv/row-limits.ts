/**
 * Numbers of rows at which Azure cuts an answer without saying so in the file: what the portal shows, and so exports, by
 * its setting and version, and what one query gives.
 * https://learn.microsoft.com/azure/azure-monitor/service-limits#log-queries-and-language
 */
const ROW_LIMITS = new Set([1000, 5000, 10_000, 30_000, 50_000, 100_000, 500_000]);

/** Why a file with this many rows may be only the beginning of what was asked for; null when it is whole. */
export function limitReached(rows: number): string | null {
  if (!ROW_LIMITS.has(rows)) return null;
  return `it holds exactly ${rows.toLocaleString('en-US')} rows, a limit at which Azure cuts an export: rows may be missing`;
}
