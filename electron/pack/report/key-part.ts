import { inventoryOf, type InventoryField } from '../../../db/derived/inventory.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { readBody } from '../../../db/ledger/bodies.ts';
import { readEntry } from '../../../db/ledger/read.ts';
import type { Basis, Fact, KeyPart, KeyUsage, ResultState } from '../pdf/report-model.ts';
import { answeredBy } from '../../controls/equivalents.ts';
import type { ControlFacts } from '../exhibits/tests.ts';
import { cutShort } from './shortened.ts';
import { statement } from '../../../db/statement.ts';

/** A row of table key, as the report needs it. */
export interface KeyRow {
  id: string;
  provider: string;
  native_id: string;
  source: string;
  account: string;
  region: string;
  basis: Basis;
  state: string | null;
  algorithm: string | null;
  usage: string | null;
  origin: string | null;
  manager: string | null;
  created: string | null;
  rotation_enabled: number | null;
  rotation_support: string | null;
  rotation_support_why: string | null;
  rotation_period_days: number | null;
  last_rotation: string | null;
  next_rotation: string | null;
  rotation_seq: number | null;
  seq: number | null;
}

export const KEY_ROW_COLUMNS = [
  'id', 'provider', 'native_id', 'source', 'account', 'region', 'basis', 'state', 'algorithm', 'usage', 'origin', 'manager', 'created',
  'rotation_enabled', 'rotation_support', 'rotation_support_why', 'rotation_period_days', 'last_rotation', 'next_rotation',
  'rotation_seq', 'seq',
] as const; // prettier-ignore

/** What one key's page needs besides its row. */
export interface KeyContext {
  snapshot: string;
  controls: readonly ControlFacts[];
  usageOf: (key: string) => KeyUsage;
}

/** Ways to a key that its page lists; the others are in the zip. */
const MOST_PATHS = 5;
/** Longest reason on a key's page: an exception has more room than what raises none. */
const REASON = { exception: 170, other: 110 };
/** Longest way to a key on its page; the access matrix has it whole. */
const MOST_OF_A_WAY = 110;

/** One key page of the report. */
export function keyPart(db: ReadableDb, row: KeyRow, context: KeyContext): KeyPart {
  const { snapshot } = context;
  const cite = row.seq === null ? [] : [row.seq];
  const fact = (value: string | null, reason = 'the response does not give it'): Fact => ({
    value,
    basis: row.basis,
    citations: cite,
    ...(value === null ? { reason } : {}),
  });
  return {
    id: pageId(row.id),
    keyId: row.native_id,
    arn: row.id,
    alias: aliasFact(db, snapshot, row),
    source: row.source,
    account: row.account,
    region: row.region,
    state: fact(row.state, whyNotDescribed(db, snapshot, row)),
    algorithm: fact(row.algorithm, whyNotDescribed(db, snapshot, row)),
    use: fact(row.usage),
    origin: fact(row.origin),
    manager: fact(row.manager),
    created: fact(row.created),
    rotation: rotationFacts(db, snapshot, row),
    ...recordFacts(db, snapshot, row.id),
    results: keyResults(db, snapshot, row.id, context.controls),
    responses: keyResponses(db, snapshot, row.id),
    ...policyPart(db, snapshot, row.id),
    ...accessPart(db, snapshot, row.id),
    usage: context.usageOf(row.id),
  };
}

/** Stable, unique id of a key's page. */
export function pageId(key: string): string {
  return `key-${key.replace(/[^A-Za-z0-9]+/g, '-')}`;
}

function aliasFact(db: ReadableDb, snapshot: string, row: KeyRow): Fact {
  const aliases = db
    .prepare<[string, string], { name: string; seq: number }>(
      'SELECT name, seq FROM key_alias WHERE snapshot = ? AND key = ? ORDER BY name',
    )
    .all(snapshot, row.id);
  if (aliases.length === 0) return { value: null, basis: row.basis, reason: 'no alias recorded' };
  return {
    value: aliases.map((a) => a.name).join(', '),
    basis: row.basis,
    citations: [...new Set(aliases.map((a) => a.seq))],
  };
}

interface Answer {
  op: string;
  status: string;
  code: string | null;
  seq: number | null;
}

