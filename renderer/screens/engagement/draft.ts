import type { Engagement } from '../../../electron/engagement/engagement.ts';
import type { PolicyParameters } from '../../../electron/engagement/parameters.ts';
import { namesIn } from '../../records/name-list.ts';
import { periodFault, presetDays, storedDays, storedPeriod, type Days } from './period.ts';

/** An engagement while it is filled in. */
export interface Draft {
  client: string;
  mode: Engagement['mode'];
  type: Engagement['type'];
  criteria: string[];
  days: Days;
  parameters: PolicyParameters;
}

export function newDraft(parameters: PolicyParameters, now: Date): Draft {
  return {
    client: '',
    mode: 'management',
    type: 2,
    criteria: ['CC6.1', 'CC6.3', 'CC7.2'],
    days: presetDays('last-12-months', now),
    parameters,
  };
}

export function draftOf(engagement: Engagement): Draft {
  const { client, mode, type, criteria, period, parameters } = engagement;
  return { client, mode, type, criteria, days: storedDays(period), parameters };
}

/** What the engine is given. */
export function engagementOf(draft: Draft): Omit<Engagement, 'sample'> {
  const { client, mode, type, criteria, days, parameters } = draft;
  return { client: client.trim(), mode, type, criteria, period: storedPeriod(days), parameters };
}

/** Faults by field; none when it can be saved. */
export function draftFaults(draft: Draft): { client?: string; criteria?: string; days?: string } {
  const days = periodFault(draft.days);
  return {
    ...(draft.client.trim() === '' ? { client: 'Name the client: the pack prints it on every page.' } : {}),
    ...(draft.criteria.length === 0 ? { criteria: 'Choose at least one criterion.' } : {}),
    ...(days === null ? {} : { days }),
  };
}

/** Criteria of the trust services categories that key management is audited under. */
export const CRITERIA: readonly { id: string; about: string }[] = [
  { id: 'CC6.1', about: 'Logical access security, and the protection of encryption keys' },
  { id: 'CC6.2', about: 'Registration and authorisation of users' },
  { id: 'CC6.3', about: 'Access by role, least privilege, segregation of duties' },
  { id: 'CC6.6', about: 'Protection against threats from outside the boundary' },
  { id: 'CC6.7', about: 'Protection of information in transmission and removal' },
  { id: 'CC7.1', about: 'Detection of changes to configurations' },
  { id: 'CC7.2', about: 'Monitoring for anomalies' },
  { id: 'CC8.1', about: 'Authorisation of changes' },
];

type ParameterName = keyof PolicyParameters;

/** The parameters in the order of the client's policy, with what each means. */
export const PARAMETERS: readonly {
  name: ParameterName;
  label: string;
  hint: string;
  kind: 'days' | 'list';
}[] = [
  {
    name: 'rotationDays',
    label: 'Longest time between rotations, days',
    hint: 'SOC 2 sets no interval: this is the client’s own. A policy weaker than annual is flagged separately.',
    kind: 'days',
  },
  {
    name: 'approvedAlgorithms',
    label: 'Approved key types',
    hint: 'As the providers name them.',
    kind: 'list',
  },
  {
    name: 'approvedKeyManagement',
    label: 'Approved key management systems',
    hint: 'aws, azure, vault',
    kind: 'list',
  },
  {
    name: 'approvedAccounts',
    label: 'Approved accounts',
    hint: 'Accounts, subscriptions or clusters that may hold rights on keys besides the key’s own.',
    kind: 'list',
  },
  {
    name: 'approvedLogDestinations',
    label: 'Approved log destinations',
    hint: 'Buckets, log groups or workspaces that logs of key use must reach.',
    kind: 'list',
  },
  {
    name: 'logRetentionDays',
    label: 'Retention of logs, days',
    hint: 'How long logs of key use must be kept.',
    kind: 'days',
  },
  {
    name: 'ownerTags',
    label: 'Tags that name the owner',
    hint: 'The first that a key has counts.',
    kind: 'list',
  },
  {
    name: 'authorisationTags',
    label: 'Tags that name the change ticket',
    hint: 'Authorisation of a key’s creation.',
    kind: 'list',
  },
  {
    name: 'justificationTags',
    label: 'Tags that justify imported material',
    hint: 'For key material that is imported or held outside.',
    kind: 'list',
  },
  { name: 'systemTags', label: 'Tags that name the system', hint: 'What the key protects.', kind: 'list' },
  { name: 'dataClassTags', label: 'Tags that name the class of data', hint: '', kind: 'list' },
];

/** The parameters with one changed, as text from a form; what cannot be read leaves them as they are. */
export function withParameter(
  parameters: PolicyParameters,
  name: ParameterName,
  change: { text?: string; clause?: string },
): PolicyParameters {
  const old = parameters[name];
  const clause =
    change.clause === undefined ? old.clause : change.clause.trim() === '' ? null : change.clause;
  let value = old.value;
  if (change.text !== undefined) {
    if (typeof old.value === 'number') {
      const days = Number(change.text);
      value = Number.isInteger(days) && days >= 1 ? days : old.value;
    } else {
      value = namesIn(change.text);
    }
  }
  return { ...parameters, [name]: { value, clause } };
}
