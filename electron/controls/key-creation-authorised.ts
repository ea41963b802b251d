import type { KeyRow } from '../../db/derived/keys.ts';
import {
  both,
  evidenceRequired,
  exception,
  notApplicable,
  pass,
  undetermined,
  type Answer,
  type Control,
} from './control.ts';
import type { ControlContext } from './context.ts';
import { day, periodText } from './dates.ts';
import { policyText } from './policy-text.ts';
import { equivalent, makesKey } from './equivalents.ts';
import { tagOf } from './tags.ts';
import { notRead, testKeys } from './test-keys.ts';

const ID = 'key-creation-authorised';

/** Every key made in the period has a known creator and an authorisation. */
export const keyCreationAuthorised: Control = {
  id: ID,
  title: 'Keys created in the period were authorised',
  finding: 'ownership',
  criteria: ['CC6.1', 'CC6.3', 'CC8.1'],
  question: 'Who created the key, and under which authorisation?',
  method:
    'For each key whose creation date lies in the period, find the logged creation (AWS: CreateKey or ReplicateKey; Azure: KeyCreate or KeyImport; Vault: a write to <mount>/keys/<name> or its import) for the creator, and the authorisation tag that the policy parameters name. Transit keys of Vault carry no tags: their authorisation is evidence to be given.',
  permissions: [
    'kms:DescribeKey',
    'kms:ListResourceTags',
    'cloudtrail:LookupEvents',
    'Microsoft.KeyVault/vaults/keys/read',
    '<mount>/keys/+ [read]',
  ],
  remediation:
    'Provide the change ticket of the creation and record it in a tag of the key where the provider has tags.',
  standards: [],
  appliesTo: 'customer managed keys created in the period',
  test: (context) => testKeys(context, ID, (key) => both(answer(context, key))),
};

function answer(context: ControlContext, key: KeyRow): Answer {
  const { period, parameters } = context.engagement;
  const cites = key.seq === null ? [] : [key.seq];
  if (key.created === null) return undetermined('When the key was created is not in the answer.', cites);
  if (key.created < period.from || key.created >= period.to) {
    return notApplicable(
      `The key was created on ${day(key.created)}, not in the period ${periodText(period)}.`,
      cites,
    );
  }
  const created = context.changes(key.id).find((c) => makesKey(key.provider, c.event));
  const creator = created
    ? `Created on ${day(key.created)} by ${created.actor ?? 'somebody the event does not name'}`
    : `Created on ${day(key.created)}; no logged event names the creator`;
  if (created) cites.push(created.seq);
  const noTags = equivalent(key.provider, 'ListResourceTags');
  if ('none' in noTags) {
    return evidenceRequired(
      `${creator}. ${noTags.none} The authorisation of its creation is required as evidence.`,
      cites,
    );
  }
  const names = parameters.authorisationTags.value;
  const ticket = tagOf(context, key, names);
  if (ticket) {
    const sentence = `${creator}; authorisation ${ticket.value} (tag ${ticket.name}).`;
    return created ? pass(sentence, [...cites, ticket.seq]) : undetermined(sentence, [...cites, ticket.seq]);
  }
  const tags = context.asked(key.id, 'ListResourceTags');
  if (tags.status !== 'ok') {
    const open = notRead(tags, `${creator}; its authorisation tag could not be read`);
    return { ...open, cites: [...cites, ...open.cites] };
  }
  return exception(
    `${creator}; no authorisation is on record (tags ${names.join(', ')}; ${policyText(parameters.authorisationTags)}).`,
    [...cites, ...(tags.seq === null ? [] : [tags.seq])],
  );
}
