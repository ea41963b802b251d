import type { Declared } from '../engagement/declarations.ts';

type Roster = Declared<'people.roster'>;
type Person = Roster['people'][number];

/** Mailboxes and lists that several people read, by the words organisations name them with. */
const SHARED =
  /(^|[._\-\s+])(team|teams|group|dl|list|all|ops|devops|secops|sre|platform|support|helpdesk|service-?desk|info|admin|admins|administrators|security|infosec|it|engineering|developers|compliance|noreply|no-reply|office|shared|mailbox|contact|hostmaster|postmaster|root|oncall|on-call)([._\-\s+]|$)/i;

/** Whether a name is that of a shared mailbox or a group rather than of a person, by its words. */
export function looksShared(name: string): boolean {
  const [local = ''] = name.split('@');
  return SHARED.test(local);
}

/** Somebody on a list of people under this name or address; undefined when nobody is. Case, accents and order of names do not count. */
export function personNamed(roster: Pick<Roster, 'people'>, name: string): Person | undefined {
  const wanted = plain(name);
  return roster.people.find(
    (person) =>
      plain(person.name) === wanted ||
      (person.email !== null &&
        (plain(person.email) === wanted ||
          (!name.includes('@') && plain(person.email.split('@')[0]!) === wanted))),
  );
}

function plain(text: string): string {
  const words = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  if (words.includes('@')) return words.trim();
  return words
    .split(/[\s.,_-]+/)
    .filter((word) => word !== '')
    .sort()
    .join(' ');
}
