import type { WritableDb } from '../../db/handle.ts';
import type { LedgerWriter } from '../../db/ledger/writer.ts';
import { runs } from '../engagement/current.ts';
import { declare } from '../engagement/declarations.ts';
import { declaredViews } from '../engagement/declared-views.ts';
import type { Operator } from '../engagement/engagement.ts';
import { defaultMembers } from '../engagement/view.ts';
import { analyse } from './analyse.ts';
import { EngineError } from './error.ts';
import { namedRuns, viewOfRuns } from './snapshot-choice.ts';

/**
 * The snapshot that a name stands for, declared and analysed when it is a set of runs (`s1+s3`) that nobody read
 * together before. A name of one snapshot, and none, are given back as they are.
 *
 * @throws EngineError NO_SNAPSHOT for a run that is not there, OPEN_SNAPSHOT for one that was stopped before its end.
 */
export async function ensureView(
  { db, writer }: { db: WritableDb; writer: LedgerWriter },
  by: Operator,
  name: string | undefined,
): Promise<string | undefined> {
  const members = name === undefined ? [] : namedRuns(db, name);
  if (members.length < 2) return members[0] ?? name;
  const known = viewOfRuns(db, members);
  if (known !== undefined) return known;
  const open = runs(db).find((run) => members.includes(run.id) && run.close === null);
  if (open) {
    throw new EngineError(
      'OPEN_SNAPSHOT',
      `cannot read ${members.join(', ')} together: snapshot ${open.id} was stopped before its end. Run: keywitness collect --resume`,
    );
  }
  const id = await declareView(writer, by, members);
  analyse(db);
  return id;
}

/**
 * Declares the view that is shown unless somebody says otherwise, when there is more than one run to it and it was not
 * declared before. To be called when a run is closed, before the ledger's head is sealed.
 */
export async function declareDefaultView(writer: LedgerWriter, by: Operator): Promise<void> {
  const members = defaultMembers(writer.db);
  if (members.length < 2 || viewOfRuns(writer.db, members) !== undefined) return;
  await declareView(writer, by, members);
}

async function declareView(writer: LedgerWriter, by: Operator, members: readonly string[]): Promise<string> {
  const id = `v${declaredViews(writer.db).size + 1}`;
  await declare(writer, by, 'snapshot.view', id, { members: [...members] });
  return id;
}
