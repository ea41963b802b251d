import type { CollectProgress, OnProgress, OperationProgress } from '../collect/progress.ts';
import type { Output } from './output.ts';

/** Shows a running collection as one line: calls done of those known to come, those without an answer, and what is being waited for. */
export function showProgress(output: Output): OnProgress {
  const operations = new Map<string, OperationProgress>();
  return (event: CollectProgress) => {
    if (event.kind === 'source' && event.state !== 'running') {
      output.note(`${event.source}: ${event.state}${event.message ? `, ${event.message}` : ''}`);
    }
    if (event.kind !== 'operation') return;
    operations.set(`${event.source} ${event.op} ${event.scope}`, event);
    const all = [...operations.values()];
    const sum = (field: 'done' | 'planned' | 'gaps' | 'replayed') => all.reduce((n, o) => n + o[field], 0);
    const waiting = all.filter((o) => o.throttled).map((o) => o.op.split('.').at(-1));
    const slow =
      waiting.length > 0 ? `, slowed down by the provider: ${[...new Set(waiting)].join(', ')}` : '';
    output.progress(
      `collect ${Math.floor(sum('done') / 500)}`,
      `Collecting: ${sum('done')} of ${sum('planned')} calls, ${sum('gaps')} not answered${slow}`,
    );
  };
}
