import type { ReadableDb } from '../../../../db/handle.ts';
import { entries } from '../../../../db/ledger/read.ts';
import { actionOf, type Answer } from '../../../derive/answer.ts';
import { membersOf } from '../../../engagement/view.ts';
import { asObject, objects, text, type Json, type JsonObject } from '../../aws/normalise/wire.ts';

/** Operations whose answers a file can hold: electron/providers/files/az-shapes.ts. */
const ANSWERS = /^azure\.(vaults|keys|authorization|insights)\./;
const LISTS = /\.(List\w+|GetKeys|GetKeyVersions|GetDeletedKeys)$/;

/**
 * Imported files that hold what the Azure CLI saved, as answers of the operation behind each command. The CLI prints
 * lists bare, lifts ARM properties to the item in some commands, and gives names of its own to members of a key: here
 * each is put back as the API has it, and what already is stays. A vault is told by the ids inside.
 */
export function importedAnswers(
  db: ReadableDb,
  snapshot: string,
  parsed: (seq: number) => JsonObject,
): Answer[] {
  const answers: Answer[] = [];
  for (const entry of entries(db, 'import', { snapshot: membersOf(db, snapshot) })) {
    const { format, outcome, source, modified } = entry.facts;
    if (!ANSWERS.test(format) || outcome !== 'ok') continue;
    const named = entry.values.params ? asObject(JSON.parse(entry.values.params) as Json) : {};
    const read = (): JsonObject => {
      try {
        return parsed(entry.seq);
      } catch {
        // What is no JSON names nothing: the import's own outcome says so.
        return {};
      }
    };
    const push = (op: string, body: () => JsonObject): void => {
      answers.push({
        ...{
          seq: entry.seq,
          basis: 'client-provided',
          source,
          op,
          action: actionOf(op),
          scope: '',
          label: '',
        },
        ...{ at: modified ?? entry.at, status: 'ok', code: null },
        params: () => paramsOf(op, named, body()),
        body,
      });
    };
    if (!LISTS.test(format)) {
      push(format, () => asApi(format, read(), named));
      continue;
    }
    const items = () => itemsOf(read()).map((item) => asApi(format, item, named));
    if (format !== 'azure.vaults.ListVaults') {
      push(format, () => ({ value: items() }));
      continue;
    }
    // The CLI lists both kinds of vault with one command.
    const isHsm = (item: JsonObject): boolean => /\/managedhsms$/i.test(text(item.type) ?? '');
    const kinds = items();
    if (kinds.some((item) => !isHsm(item)))
      push(format, () => ({ value: items().filter((item) => !isHsm(item)) }));
    if (kinds.some(isHsm)) push('azure.vaults.ListManagedHsms', () => ({ value: items().filter(isHsm) }));
  }
  // A list of vaults may lack their settings, which `show` has: the first answer about a vault counts.
  return answers.sort((a, b) => bareness(a) - bareness(b));
}

/** 1 for a list of vaults without their settings. */
function bareness(answer: Answer): number {
  if (answer.action !== 'ListVaults' && answer.action !== 'ListManagedHsms') return 0;
  return objects(answer.body().value).every((item) => 'properties' in item && item.properties !== null)
    ? 0
    : 1;
}

/** A bare list stands in `value` (see parseAzureBody); one item alone is a list of one. */
const itemsOf = (body: JsonObject): JsonObject[] =>
  Array.isArray(body.value) ? objects(body.value) : Object.keys(body).length > 0 ? [body] : [];

/** What was asked, from what was answered: the vault of diagnostic settings, the key that a file's name tells. */
function paramsOf(op: string, named: JsonObject, body: JsonObject): JsonObject {
  const key = text(named.key);
  if (key !== null) return { key };
  if (actionOf(op) !== 'ListDiagnosticSettings') return {};
  const id = text(objects(body.value)[0]?.id)?.split(/\/providers\/microsoft\.insights\//i)[0];
  return id === undefined ? {} : { resource: id };
}

function asApi(op: string, item: JsonObject, named: JsonObject): JsonObject {
  switch (actionOf(op)) {
    case 'ListRoleAssignments':
    case 'ListDiagnosticSettings':
      return nested(item, item);
    case 'ListRoleDefinitions':
      return nested(item, { ...item, type: item.roleType ?? null });
    case 'GetKeys':
    case 'GetKeyVersions':
    case 'GetDeletedKeys':
    case 'GetKey':
      return keyAsApi(item);
    case 'GetKeyRotationPolicy':
      return policyAsApi(item, named);
    default:
      return item;
  }
}

/** Puts properties that the CLI lifted to the item back below it. */
const nested = (item: JsonObject, properties: JsonObject): JsonObject =>
  'properties' in item && item.properties !== null ? item : { ...item, properties };

function keyAsApi(item: JsonObject): JsonObject {
  const attributes = asObject(item.attributes);
  const key = asObject(item.key);
  const releasePolicy = item.release_policy ?? item.releasePolicy ?? null;
  return {
    ...item,
    attributes: {
      ...attributes,
      exp: attributes.exp ?? attributes.expires ?? null,
      nbf: attributes.nbf ?? attributes.notBefore ?? null,
    },
    ...(Object.keys(key).length > 0 ? { key: { ...key, key_ops: key.key_ops ?? key.keyOps ?? null } } : {}),
    ...(releasePolicy === null ? {} : { release_policy: releasePolicy }),
  };
}

/** The CLI names the action and its trigger in one object, and the validity beside them. */
function policyAsApi(item: JsonObject, named: JsonObject): JsonObject {
  const [vault, key] = [text(named.vault), text(named.key)];
  const host = vault === null || vault.includes('.') ? vault : `${vault}.vault.azure.net`;
  return {
    ...item,
    ...(host !== null && key !== null ? { id: `https://${host}/keys/${key}/rotationpolicy` } : {}),
    attributes: { ...asObject(item.attributes), ...(item.expiryTime ? { expiryTime: item.expiryTime } : {}) },
    lifetimeActions: objects(item.lifetimeActions).map((each) => {
      if (typeof each.action !== 'string') return each;
      const { timeAfterCreate = null, timeBeforeExpiry = null } = each;
      return { action: { type: each.action }, trigger: { timeAfterCreate, timeBeforeExpiry } };
    }),
  };
}
