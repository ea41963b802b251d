import { logRoutes, type LogRouteRow } from '../../db/derived/log-routes.ts';
import { latestDeclared, type Declaration } from '../engagement/declarations.ts';
import type { ControlContext } from './context.ts';
import { day } from './dates.ts';

/** An audit device of Vault, with what was stated of its log. */
export interface HandledLog {
  route: LogRouteRow;
  stated: Declaration<'log.handling'> | null;
  cites: number[];
}

const cache = new WeakMap<ControlContext, HandledLog[]>();

/** Every audit device of every cluster, by id. */
export function handledLogs(context: ControlContext): HandledLog[] {
  let all = cache.get(context);
  if (!all) {
    const statements = latestDeclared(context.db, 'log.handling');
    all = logRoutes(context.db, context.snapshot)
      .filter(({ provider }) => provider === 'vault')
      .map((route) => {
        const stated = statements.get(route.id) ?? null;
        return { route, stated, cites: [route.seq, ...(stated ? [stated.seq] : [])] };
      });
    cache.set(context, all);
  }
  return all;
}

/** `file /var/log/vault/audit.log` */
export function deviceText({ destinations, name }: LogRouteRow): string {
  const [to] = destinations;
  return to ? `audit device ${name} (${to.kind} ${to.id})` : `audit device ${name}`;
}

/** How a statement is known: by whom, when, and whether a file evidences it. */
export function statedText({ at, value }: Declaration<'log.handling'>): string {
  const file = value.evidence === null ? 'without a file as evidence' : 'with a file as evidence';
  return `stated by ${value.statedBy}, recorded on ${day(at)}, ${file}`;
}
