import { declare } from '../engagement/declarations.ts';
import type { Operator } from '../engagement/engagement.ts';
import { peopleRoster, systemsList } from '../engagement/records.ts';
import type { Work } from '../engine/with-engagement.ts';
import { attach, type GivenFile } from './attachments.ts';
import { purposesOf } from './derive-inventory.ts';
import { ReviewError } from './error.ts';
import { cellOf, dayOf, readTable } from './table-file.ts';

/**
 * Imports the list of people: columns name, email, kind (person or shared), from, to; `to` is somebody's last day.
 *
 * @param asOf the day the list is of, YYYY-MM-DD.
 * @throws ReviewError BAD_FILE
 */
export async function importPeople(
  { writer }: Work,
  by: Operator,
  file: GivenFile,
  asOf: string,
): Promise<{ people: number; left: number }> {
  const { rows } = await readTable(file);
  const people = rows.map(({ line, cells }) => {
    const where = `${file.name}, line ${line}`;
    const name = cellOf(cells, 'name', 'full_name', 'display_name') ?? cellOf(cells, 'email', 'mail');
    if (name === null)
      throw new ReviewError('BAD_FILE', `cannot read ${where}: it has no name. Give a column "name".`);
    const shared = /shared|group|team|mailbox|service/i.test(cellOf(cells, 'kind', 'type') ?? '');
    return {
      ...{
        name,
        email: cellOf(cells, 'email', 'mail'),
        kind: shared ? ('shared' as const) : ('person' as const),
      },
      from: dayOf(cellOf(cells, 'from', 'start', 'start_date', 'hired') ?? '', where),
      to: dayOf(cellOf(cells, 'to', 'end', 'end_date', 'left', 'last_day') ?? '', where),
    };
  });
  const { sha256 } = await attach(writer, 'people', file);
  const value = peopleRoster.parse({ attachment: sha256, asOf, people });
  await declare(writer, by, 'people.roster', '', value);
  return { people: people.length, left: people.filter((p) => p.to !== null && p.to < asOf).length };
}

/** Imports the list of systems and data that need encryption: columns system, owner, data_class, purpose. @throws ReviewError BAD_FILE */
export async function importSystems(
  { writer }: Work,
  by: Operator,
  file: GivenFile,
  asOf: string,
): Promise<{ systems: number }> {
  const { rows } = await readTable(file);
  const systems = rows.map(({ line, cells }) => {
    const name = cellOf(cells, 'system', 'name', 'application');
    if (name === null) {
      throw new ReviewError(
        'BAD_FILE',
        `cannot read ${file.name}, line ${line}: it names no system. Give a column "system".`,
      );
    }
    return {
      ...{ name, owner: cellOf(cells, 'owner'), dataClass: cellOf(cells, 'data_class', 'classification') },
      purposes: purposesOf(cellOf(cells, 'purpose', 'purposes') ?? ''),
    };
  });
  const { sha256 } = await attach(writer, 'systems', file);
  await declare(writer, by, 'systems.list', '', systemsList.parse({ attachment: sha256, asOf, systems }));
  return { systems: systems.length };
}
