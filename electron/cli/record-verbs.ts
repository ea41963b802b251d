import { readFileSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import { z } from 'zod';
import { listInventory } from '../../db/derived/inventory.ts';
import { openReadable } from '../../db/open.ts';
import type { Operator } from '../engagement/engagement.ts';
import { inventoryMapping, keyRecord, keySetMembers, purpose } from '../engagement/records.ts';
import { refreshRecords } from '../engine/refresh-records.ts';
import { chosenSnapshot } from '../engine/snapshot-choice.ts';
import { withEngagement, type Work } from '../engine/with-engagement.ts';
import { fileAt } from '../review/attachments.ts';
import {
  approveInventory,
  importInventory,
  inventoryCsv,
  inventoryVersions,
  keyFinder,
  previewInventory,
  recordKeys,
  recordKeySet,
  recordMapping,
  removeKeySet,
  type InventoryPreview,
} from '../review/inventory.ts';
import { keySets } from '../review/key-sets.ts';
import { importPeople, importSystems } from '../review/lists.ts';
import { attachPolicy, type ParameterClause } from '../review/policy.ts';
import { operatorNamed, type CliContext, type Verb } from './context.ts';
import { day } from './dates.ts';
import type { Output } from './output.ts';
import { snapshotOption } from './snapshot-option.ts';

/** Options that every verb about records has. */
export interface RecordOptions {
  engagement: string;
  operator?: string;
  snapshot?: string;
}

/** Adds --engagement, --operator and --snapshot. */
export function withRecordOptions(command: Command): Command {
  return command
    .requiredOption('--engagement <file>', 'engagement file')
    .option('--operator <name>', 'your name as it shall stand in the pack')
    .addOption(snapshotOption());
}

/** Makes a record and derives again what depends on it. */
export function recording<T>(
  options: RecordOptions,
  work: (work: Work, by: Operator) => Promise<T>,
): Promise<T> {
  return withEngagement(options.engagement, async (open) => {
    const result = await work(open, operatorNamed(options.operator));
    refreshRecords(open.db);
    return result;
  });
}

/** Several values of one option. */
const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** `inventory …`: owners, systems, use and approval of keys. */
export const inventoryVerb: Verb = (program, context) => {
  const inventory = program
    .command('inventory')
    .description('owners, systems and use of keys, and their approval');
  addInventoryReading(inventory, context);
  addInventoryWriting(inventory, context);
  addKeySets(inventory, context);
};

function addInventoryReading(inventory: Command, { output }: CliContext): void {
  withRecordOptions(inventory.command('list').description('what is on record about each key')).action(
    (options: RecordOptions) => {
      const db = openReadable(options.engagement);
      try {
        const snapshot = chosenSnapshot(db, options.snapshot).id;
        const rows = [];
        for (let after: string | null = null; ;) {
          const page = listInventory(db, snapshot, { after });
          rows.push(...page.rows);
          if (page.next === null) break;
          after = page.next;
        }
        for (const row of rows) {
          output.line(
            `${row.key}\t${row.owner ?? 'no owner'}\t${row.systems.join('; ') || 'no system'}\t${row.approvedAt ?? 'not approved'}`,
          );
        }
        output.object({ snapshot, rows, versions: inventoryVersions(db) });
      } finally {
        db.close();
      }
    },
  );
  withRecordOptions(
    inventory.command('export').description('write the inventory as CSV, to edit and import again'),
  ).action((options: RecordOptions) => {
    const db = openReadable(options.engagement);
    try {
      const csv = inventoryCsv(db, chosenSnapshot(db, options.snapshot).id).toString('utf8');
      output.line(csv.trimEnd());
      output.object({ csv });
    } finally {
      db.close();
    }
  });
}

function addInventoryWriting(inventory: Command, { output }: CliContext): void {
  withRecordOptions(
    inventory
      .command('import')
      .description(
        'import owners and systems from CSV or XLSX; shows what would change, and does it with --apply',
      )
      .argument(
        '<file>',
        'table with a column key, and any of owner, deputy, systems, purposes, data_class, approved_by, approved_at',
      )
      .option('--apply', 'record it'),
  ).action(async (path: string, options: RecordOptions & { apply?: boolean }) => {
    const file = fileAt(path);
    const preview = options.apply
      ? await recording(options, (work, by) =>
          importInventory(work, by, chosenSnapshot(work.db, options.snapshot).id, file),
        )
      : await previewOnly(options, file);
    printPreview(output, preview);
    output.line(options.apply ? 'Recorded.' : 'Nothing was recorded. Record it with --apply.');
    output.object({ applied: options.apply === true, ...preview });
  });
  withRecordOptions(
    inventory
      .command('set')
      .description('record fields of keys by hand; several keys at once need --reason')
      .argument('<key...>', 'keys by ARN, id or alias')
      .option('--owner <name>', 'owner; - takes it back')
      .option('--deputy <name>', 'deputy')
      .option('--system <name>', 'system it protects; may be given several times', collect)
      .option('--purpose <text>', `one of ${purpose.options.join(', ')}; may be given several times`, collect)
      .option('--data-class <text>', 'class of the data')
      .option('--approver <name>', 'who approved the entry')
      .option('--approved <date>', 'when', day)
      .option('--reason <text>', 'why'),
  ).action(async (names: string[], options: RecordOptions & SetOptions) => {
    await recording(options, async (work, by) => {
      const snapshot = chosenSnapshot(work.db, options.snapshot).id;
      const keys = resolveKeys(work, snapshot, names);
      await recordKeys(work, by, snapshot, {
        keys,
        record: recordOf(options),
        reason: options.reason ?? null,
      });
      output.line(`Recorded for ${keys.length} ${keys.length === 1 ? 'key' : 'keys'}.`);
      output.object({ keys });
    });
  });
  withRecordOptions(
    inventory
      .command('mapping')
      .description(
        'which tags hold the deputy, the purposes and the approval (owner, system and class: see policy attach)',
      )
      .requiredOption(
        '--json-file <file>',
        'JSON: {"deputy":[…],"purposes":[…],"approvedBy":[…],"approvedAt":[…]}',
      ),
  ).action(async (options: RecordOptions & { jsonFile: string }) => {
    const mapping = inventoryMapping.parse(JSON.parse(readFileSync(options.jsonFile, 'utf8')));
    await recording(options, (work, by) => recordMapping(work, by, mapping));
    output.line('Recorded.');
    output.object(mapping);
  });
  withRecordOptions(
    inventory
      .command('approve')
      .description('freeze the inventory as it stands as an approved version')
      .requiredOption('--approver <name>', 'who approved it')
      .requiredOption('--approved <date>', 'when', day),
  ).action(async (options: RecordOptions & { approver: string; approved: string }) => {
    const { version, file } = await recording(options, (work, by) =>
      approveInventory(work, by, chosenSnapshot(work.db, options.snapshot).id, {
        approver: options.approver,
        approvedAt: options.approved,
      }),
    );
    output.line(`Inventory ${version}: ${file.name}, SHA-256 ${file.sha256}`);
    output.object({ version, file });
  });
}

async function previewOnly(
  options: RecordOptions,
  file: ReturnType<typeof fileAt>,
): Promise<InventoryPreview> {
  const db = openReadable(options.engagement);
  try {
    return await previewInventory(db, chosenSnapshot(db, options.snapshot).id, file);
  } finally {
    db.close();
  }
}

function printPreview(output: Output, preview: InventoryPreview): void {
  for (const { key, fields } of preview.changes) {
    for (const { field, before, after } of fields)
      output.line(`${key}  ${field}: ${before || '(none)'} → ${after || '(none)'}`);
  }
  for (const { line, key, reason } of preview.unknown)
    output.line(`line ${line}: ${key || '(no key)'}: ${reason}`);
  output.line(
    `${preview.rows} rows: ${preview.changes.length} keys change, ${preview.unchanged} do not, ${preview.unknown.length} rows name no key; ${preview.missing.length} keys are not in the file.`,
  );
}

interface SetOptions {
  owner?: string;
  deputy?: string;
  system?: string[];
  purpose?: string[];
  dataClass?: string;
  approver?: string;
  approved?: string;
  reason?: string;
}

function recordOf(options: SetOptions) {
  const text = (value: string | undefined) => (value === '-' ? null : value);
  const record = {
    ...{ owner: text(options.owner), deputy: text(options.deputy), systems: options.system },
    ...{ purposes: options.purpose, dataClass: text(options.dataClass) },
    ...{ approvedBy: text(options.approver), approvedAt: options.approved },
  };
  return keyRecord.parse(
    Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)),
  );
}

