import { join } from 'node:path';
import type { ReadableDb } from '../../../db/handle.ts';
import { logRecords } from '../../../db/ledger/log-records.ts';
import { entries } from '../../../db/ledger/read.ts';
import { LedgerWriter } from '../../../db/ledger/writer.ts';
import { createEngagementFile } from '../../../db/open.ts';
import { collectSnapshot, type CollectResult } from '../../../electron/collect/collect-snapshot.ts';
import { derive } from '../../../electron/derive/derive.ts';
import { defaultParameters } from '../../../electron/engagement/parameters.ts';
import type { VaultLogin, VaultSource } from '../../../electron/engagement/vault-source.ts';
import { deriveEvents } from '../../../electron/logs/derive-events.ts';
import { compareEvaluators } from './evaluator.ts';
import { openBaoProgram, startOpenBao, type OpenBao } from './server.ts';
import { agree, ANN, furnish, withOidc, type BaoWorld } from './world.ts';

/** One thing that was checked against a server nobody here wrote. */
export interface Checked {
  name: string;
  ok: boolean;
  text: string;
}

const ROUNDS = 100;

/**
 * Collects from a real OpenBao server over TLS, signed in in every way, and compares: keys and versions with those made,
 * our reading of policies with the server's, uses of keys with those done, and that no secret is kept.
 *
 * @returns null where the program cannot be had
 */
export async function openBao(work: string): Promise<Checked[] | null> {
  const program = openBaoProgram(work);
  if (!program) return null;
  const bao = await startOpenBao(program, join(work, 'openbao-run'));
  try {
    const world = await furnish(bao);
    await withOidc(bao);
    const logins: [VaultLogin, string][] = [
      [{ from: 'userpass', mount: 'userpass', username: ANN }, world.password],
      [{ from: 'approle', mount: 'approle', roleId: world.approle.roleId }, world.approle.secretId],
      [{ from: 'oidc', mount: 'oidc', role: null }, ''],
    ];
    const checks: Checked[] = [];
    for (const [login, secret] of logins) checks.push(...(await collected(bao, world, login, secret)));
    const { compared, different } = await compareEvaluators(bao, ROUNDS);
    checks.push({
      name: `OpenBao: our reading of policies is the server’s on ${compared} paths`,
      ok: compared > 1000 && different.length === 0,
      text: different.slice(0, 3).join('\n\n'),
    });
    return checks;
  } finally {
    await bao.stop();
  }
}

async function collected(
  bao: OpenBao,
  world: BaoWorld,
  login: VaultLogin,
  secret: string,
): Promise<Checked[]> {
  const file = join(bao.folder, `${login.from}.keywitness`);
  const open = createEngagementFile(file);
  const writer = new LedgerWriter(open.db);
  try {
    const source = sourceOf(bao, world, login);
    const result = await collectSnapshot({
      ...{ writer, sources: [source], operator: { name: 'Interop', email: null } },
      engagement: ENGAGEMENT,
      tool: { name: 'keywitness', version: '0.0.0' },
      quotas: { multiplier: 100, reason: 'a server of our own' },
      credentialsFor: () => ({
        vault: {
          secret: (_source, name) => Promise.resolve(name.startsWith('value') ? 'some-accessor' : secret),
          openPage: (page) => {
            // The callback waits for it; what goes wrong ends the sign-in with the reason.
            agree(bao, page, world.password).catch((error: unknown) => console.error(error));
            return Promise.resolve();
          },
        },
      }),
    });
    // Brings the copies of a request, from several devices and in two lines, together.
    deriveEvents(open.db);
    derive(open.db);
    return checksOf(open.db, world, login.from, result);
  } finally {
    open.close();
  }
}

