import { createHmac } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { randomFor } from '../company/random.ts';
import { DAY } from '../company/time.ts';
import type { Instant } from '../company/types.ts';
import { requestsOf } from './audit-requests.ts';
import type { AuditedRequest } from './audit-requests.ts';
import { accessorOf } from './routes.ts';
import type { AuditDevice, VaultWorld } from './types.ts';

export interface VaultAuditOptions {
  /** Requests in [from, to), UTC milliseconds. Default: the company's period. */
  from?: Instant;
  to?: Instant;
  /** Uses of keys a day, all services together. Default 40. */
  usesPerDay?: number;
  /** Whose lines: OpenBao writes mounts from the root namespace on. Default 'vault'. */
  product?: 'vault' | 'openbao';
}

export interface WrittenDevice {
  /** As sys/audit names it: 'file/'. */
  path: string;
  /** In the order of time; all but the last are gzip. Absolute if `dir` is. */
  files: string[];
  lines: number;
}

export interface WrittenAuditLogs {
  devices: WrittenDevice[];
  /** Requests made; each is in at least one device that was enabled by then. */
  requests: number;
  /** Uses and changes by `<namespace><mount>/…/<key>` path, as made. */
  byPath: Map<string, number>;
}

/** How a device writes its lines. */
interface LineStyle {
  /** Accessors in the clear (hmac_accessor off). */
  plainAccessors: boolean;
  /** Mounts from the root namespace on. */
  outerMounts: boolean;
}

/** Files are rotated weekly. */
const ROTATION = 7 * DAY;

/**
 * Writes the log files of the file audit devices, each in a folder of its device's name, as logrotate leaves them
 * (audit.log-20260608.gz …, audit.log). Line formats: developer.hashicorp.com/vault/docs/audit/schema. The same world and
 * options give the same bytes.
 */
export async function writeVaultAuditLogs(
  world: VaultWorld,
  dir: string,
  options: VaultAuditOptions = {},
): Promise<WrittenAuditLogs> {
  const { from = world.period.from, to = world.period.to, usesPerDay = 40, product = 'vault' } = options;
  const requests = requestsOf(world, from, to, usesPerDay);
  const byPath = new Map<string, number>();
  for (const { namespace, path } of requests) {
    byPath.set(namespace + path, (byPath.get(namespace + path) ?? 0) + 1);
  }
  const devices: WrittenDevice[] = [];
  for (const [index, device] of world.devices.entries()) {
    const kept = requests.filter((request) => isKept(world, device, index, request));
    const style = { plainAccessors: index === 1, outerMounts: product === 'openbao' };
    devices.push(await writeDevice(world, device, style, kept, dir, to));
  }
  return { devices, requests: requests.length, byPath };
}

/** Once there are two devices either may miss a record, never both. */
function isKept(world: VaultWorld, device: AuditDevice, index: number, { at, id }: AuditedRequest): boolean {
  if (at < device.enabledAt) return false;
  if (world.devices.some(({ enabledAt }) => at < enabledAt)) return true;
  const chance = randomFor(world.seed, 'vault-missed', id).int(100);
  return index === 0 ? chance !== 0 : chance !== 1;
}

async function writeDevice(
  world: VaultWorld,
  device: AuditDevice,
  style: LineStyle,
  requests: readonly AuditedRequest[],
  dir: string,
  to: Instant,
): Promise<WrittenDevice> {
  const byFile = new Map<number, string[]>();
  let lines = 0;
  for (const request of requests) {
    // The number of whole weeks before the end, so that the current file is the last week.
    const week = Math.floor((to - 1 - request.at) / ROTATION);
    const file = byFile.get(week) ?? [];
    byFile.set(week, file);
    for (const line of linesOf(world, device, style, request)) {
      file.push(`${device.prefix}${JSON.stringify(line)}\n`);
      lines++;
    }
  }
  const files: string[] = [];
  for (const week of [...byFile.keys()].sort((a, b) => b - a)) {
    const name = basename(device.filePath);
    const day = new Date(to - week * ROTATION).toISOString().slice(0, 10).replaceAll('-', '');
    const path = join(dir, device.path.replace(/\/$/, ''), week === 0 ? name : `${name}-${day}.gz`);
    const text = byFile.get(week)!.join('');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, week === 0 ? text : gzipSync(text));
    files.push(path);
  }
  return { path: device.path, files, lines };
}

/** What this device writes in place of a value; `POST sys/audit-hash/<device>` gives an operator the same. */
export const auditHash = (device: AuditDevice, value: string): string =>
  `hmac-sha256:${createHmac('sha256', device.salt).update(value).digest('hex')}`;

function linesOf(
  world: VaultWorld,
  device: AuditDevice,
  style: LineStyle,
  request: AuditedRequest,
): Record<string, unknown>[] {
  const hash = (value: string): string => auditHash(device, value);
  const hashed = (table: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(table).map(([k, v]) => [k, typeof v === 'string' ? hash(v) : v]));
  const { actor, namespace } = request;
  const accessor = style.plainAccessors ? actor.accessor : hash(actor.accessor);
  const home = world.namespaces.find(({ path }) => path === namespace)!;
  const mount = home.mounts.find(({ path }) => request.path.startsWith(path));
  const auth = {
    accessor,
    client_token: hash(actor.token),
    display_name: actor.displayName,
    ...(actor.entityId === '' ? {} : { entity_id: actor.entityId }),
    ...(actor.role === null ? {} : { metadata: { role_name: actor.role } }),
    policies: actor.policies,
    policy_results: {
      allowed: request.error === undefined,
      ...(request.error === undefined
        ? {
            granting_policies: actor.policies
              .slice(-1)
              .map((name) => ({ name, namespace_id: 'root', type: 'acl' })),
          }
        : {}),
    },
    token_policies: actor.policies,
    token_issue_time: new Date(request.at - 600_000).toISOString(),
    token_ttl: 3600,
    token_type: 'service',
  };
  const asked = {
    client_id: actor.entityId,
    client_token: hash(actor.token),
    client_token_accessor: accessor,
    id: request.id,
    mount_accessor: mount ? accessorOf(world, home, mount.path, mount.type) : '',
    mount_class: 'secret',
    mount_point: mount === undefined ? '' : (style.outerMounts ? namespace : '') + mount.path,
    mount_type: mount?.type ?? '',
    namespace: namespace === '' ? { id: 'root' } : { id: home.id, path: namespace },
    operation: request.operation,
    path: request.path,
    remote_address: actor.address,
    remote_port: 40_000 + (request.at % 20_000),
    ...(Object.keys(request.data).length === 0 ? {} : { data: hashed(request.data) }),
  };
  const error = request.error === undefined ? {} : { error: request.error };
  const answer = request.answer === undefined ? {} : { data: hashed(request.answer) };
  return [
    { auth, ...error, request: asked, time: nanoseconds(request.at, 104_211), type: 'request' },
    {
      auth,
      ...error,
      request: asked,
      response: { ...answer, mount_point: asked.mount_point, mount_type: asked.mount_type },
      time: nanoseconds(request.at + 2, 930_044),
      type: 'response',
    },
  ];
}

/** Vault writes nine digits. */
const nanoseconds = (at: Instant, more: number): string =>
  new Date(at).toISOString().replace('Z', `${String(more).padStart(6, '0')}Z`);
