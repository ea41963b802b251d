/**
 * Indexes of the table of events. No migration makes them: they are built when the first events are settled, since bulk
 * ingest is twice as fast without them. Verification lets them be there or not, but only word for word.
 */
export const EVENT_INDEXES = [
  index('usage_event_by_time', '(time)'),
  index('usage_event_by_key', '(key, time) WHERE key IS NOT NULL'),
  index('usage_event_by_principal', '(principal, time)'),
  index('usage_event_by_operation', '(operation, time)'),
  index('usage_event_changes', '(time) WHERE flags & 2'),
] as const;

function index(name: string, what: string) {
  return { type: 'index', name, sql: `CREATE INDEX ${name} ON usage_event_row ${what}` };
}