function answers(db: ReadableDb, snapshot: string, key: string): Answer[] {
  return statement<[string, string], Answer>(
    db,
    'SELECT op, status, code, seq FROM key_answer WHERE snapshot = ? AND key = ? ORDER BY op',
  ).all(snapshot, key);
}

/** How the key's provider answered a question in AWS's words; undefined when it was not asked or has no such thing. */
function answerTo(db: ReadableDb, snapshot: string, key: KeyRow, action: string): Answer | undefined {
  const op = answeredBy(key.provider, action);
  return answers(db, snapshot, key.id).find((answer) => answer.op === op);
}

function whyNotDescribed(db: ReadableDb, snapshot: string, key: KeyRow): string {
  const answer = answerTo(db, snapshot, key, 'DescribeKey');
  return answer && answer.status !== 'ok' ? statusText(answer) : 'the response does not give it';
}

const statusText = (answer: Answer) => (answer.code ? `${answer.status}: ${answer.code}` : answer.status);

function rotationFacts(db: ReadableDb, snapshot: string, row: KeyRow): KeyPart['rotation'] {
  const citations = row.rotation_seq === null ? [] : [row.rotation_seq];
  const answer = answerTo(db, snapshot, row, 'GetKeyRotationStatus');
  const known = row.rotation_enabled !== null;
  const why =
    answer && !['ok', 'not-applicable', 'not-asked'].includes(answer.status)
      ? statusText(answer)
      : (row.rotation_support_why ?? 'not asked');
  const fact = (value: string | null, reason: string): Fact => ({
    value,
    basis: row.basis,
    citations,
    ...(value === null ? { reason } : {}),
  });
  return {
    status: fact(
      known ? (row.rotation_enabled ? 'Automatic rotation enabled' : 'Automatic rotation not enabled') : null,
      why,
    ),
    period: fact(
      row.rotation_period_days === null ? null : `${row.rotation_period_days} days`,
      known ? 'no period given' : why,
    ),
    last: fact(row.last_rotation, 'no rotation recorded'),
    next: fact(row.next_rotation, 'no date given'),
  };
}

/** Owner and purpose as they are on record: in a tag, or declared. */
function recordFacts(db: ReadableDb, snapshot: string, key: string): Pick<KeyPart, 'owner' | 'purpose'> {
  const record = inventoryOf(db, snapshot, key);
  const fact = (field: InventoryField, values: readonly string[], reason: string): Fact => {
    const origin = record?.origins[field];
    if (!origin || values.length === 0) return { value: null, basis: 'observed', reason };
    return {
      value: values.join(', '),
      basis: origin.from === 'tag' ? 'observed' : 'declared',
      citations: [origin.seq],
    };
  };
  const purposes = record?.purposes ?? [];
  return {
    owner: fact('owner', record?.owner ? [record.owner] : [], 'no owner on record'),
    purpose:
      purposes.length > 0
        ? fact('purposes', purposes, '')
        : fact('systems', record?.systems ?? [], 'no system or purpose on record'),
  };
}

function keyResults(
  db: ReadableDb,
  snapshot: string,
  key: string,
  controls: readonly ControlFacts[],
): KeyPart['results'] {
  const rows = statement<
    [string, string],
    { control: string; at: string; result: ResultState; reason: string; cites: string }
  >(
    db,
    'SELECT control, at, result, reason, cites FROM test_result WHERE snapshot = ? AND subject = ? ORDER BY control, at',
  ).all(snapshot, key);
  return [...Map.groupBy(rows, (r) => r.control)].map(([control, both]) => {
    const collection = both.find((r) => r.at === 'collection');
    const period = both.find((r) => r.at === 'period');
    const shown = collection ?? period!;
    return {
      control,
      title: controls.find((c) => c.id === control)?.title ?? control,
      atCollection: shown.result,
      throughout: period?.result ?? null,
      detail: keyReason(shown, period && period.result !== shown.result ? period : undefined),
      citations: JSON.parse(shown.cites) as number[],
    };
  });
}

/** The reason of the more serious of two answers, cut to what a key's page has room for. */
function keyReason(
  shown: { result: ResultState; reason: string },
  period: { result: ResultState; reason: string } | undefined,
): string {
  const worse = shown.result === 'exception' || !period ? shown : period;
  return cutShort(worse.reason, worse.result === 'exception' ? REASON.exception : REASON.other);
}

