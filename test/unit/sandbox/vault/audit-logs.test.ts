import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCompany } from '../../../../electron/sandbox/company/company.ts';
import { auditHash, buildVaultWorld, writeVaultAuditLogs } from '../../../../electron/sandbox/vault/index.ts';
import type { WrittenAuditLogs } from '../../../../electron/sandbox/vault/index.ts';

interface Line {
  type: string;
  time: string;
  error?: string;
  auth: { accessor: string; display_name: string; entity_id?: string };
  request: {
    id: string;
    path: string;
    operation: string;
    client_token: string;
    namespace: { path?: string };
    data?: Record<string, unknown>;
  };
  response?: { data?: Record<string, unknown> };
}

const options = { asOf: '2026-07-01T00:00:00Z' };
const world = buildVaultWorld(buildCompany(options));
let dir: string;
let written: WrittenAuditLogs;
let devices: { raw: string[]; lines: Line[] }[];

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vault-audit-'));
  written = await writeVaultAuditLogs(world, dir);
  devices = [];
  for (const [i, { files }] of written.devices.entries()) {
    const raw = (await Promise.all(files.map(textOf))).join('').trimEnd().split('\n');
    const prefix = world.devices[i]!.prefix;
    devices.push({ raw, lines: raw.map((line) => JSON.parse(line.slice(prefix.length)) as Line) });
  }
});
afterAll(() => rm(dir, { recursive: true }));

describe('the log files of the two audit devices', () => {
  it('are rotated weekly, all but the last with gzip, each line behind its device prefix', () => {
    const [file, siem] = written.devices;
    expect(file!.files.length).toBe(13);
    expect(file!.files.map((path) => basename(path)).at(-1)).toBe('audit.log');
    expect(file!.files.slice(0, -1).every((path) => /audit\.log-\d{8}\.gz$/.test(path))).toBe(true);
    expect(siem!.files.length).toBeLessThan(file!.files.length);
    expect(devices[1]!.raw.every((line) => line.startsWith('meridian-vault {'))).toBe(true);
    expect(devices.map(({ raw }) => raw.length)).toEqual(written.devices.map(({ lines }) => lines));
  });

  it('hold every request in at least one device, and neither holds all', () => {
    const ids = devices.map(({ lines }) => new Set(lines.map(({ request }) => request.id)));
    expect(new Set([...ids[0]!, ...ids[1]!]).size).toBe(written.requests);
    expect(ids[0]!.size).toBeLessThan(written.requests);
    const sinceSecond = [...ids[0]!].filter((id) => !ids[1]!.has(id));
    expect(sinceSecond.length).toBeGreaterThan(0);
  });

  it('pair each request with its response, in the order of time, inside the period', () => {
    for (const { lines } of devices) {
      for (let i = 0; i < lines.length; i += 2) {
        expect([lines[i]!.type, lines[i + 1]!.type]).toEqual(['request', 'response']);
        expect(lines[i]!.request).toEqual(lines[i + 1]!.request);
      }
      const times = lines.filter(({ type }) => type === 'request').map(({ time }) => time);
      expect(times).toEqual([...times].sort());
      expect(Date.parse(times[0]!)).toBeGreaterThanOrEqual(world.period.from);
      expect(Date.parse(times.at(-1)!)).toBeLessThan(world.period.to);
    }
  });

  it('show no text value in the clear, and hash with a salt of their own', () => {
    for (const { lines } of devices) {
      for (const { request, response } of lines) {
        const values = [request.client_token, ...Object.values({ ...request.data, ...response?.data })];
        for (const value of values)
          if (typeof value === 'string') expect(value).toMatch(/^hmac-sha256:[0-9a-f]{64}$/);
      }
    }
    const plain = devices[1]!.lines.find(({ request }) =>
      devices[0]!.lines.some((l) => l.request.id === request.id),
    )!;
    const same = devices[0]!.lines.find(({ request }) => request.id === plain.request.id)!;
    expect(plain.auth.accessor).toMatch(/^[0-9a-f]{24}$/);
    expect(same.auth.accessor).toBe(auditHash(world.devices[0]!, plain.auth.accessor));
    expect(same.request.client_token).not.toBe(plain.request.client_token);
  });

  it('hold the rotations by hand of the period, as dated in the keys, and no automatic ones', () => {
    const rotations = devices[0]!.lines.filter(
      (l) => l.type === 'response' && l.request.path.endsWith('/rotate'),
    );
    const logged = new Map(rotations.map((l) => [l.request.path, l]));
    const changes = world.changes.filter(({ path }) => path.endsWith('/rotate'));
    const both = new Set(devices.flatMap(({ lines }) => lines.map(({ request }) => request.path)));
    for (const { path } of changes) expect(both.has(path)).toBe(true);
    expect(changes.map(({ path }) => path)).toContain('transit/keys/release-signing/rotate');
    expect(logged.has('transit/keys/orders-pii/rotate')).toBe(false);
    const key = world.keys.find(({ name }) => name === 'release-signing')!;
    const change = changes.find(({ path }) => path.includes('release-signing'))!;
    expect(change.at).toBe(key.versions.at(-1));
  });

  it('hold refusals with their error, and requests of the namespace', () => {
    const { lines } = devices[0]!;
    expect(lines.some(({ error }) => error?.includes('permission denied'))).toBe(true);
    expect(lines.some(({ request }) => request.namespace.path === 'logistics/')).toBe(true);
  });

  it('come out the same to the byte from the same seed, and differ from another', async () => {
    const again = await mkdtemp(join(tmpdir(), 'vault-audit-'));
    try {
      const second = await writeVaultAuditLogs(buildVaultWorld(buildCompany(options)), again);
      for (const [i, { files }] of written.devices.entries()) {
        for (const [j, path] of files.entries())
          expect((await readFile(path)).equals(await readFile(second.devices[i]!.files[j]!))).toBe(true);
      }
    } finally {
      await rm(again, { recursive: true });
    }
    expect(buildVaultWorld(buildCompany({ ...options, seed: 'other' })).clusterId).not.toBe(world.clusterId);
  });

  it('are limited to the dates asked for', async () => {
    const other = await mkdtemp(join(tmpdir(), 'vault-audit-'));
    try {
      const from = world.period.to - 3 * 86_400_000;
      const few = await writeVaultAuditLogs(world, other, { from, usesPerDay: 5 });
      expect(few.devices.map(({ files }) => files.length)).toEqual([1, 1]);
      const first = JSON.parse((await textOf(few.devices[0]!.files[0]!)).split('\n')[0]!) as Line;
      expect(Date.parse(first.time)).toBeGreaterThanOrEqual(from);
    } finally {
      await rm(other, { recursive: true });
    }
  });
});
