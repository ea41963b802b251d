import type { DirectoryObject } from '../../access/azure/model.ts';
import type { Callers } from './callers.ts';
import { AzureFault, type Answer, type Request } from './http.ts';
import type { Estate } from './types.ts';

const PERMISSION = 'Directory.Read.All';
const MOST_IDS = 1000;
/** Microsoft Graph gives a user's state, kind and an application's owner only when they are asked for. */
const DEFAULTS = ['id', 'displayName', 'userPrincipalName'];

/** Microsoft Graph, as far as it tells who principals are and who is in groups. https://learn.microsoft.com/graph/api/overview */
export function handleGraph(
  estate: Estate,
  callers: Callers,
  pageSize: number,
  request: Request,
): { operation: string; answer: () => Answer } {
  const members = /^\/v1\.0\/groups\/([^/]+)\/members$/.exec(request.path)?.[1];
  if (request.method === 'POST' && request.path === '/v1.0/directoryObjects/getByIds') {
    return { operation: 'graph.GetDirectoryObjects', answer: () => getByIds(estate, callers, request) };
  }
  if (request.method === 'GET' && members !== undefined) {
    return {
      operation: 'graph.ListGroupMembers',
      answer: () => listMembers(estate, callers, pageSize, members, request),
    };
  }
  return {
    operation: 'graph.Unknown',
    answer: () => {
      throw new AzureFault(400, 'BadRequest', `Resource not found for the segment '${request.path}'.`);
    },
  };
}

function authorized(estate: Estate, callers: Callers, request: Request): void {
  const who = callers.caller(request, 'graph');
  const held = who === estate.signIns.auditor ? estate.graphPermissions : [];
  if (!held.includes(PERMISSION)) {
    throw new AzureFault(
      403,
      'Authorization_RequestDenied',
      'Insufficient privileges to complete the operation.',
    );
  }
}

function getByIds(estate: Estate, callers: Callers, request: Request): Answer {
  authorized(estate, callers, request);
  const { ids, types } = JSON.parse(request.body) as { ids?: string[]; types?: string[] };
  if (!Array.isArray(ids) || ids.length > MOST_IDS) {
    throw new AzureFault(400, 'Request_BadRequest', `The limit of ids is ${MOST_IDS}.`);
  }
  const found = ids.flatMap((id) => estate.directory.objects.find((object) => object.id === id) ?? []);
  const wanted = (types ?? []).map((type) => type.toLowerCase());
  const value = found
    .filter(({ type }) => wanted.length === 0 || wanted.includes(type.toLowerCase()))
    .map((object) => view(object, request));
  return { status: 200, body: { '@odata.context': context(request, 'directoryObjects'), value } };
}

function listMembers(
  estate: Estate,
  callers: Callers,
  pageSize: number,
  group: string,
  request: Request,
): Answer {
  authorized(estate, callers, request);
  const ids = estate.directory.members.get(group.toLowerCase());
  if (ids === undefined) {
    throw new AzureFault(
      404,
      'Request_ResourceNotFound',
      `Resource '${group}' does not exist or one of its queried reference-property objects are not present.`,
    );
  }
  const from = Number(request.query.get('$skiptoken') ?? 0);
  const top = Math.min(pageSize, Number(request.query.get('$top') ?? 100));
  const value = ids
    .slice(from, from + top)
    .flatMap((id) => estate.directory.objects.find((object) => object.id === id) ?? [])
    .map((object) => view(object, request));
  const query = new URLSearchParams([...request.query].filter(([name]) => name !== '$skiptoken'));
  query.set('$skiptoken', String(from + top));
  const next =
    from + top < ids.length
      ? { '@odata.nextLink': `${request.origin}${request.path}?${query.toString()}` }
      : {};
  return { status: 200, body: { '@odata.context': context(request, 'directoryObjects'), ...next, value } };
}

function view(object: DirectoryObject, request: Request): Record<string, unknown> {
  const asked = request.query.get('$select')?.split(',') ?? DEFAULTS;
  const all = { ...object } as Record<string, unknown>;
  const type = `${object.type[0]!.toLowerCase()}${object.type.slice(1)}`;
  return {
    '@odata.type': `#microsoft.graph.${type}`,
    ...Object.fromEntries(asked.filter((name) => name in all).map((name) => [name, all[name]])),
  };
}

const context = (request: Request, set: string): string => `${request.origin}/v1.0/$metadata#${set}`;
