import type { KeyRow } from '../../db/derived/keys.ts';
import type { AccessFact, AccessFacts } from './access-facts.ts';
import {
  both,
  exception,
  notApplicable,
  pass,
  undetermined,
  type Answer,
  type Answers,
  type Result,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { ACTIVITY_LOG, vaultAt } from './azure-vaults.ts';
import { count } from './dates.ts';
import { notRead, testKeys } from './test-keys.ts';
import { throughout } from './throughout.ts';

/** One question about access to keys, answered from evaluated access. */
export interface AccessTest {
  id: string;
  /** Where the facts are. */
  facts: (access: AccessFacts, key: KeyRow, context: ControlContext) => readonly AccessFact[];
  /** What the answer rests on. */
  needs: readonly ('GetKeyPolicy' | 'ListGrants' | 'iam')[];
  /** The sentence of an exception, before who and how: "Anyone can use this key". */
  finding: string;
  /** The sentence when there is none: "no statement lets anyone in". */
  none: string;
}

/** IAM is a global service: its changes are logged in this Region (AWS commercial partition). */
export const IAM_REGION = 'us-east-1';

/** Puts a question about access to every key of the inventory. */
export function testAccess(context: ControlContext, test: AccessTest): Generator<Result> {
  return testKeys(context, test.id, (key) => accessAnswers(context, test, key));
}

/** Both answers to a question about access to one key. */
export function accessAnswers(context: ControlContext, test: AccessTest, key: KeyRow): Answers {
  const absent = test.needs.map((need) => (need === 'iam' ? null : context.asked(key.id, need)));
  if (absent.every((row) => row?.status === 'not-applicable')) {
    return both(notApplicable(absent[0]!.message ?? '', key.seq === null ? [] : [key.seq]));
  }
  const now = answerNow(context, test, key);
  const settings = [
    ...(test.needs.includes('GetKeyPolicy') ? ['policy'] : []),
    ...(test.needs.includes('ListGrants') ? ['grants'] : []),
  ];
  return {
    collection: now,
    period: throughout(context, {
      subject: key.id,
      account: key.account,
      region: key.region,
      settings,
      ...(test.needs.includes('iam')
        ? {
            also: [
              { subject: key.account, settings: ['iam'], region: iamRegion(key) },
              ...vaultOf(context, key),
            ],
          }
        : {}),
      created: key.created,
      now,
      what: test.none,
    }),
  };
}

function answerNow(context: ControlContext, test: AccessTest, key: KeyRow): Answer {
  const { access } = context;
  const cites = key.seq === null ? [] : [key.seq];
  if (!access.available) return undetermined('Access to this key was not evaluated.', cites);
  const missing: Answer[] = [];
  for (const need of test.needs) {
    if (need === 'iam') {
      const why = access.iamMissing.get(key.account);
      if (why !== undefined) missing.push(undetermined(`${identitiesOf(key)} was not read: ${why}.`, []));
      cites.push(...context.iam(key.account));
      continue;
    }
    const asked = context.asked(key.id, need);
    const what =
      need === 'GetKeyPolicy' ? 'The key policy could not be read' : 'The grants could not be read';
    if (asked.status === 'not-applicable') continue;
    if (asked.status !== 'ok') missing.push(notRead(asked, what));
    else if (asked.seq !== null) cites.push(asked.seq);
  }
  const facts = test.facts(access, key, context);
  const certain = facts.filter((fact) => fact.certainty !== 'unknown');
  if (certain.length > 0) return exception(`${test.finding}: ${factsText(certain)}.`, cites);
  const [first] = missing;
  if (first) return { ...first, cites: [...cites, ...first.cites] };
  if (facts.length > 0) {
    return undetermined(
      `${test.finding}, unless a document that could not be read refuses it: ${factsText(facts)}.`,
      cites,
    );
  }
  return pass(`At collection ${test.none}.`, cites);
}

/** Where changes of policies and identities are logged: IAM's in one Region, others' where the key is. */
function iamRegion(key: KeyRow): string {
  if (key.provider === 'azure') return ACTIVITY_LOG;
  return key.provider === 'aws' ? IAM_REGION : key.region;
}

/** In Azure the vault decides who reaches its keys: its own changes count. */
function vaultOf(context: ControlContext, key: KeyRow) {
  const vault = key.provider === 'azure' ? vaultAt(context, key.account, key.region) : undefined;
  return vault ? [{ subject: vault.id, settings: ['policy', 'vault', 'roles'], region: ACTIVITY_LOG }] : [];
}

function identitiesOf({ provider, account }: KeyRow): string {
  if (provider === 'azure') return `Roles of subscription ${account}`;
  return provider === 'aws'
    ? `IAM of account ${account}`
    : `Part of the policies and identities of ${account}`;
}

const SHOWN = 5;

/** Who and how, the first few; the access matrix has the rest. */
export function factsText(facts: readonly AccessFact[]): string {
  const shown = facts
    .slice(0, SHOWN)
    .map(
      (fact) => `${fact.who} through ${fact.how}${fact.condition === null ? '' : ` while ${fact.condition}`}`,
    );
  const more = facts.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${count(more, 'more', 'more')} (see the access matrix)` : ''}`;
}