/** Keys by ARN, id or alias. @throws InvalidArgumentError for a name that is not exactly one key. */
export function resolveKeys({ db }: Pick<Work, 'db'>, snapshot: string, names: readonly string[]): string[] {
  const find = keyFinder(db, snapshot);
  return names.map((name) => {
    const [key, more] = find(name);
    if (key !== undefined && more === undefined) return key;
    throw new InvalidArgumentError(
      `cannot tell which key ${name} is: ${key === undefined ? 'none' : 'several'} of the inventory. Give its ARN.`,
    );
  });
}

function addKeySets(inventory: Command, { output }: CliContext): void {
  const sets = inventory
    .command('set-of-keys')
    .description('key sets: owned together, inherited by their keys');
  withRecordOptions(
    sets
      .command('define')
      .description('define a set, or define it anew')
      .argument('<id>')
      .requiredOption('--title <text>', 'name as it shall stand in the pack')
      .option('--parent <id>', 'set that it inherits from')
      .option('--key <key>', 'a key that belongs to it; may be given several times', collect)
      .option('--tag <name=value>', 'keys with this tag', collect)
      .option('--alias <pattern>', 'keys with such an alias; * stands for any characters', collect)
      .option('--account <id>', 'keys of this account', collect)
      .option('--owner <name>', 'owner of its keys')
      .option('--deputy <name>', 'deputy')
      .option('--system <name>', 'system they protect', collect)
      .option('--purpose <text>', 'purpose', collect)
      .option('--data-class <text>', 'class of the data')
      .option('--approver <name>', 'who approved this entry of the inventory')
      .option('--approved <date>', 'when', day),
  ).action(async (id: string, options: RecordOptions & SetOptions & MemberOptions) => {
    await recording(options, async (work, by) => {
      const snapshot = options.key ? chosenSnapshot(work.db, options.snapshot).id : '';
      const members = keySetMembers.parse({
        keys: options.key ? resolveKeys(work, snapshot, options.key) : [],
        tags: (options.tag ?? []).map((text) => ({
          name: text.split('=')[0],
          value: text.split('=').slice(1).join('='),
        })),
        aliases: options.alias ?? [],
        accounts: options.account ?? [],
      });
      await recordKeySet(work, by, id, {
        title: options.title,
        parent: options.parent ?? null,
        members,
        record: recordOf(options),
      });
    });
    output.line(`Defined ${id}.`);
    output.object({ id });
  });
  withRecordOptions(
    sets
      .command('remove')
      .description('take a set away')
      .argument('<id>')
      .requiredOption('--reason <text>', 'why'),
  ).action(async (id: string, options: RecordOptions & { reason: string }) => {
    await recording(options, (work, by) => removeKeySet(work, by, id, options.reason));
    output.line(`Removed ${id}.`);
    output.object({ id });
  });
  withRecordOptions(sets.command('list').description('list the sets')).action((options: RecordOptions) => {
    const db = openReadable(options.engagement);
    try {
      const found = [...keySets(db).values()].map(({ id, value }) => ({ id, ...value }));
      for (const set of found) output.line(`${set.id}\t${set.title}\t${set.record.owner ?? 'no owner'}`);
      output.object({ sets: found });
    } finally {
      db.close();
    }
  });
}