function keyResponses(db: ReadableDb, snapshot: string, key: string): KeyPart['responses'] {
  return answers(db, snapshot, key).flatMap((answer) => {
    const entry = answer.seq === null ? undefined : readEntry(db, answer.seq);
    if (!entry) return [];
    const exchange = entry.kind === 'exchange' ? entry.facts : null;
    return [
      {
        exchange: entry.seq,
        operation: answer.op.split('.').at(-1)!,
        at: exchange?.end ?? entry.at,
        requestId: exchange?.requestId ?? 'none given',
        status: statusText(answer),
        sha256: entry.values.body ?? null,
      },
    ];
  });
}

function policyPart(
  db: ReadableDb,
  snapshot: string,
  key: string,
): Pick<KeyPart, 'policy' | 'policyMissing'> {
  const row = statement<[string, string], { sha256: string; seq: number }>(
    db,
    'SELECT sha256, seq FROM key_policy WHERE snapshot = ? AND key = ? ORDER BY name LIMIT 1',
  ).get(snapshot, key);
  const entry = row && readEntry(db, row.seq);
  if (!row || !entry) return { policy: null, policyMissing: whyNoPolicy(db, snapshot, key) };
  const statements = policyStatements(entry.values.body ? readBody(db, entry.values.body) : null);
  return {
    policy: {
      statements: statements.length,
      summary: statements.slice(0, 8).map(statementText),
      sha256: row.sha256,
      at: entry.kind === 'exchange' ? entry.facts.end : entry.at,
    },
    policyMissing: null,
  };
}

/** Only some providers attach a policy to each key; where none was asked for, none is missing. */
function whyNoPolicy(db: ReadableDb, snapshot: string, key: string): string | null {
  const answer = answers(db, snapshot, key).find((a) => a.op === 'GetKeyPolicy');
  return answer ? statusText(answer) : null;
}

type Statement = Record<string, unknown>;

function policyStatements(body: Buffer | null): Statement[] {
  try {
    const answer = JSON.parse(body?.toString('utf8') ?? '{}') as { Policy?: string };
    const { Statement: statements } = JSON.parse(answer.Policy ?? '{}') as {
      Statement?: Statement | Statement[];
    };
    return Array.isArray(statements) ? statements : statements ? [statements] : [];
  } catch {
    // A policy that is not JSON has no statements to summarise; its text is in the zip as received.
    return [];
  }
}

function statementText(statement: Statement): string {
  const list = (value: unknown): string =>
    typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : JSON.stringify(value ?? '');
  const principals = statement.Principal ?? statement.NotPrincipal;
  const who =
    typeof principals === 'object' && principals !== null
      ? Object.values(principals as Record<string, unknown>)
          .map(list)
          .join(', ')
      : list(principals);
  const what = list(statement.Action ?? statement.NotAction);
  const condition = statement.Condition ? ', under conditions' : '';
  const sid = typeof statement.Sid === 'string' ? `${statement.Sid}: ` : '';
  return `${sid}${list(statement.Effect)} ${statement.NotAction ? 'all but ' : ''}${what} to ${statement.NotPrincipal ? 'all but ' : ''}${who}${condition}`;
}

function accessPart(db: ReadableDb, snapshot: string, key: string): Pick<KeyPart, 'access' | 'accessTotal'> {
  const rows = statement<
    [string, string],
    {
      access: string;
      principal: string;
      principal_kind: string;
      via: string;
      certainty: string;
      detail: string | null;
    }
  >(
    db,
    `SELECT access, principal, principal_kind, via, certainty, detail FROM access_path
        WHERE snapshot = ? AND key = ? AND access <> 'read' ORDER BY n`,
  ).all(snapshot, key);
  const ways = Map.groupBy(
    rows,
    (row) => `${row.principal}\n${row.via}\n${row.certainty}\n${row.detail ?? ''}`,
  );
  return {
    accessTotal: ways.size,
    access: [...ways.values()].slice(0, MOST_PATHS).map((members) => {
      const [row] = members as [(typeof rows)[number], ...typeof rows];
      return {
        rights: [...new Set(members.map((member) => member.access))].join(', '),
        principal: row.principal,
        kind: row.principal_kind,
        path: cutShort(row.via, MOST_OF_A_WAY),
        ...(row.certainty === 'allowed' ? {} : { note: row.detail ?? row.certainty }),
      };
    }),
  };
}