function checksOf(db: ReadableDb, world: BaoWorld, how: string, result: CollectResult): Checked[] {
  const check = (name: string, wrong: readonly string[]): Checked => ({
    ...{ name: `OpenBao, signed in with ${how}: ${name}`, ok: wrong.length === 0 },
    text: wrong.slice(0, 20).join('\n'),
  });
  // The device with log_raw is the only thing that is not as it should be.
  const gaps = result.gaps
    .filter(({ code }) => code !== 'DefectiveLogFile')
    .map((gap) => JSON.stringify(gap));
  const stopped = result.stopped.map(({ message }) => message);
  const different = db
    .prepare<[], string>("SELECT how FROM access_fact WHERE kind = 'capabilities-checked'")
    .pluck()
    .all();
  return [
    check('the printed policy allows all that is asked', [...stopped, ...gaps]),
    check('every key with every version', keysWrong(db, world)),
    check('the server’s capabilities of the collector are ours', [
      ...(different.length === 1 ? [] : ['not compared']),
      ...different.filter((text) => !/^\d+ paths compared, 0 different$/.test(text)),
    ]),
    check('every use of a key is in the log once, under its key', usesWrong(db, world)),
    check('no secret of log_raw is kept', secretsKept(db, world)),
    check(
      'each audit device says how it writes a value',
      [...entries(db, 'exchange', { op: 'vault.sys.AuditHash' })].filter(
        ({ facts }) => facts.outcome === 'ok',
      ).length >=
        world.devices.length - 1
        ? []
        : ['fewer answers than devices that hash'],
    ),
  ];
}

function keysWrong(db: ReadableDb, { keys }: BaoWorld): string[] {
  const rows = db
    .prepare<[], { region: string; native_id: string; versions: string }>(
      `SELECT k.region, k.native_id, s.value AS versions FROM key k
         JOIN key_setting s ON s.snapshot = k.snapshot AND s.key = k.id AND s.name = 'latest_version'
        WHERE k.basis <> 'logged'`,
    )
    .all();
  const seen = new Map(
    rows.map(({ region, native_id, versions }) => {
      const [mount, name] = native_id.split('/keys/');
      const namespace = region.slice(0, -mount!.length - 1);
      return [`${namespace === 'root' ? '' : namespace}|${mount}|${name}`, Number(versions)];
    }),
  );
  return [
    ...[...keys].filter(([key, made]) => seen.get(key) !== made).map(([key]) => `missing or other: ${key}`),
    ...[...seen.keys()].filter((key) => !keys.has(key)).map((key) => `never made: ${key}`),
  ];
}

function usesWrong(db: ReadableDb, { uses }: BaoWorld): string[] {
  const count = db
    .prepare<[string, string], number>(
      "SELECT count(*) FROM usage_event WHERE service = 'vault' AND key LIKE ? AND name = ?",
    )
    .pluck();
  return [...uses].flatMap(([use, made]) => {
    const [namespace = '', path = ''] = use.split('|');
    const parts = path.split('/');
    const key = `%/${namespace === '' ? 'root' : namespace}/${parts[0]}/keys/${parts.at(-1)}`;
    const seen = count.get(key, parts[1]!);
    return seen === made ? [] : [`${use}: ${made} made, ${seen} in the log`];
  });
}

/** Records are compressed where they are stored: each is looked at. */
function secretsKept(db: ReadableDb, { secrets }: BaoWorld): string[] {
  const found: string[] = [];
  for (const { seq } of entries(db, 'import')) {
    for (const { raw } of logRecords(db, seq)) {
      const text = raw.toString('utf8');
      if (secrets.some((secret) => text.includes(secret)) || /"(?:client_)?token":"[shb]\./.test(text))
        found.push(text.slice(0, 300));
    }
  }
  return found;
}

function sourceOf({ address, caFile }: OpenBao, { devices }: BaoWorld, login: VaultLogin): VaultSource {
  return {
    ...{ provider: 'vault', id: 'openbao', title: 'OpenBao', address, sample: false },
    ...{ namespace: null, namespaces: null, mounts: null, caFile, login, kvMetadata: true },
    auditLogs: devices.map(({ path, file }) => ({ device: path, paths: [file] })),
    sought: [{ label: 'an accessor', hash: null }],
  };
}

const ENGAGEMENT = {
  client: 'A server of our own',
  mode: 'management' as const,
  type: 2 as const,
  sample: false,
  criteria: ['CC6.1'],
  period: { from: '2020-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' },
  parameters: defaultParameters,
};