interface MemberOptions {
  title: string;
  parent?: string;
  key?: string[];
  tag?: string[];
  alias?: string[];
  account?: string[];
}

/** `people import` and `systems import`. */
export const listVerbs: Verb = (program, { output }) => {
  const people = program.command('people').description('who works for the client');
  withRecordOptions(
    people
      .command('import')
      .description('import the list of people: name, email, kind (person, shared), from, to')
      .argument('<file>', 'CSV or XLSX')
      .requiredOption('--as-of <date>', 'the day the list is of', day),
  ).action(async (path: string, options: RecordOptions & { asOf: string }) => {
    const result = await recording(options, ({ db, writer }, by) =>
      importPeople({ db, writer }, by, fileAt(path), options.asOf),
    );
    output.line(`${result.people} people, ${result.left} of them left before ${options.asOf}.`);
    output.object(result);
  });
  const systems = program.command('systems').description('systems and data that need encryption');
  withRecordOptions(
    systems
      .command('import')
      .description('import the list of systems: system, owner, data_class, purpose')
      .argument('<file>', 'CSV or XLSX')
      .requiredOption('--as-of <date>', 'the day the list is of', day),
  ).action(async (path: string, options: RecordOptions & { asOf: string }) => {
    const result = await recording(options, (work, by) =>
      importSystems(work, by, fileAt(path), options.asOf),
    );
    output.line(`${result.systems} systems.`);
    output.object(result);
  });
};

