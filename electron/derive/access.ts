import { inserter } from '../../db/derived/write.ts';
import { textId } from '../../db/derived/text-id.ts';
import type { WritableDb } from '../../db/handle.ts';
import type { FactDraft } from './access-facts-of.ts';
import { conditionsText, viaText, whoText } from './access-words.ts';
import type { EvaluatedAccess, SharedPath } from './derivation.ts';

/**
 * Writes who may reach the keys of a snapshot: the access matrix and the facts that tests judge.
 *
 * @param evaluate one evaluation for each provider, run one after the other; null when it has no keys.
 */
export function deriveAccess(
  db: WritableDb,
  snapshot: string,
  evaluate: readonly (() => EvaluatedAccess | null)[],
): void {
  const facts = factWriter(db, snapshot);
  const rights = rightWriter(db, snapshot);
  let evaluated = false;
  for (const each of evaluate) {
    const access = each();
    if (access === null) continue;
    if (!evaluated) facts(EVALUATED);
    evaluated = true;
    for (const fact of access.facts()) facts(fact);
    writePaths(db, snapshot, access, rights, facts);
  }
}

const EVALUATED: FactDraft = {
  ...{ kind: 'evaluated', subject: '', who: '', how: '' },
  ...{ condition: null, certainty: 'allowed', account: null },
};

function factWriter(db: WritableDb, snapshot: string): (fact: FactDraft) => void {
  const insert = inserter(db, 'access_fact', [
    ...(['snapshot', 'kind', 'subject', 'n', 'who', 'how', 'condition', 'certainty', 'account'] as const),
  ]);
  const next = new Map<string, number>();
  return (fact) => {
    const key = `${fact.kind}\n${fact.subject}`;
    const n = next.get(key) ?? 0;
    next.set(key, n + 1);
    insert({ snapshot, n, ...fact });
  };
}

function writePaths(
  db: WritableDb,
  snapshot: string,
  { chunks, cites }: EvaluatedAccess,
  rightOf: (path: SharedPath) => number,
  addFact: (fact: FactDraft) => void,
): void {
  const ofKey = inserter(db, 'access_right_of_key', ['snapshot', 'key', 'n', 'path']);
  const evidence = inserter(db, 'access_evidence', ['snapshot', 'key', 'cites']);
  let key = '';
  let n = 0;
  let held: SharedPath[] = [];
  const finish = (): void => {
    for (const fact of holderFacts(key, held)) addFact(fact);
    held = [];
  };
  for (const chunk of chunks()) {
    if (chunk.key !== key) {
      finish();
      key = chunk.key;
      n = 0;
      evidence({ snapshot, key, cites: JSON.stringify(cites.get(key) ?? []) });
    }
    for (const path of chunk.paths) {
      ofKey({ snapshot, key, n, path: rightOf(path) });
      n += 1;
      held.push(path);
    }
  }
  finish();
}

/** Writes a path the first time it is met, and gives its id: a number made from its own text. */
function rightWriter(db: WritableDb, snapshot: string): (path: SharedPath) => number {
  const insert = inserter(db, 'access_right', [
    ...([
      'snapshot',
      'id',
      'principal',
      'principal_kind',
      'kind_reason',
      'access',
      'use_kind',
      'via',
    ] as const),
    ...(['actions', 'conditions', 'certainty', 'detail', 'steps'] as const),
  ]);
  const known = new WeakMap<SharedPath, number>();
  const texts = new Map<number, string>();
  return (path) => {
    const met = known.get(path);
    if (met !== undefined) return met;
    const { principal, right, actions, via, conditions, certainty, notEvaluated } = path;
    const text = JSON.stringify([principal, right, actions, via, conditions, certainty, notEvaluated]);
    const id = textId(text);
    known.set(path, id);
    const other = texts.get(id);
    if (other !== undefined && other !== text) {
      throw new Error('cannot index an access path: its number is taken by another. Please report this.');
    }
    if (other === undefined) {
      texts.set(id, text);
      insert({
        ...{ snapshot, id, principal: principal.arn ?? principal.id, principal_kind: principal.kind },
        ...{ kind_reason: principal.kindReason, access: right.class, use_kind: right.use ?? null },
        ...{ via: viaText(via), actions: JSON.stringify(actions), conditions: conditionsText(conditions) },
        certainty,
        detail: notEvaluated.length === 0 ? null : notEvaluated.join('; '),
        steps: JSON.stringify({ via, conditions }),
      });
    }
    return id;
  };
}

/** People who use a key, and whoever both administers and uses it. */
function* holderFacts(key: string, paths: readonly SharedPath[]): Generator<FactDraft> {
  const holders = Map.groupBy(paths, (path) => path.principal.id);
  for (const held of holders.values()) {
    const { principal } = held[0]!;
    const who = whoText(principal);
    const use = strongest(held.filter((path) => path.right.class === 'use'));
    const administer = strongest(held.filter((path) => path.right.class === 'administer'));
    if (use && principal.kind === 'human') {
      yield { kind: 'human-with-use', subject: key, who, account: null, ...how(use) };
    }
    // The account's root user administers and uses every key by design: that keeps keys manageable.
    // Whoever comes through a role's trust holds what the role holds, and the role is named itself.
    const itself = principal.kind === 'human' || held.some((path) => !throughTrust(path));
    if (use && administer && itself && principal.form !== 'account-root') {
      const weaker =
        CERTAINTIES.indexOf(use.certainty) > CERTAINTIES.indexOf(administer.certainty) ? use : administer;
      const through = use === administer || viaText(use.via) === viaText(administer.via);
      yield {
        kind: 'administrator-who-uses',
        subject: key,
        who,
        account: null,
        how: through
          ? viaText(use.via)
          : `${viaText(administer.via)} (administers) and ${viaText(use.via)} (uses)`,
        condition: conditionsText(weaker.conditions),
        certainty: weaker.certainty,
      };
    }
  }
}

function throughTrust(path: SharedPath): boolean {
  return path.via.some((step) => step.type === 'role-trust');
}

const CERTAINTIES = ['allowed', 'conditional', 'unknown'];

function strongest(paths: readonly SharedPath[]): SharedPath | undefined {
  return CERTAINTIES.map((certainty) => paths.find((path) => path.certainty === certainty)).find(Boolean);
}

function how(path: SharedPath): Pick<FactDraft, 'how' | 'condition' | 'certainty'> {
  return {
    how: viaText(path.via),
    condition: conditionsText(path.conditions),
    certainty: path.certainty,
  };
}
