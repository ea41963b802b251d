import type { KeyRow } from '../../db/derived/keys.ts';
import { looksShared, personNamed } from '../review/people.ts';
import {
  both,
  evidenceRequired,
  exception,
  notApplicable,
  pass,
  type Answers,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { day, periodText } from './dates.ts';
import { inventory, originsOf, recordOf } from './records.ts';
import { testKeys } from './test-keys.ts';

const ID = 'owner-current';

/** The owner on record is a person who is there. */
export const ownerCurrent: Control = {
  id: ID,
  title: 'The owner of a key is a current person',
  finding: 'ownership',
  criteria: ['CC6.1', 'CC6.3'],
  question: 'Is the owner on record a person, and does this person still work for the client?',
  method:
    'Compare the owner on record with the list of people that the client gave, by name or address. A shared mailbox is not a person: it is recognised by the list, or by its words.',
  permissions: ['kms:ListResourceTags', 'Microsoft.KeyVault/vaults/keys/read'],
  remediation: 'Name a person who is answerable for the key as owner, and a deputy.',
  standards: [],
  appliesTo: 'customer managed keys with an owner on record',
  test: (context) => testKeys(context, ID, (key) => test(context, key)),
};

function test(context: ControlContext, key: KeyRow): Answers {
  const row = inventory(context).get(key.id);
  if (!row?.owner) return both(notApplicable('No owner is on record; see owner-documented.'));
  const cites = originsOf(row);
  const roster = recordOf(context, 'people.roster');
  if (!roster) {
    if (looksShared(row.owner)) {
      return both(
        exception(`The owner on record, ${row.owner}, is a shared mailbox or a group by its name.`, cites),
      );
    }
    return both(
      evidenceRequired(
        `The owner on record is ${row.owner}; a list of people is required to say whether this is a current person.`,
        cites,
      ),
    );
  }
  cites.push(roster.seq);
  const list = `the list of people of ${roster.value.asOf}`;
  const person = personNamed(roster.value, row.owner);
  if (person?.kind === 'shared' || (!person && looksShared(row.owner))) {
    return both(
      exception(
        `The owner on record, ${row.owner}, is a shared mailbox or a group${person ? ` (${list})` : ' by its name'}.`,
        cites,
      ),
    );
  }
  if (!person) return both(exception(`The owner on record, ${row.owner}, is not on ${list}.`, cites));
  const { period } = context.engagement;
  const left = person.to;
  const gone = (by: string) => left !== null && left < day(by);
  const collection = gone(context.collectedAt)
    ? exception(`The owner on record, ${row.owner}, left on ${left!} (${list}).`, cites)
    : pass(`The owner on record, ${row.owner}, is a current person (${list}).`, cites);
  if (gone(period.to)) {
    return {
      collection,
      period: exception(
        `The owner on record, ${row.owner}, left on ${left!}, before the end of the period (${list}).`,
        cites,
      ),
    };
  }
  const whole =
    person.from !== null &&
    person.from <= day(period.from) &&
    roster.value.asOf >= day(new Date(Date.parse(period.to) - 1).toISOString());
  return {
    collection,
    period: whole
      ? pass(
          `The owner on record, ${row.owner}, worked for the client all through ${periodText(period)} (${list}).`,
          cites,
        )
      : evidenceRequired(
          `The ${list.slice(4)} does not show whether ${row.owner} worked for the client all through ${periodText(period)}; a list with starting days, of the end of the period or later, is required.`,
          cites,
        ),
  };
}