const clauseList = z.array(
  z.strictObject({
    parameter: z.string(),
    value: z.unknown(),
    clause: z.string().min(1),
    text: z.string().min(1),
  }),
);

/** Options that say who approved a document. */
export interface DocumentOptions {
  title: string;
  docVersion: string;
  approver?: string;
  approved?: string;
  nextReview?: string;
}

/** Adds --title, --doc-version, --approver, --approved and --next-review. */
export function withDocumentOptions(command: Command): Command {
  return command
    .requiredOption('--title <text>', 'title of the document')
    .requiredOption('--doc-version <text>', 'version of the document')
    .option('--approver <name>', 'who approved it')
    .option('--approved <date>', 'when', day)
    .option('--next-review <date>', 'when it is due for review', day);
}

/** What the options say of a document. */
export const documentFacts = (options: DocumentOptions) => ({
  ...{ title: options.title, version: options.docVersion, approver: options.approver ?? null },
  ...{ approvedAt: options.approved ?? null, nextReview: options.nextReview ?? null },
});

/** `policy-document attach`: the client's encryption and key management policy. */
export const policyDocumentVerb: Verb = (program, { output }) => {
  const verb = program
    .command('policy-document')
    .description('the client’s encryption and key management policy');
  withRecordOptions(
    withDocumentOptions(
      verb
        .command('attach')
        .description('attach it, and set the parameters that its clauses give')
        .argument('<file>', 'the document as given')
        .option(
          '--clauses <file>',
          'JSON list of {"parameter","value","clause","text"}, for example parameter rotationDays',
        ),
    ),
  ).action(async (path: string, options: RecordOptions & DocumentOptions & { clauses?: string }) => {
    const clauses = options.clauses
      ? clauseList.parse(JSON.parse(readFileSync(options.clauses, 'utf8')))
      : [];
    const value = await recording(options, (work, by) =>
      attachPolicy(work, by, fileAt(path), documentFacts(options), clauses as ParameterClause[]),
    );
    output.line(`Attached ${path}, SHA-256 ${value.attachment}; ${clauses.length} parameters set.`);
    output.object(value);
  });
};
