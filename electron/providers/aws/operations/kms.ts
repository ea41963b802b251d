import {
  DescribeCustomKeyStoresCommand,
  DescribeKeyCommand,
  GetKeyLastUsageCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms';
import type { Quota } from '../../../collect/operation.ts';
import { awsOperation, json } from '../operation.ts';

const published = (perSecond: number): Quota => ({
  perSecond,
  source: 'AWS KMS request quotas (default, adjustable)',
});
const assumed = (perSecond: number): Quota => ({
  perSecond,
  source: 'assumed: AWS publishes no quota for it',
});
const docs = (action: string) => `https://docs.aws.amazon.com/kms/latest/APIReference/API_${action}.html`;
const common = { service: 'kms', scopeKind: 'region' } as const;

/** Rotation calls on a key whose type cannot rotate: an answer, not a gap. */
const cannotRotate = [
  { code: 'UnsupportedOperationException', meaning: 'keys of this type have no automatic rotation' },
];

export const kms = {
  listKeys: awsOperation({
    ...common,
    command: ListKeysCommand,
    action: 'ListKeys',
    permissions: ['kms:ListKeys'],
    purpose: 'Which keys exist in the region: the population, listed at the start and again at the end.',
    answer: json('Keys'),
    quota: published(500),
    docs: docs('ListKeys'),
  }),
  listAliases: awsOperation({
    ...common,
    command: ListAliasesCommand,
    action: 'ListAliases',
    permissions: ['kms:ListAliases'],
    purpose: 'The names under which keys are used, and which AWS service a managed key belongs to.',
    answer: json('Aliases'),
    quota: published(500),
    docs: docs('ListAliases'),
  }),
  describeCustomKeyStores: awsOperation({
    ...common,
    command: DescribeCustomKeyStoresCommand,
    action: 'DescribeCustomKeyStores',
    permissions: ['kms:DescribeCustomKeyStores'],
    purpose: 'Where key material is held outside AWS KMS: CloudHSM clusters and external key stores.',
    answer: json('CustomKeyStores'),
    quota: published(5),
    docs: docs('DescribeCustomKeyStores'),
  }),
  describeKey: awsOperation({
    ...common,
    command: DescribeKeyCommand,
    action: 'DescribeKey',
    permissions: ['kms:DescribeKey'],
    purpose: 'State, type, origin, manager, creation, deletion and expiry dates of a key.',
    answer: json('KeyMetadata'),
    quota: published(2000),
    docs: docs('DescribeKey'),
  }),
  getKeyPolicy: awsOperation({
    ...common,
    command: GetKeyPolicyCommand,
    action: 'GetKeyPolicy',
    permissions: ['kms:GetKeyPolicy'],
    purpose: 'The key policy: who may administer, use and grant the key.',
    answer: json('Policy'),
    quota: published(1000),
    docs: docs('GetKeyPolicy'),
  }),
  listGrants: awsOperation({
    ...common,
    command: ListGrantsCommand,
    action: 'ListGrants',
    permissions: ['kms:ListGrants'],
    purpose: 'Rights on the key given by grants, with their constraints.',
    answer: json('Grants'),
    quota: published(100),
    docs: docs('ListGrants'),
  }),
  listResourceTags: awsOperation({
    ...common,
    command: ListResourceTagsCommand,
    action: 'ListResourceTags',
    permissions: ['kms:ListResourceTags'],
    purpose: 'Tags of the key: owner, system, data class, authorisation.',
    answer: json('Tags'),
    quota: published(2000),
    docs: docs('ListResourceTags'),
  }),
  getKeyLastUsage: awsOperation({
    ...common,
    command: GetKeyLastUsageCommand,
    action: 'GetKeyLastUsage',
    permissions: ['kms:GetKeyLastUsage'],
    purpose: 'The last cryptographic use of the key, with the id of the event that logged it.',
    answer: json(),
    quota: assumed(100),
    docs: docs('GetKeyLastUsage'),
  }),
  getKeyRotationStatus: awsOperation({
    ...common,
    command: GetKeyRotationStatusCommand,
    action: 'GetKeyRotationStatus',
    permissions: ['kms:GetKeyRotationStatus'],
    purpose: 'Whether automatic rotation is on, its period and its next date.',
    answer: json('KeyRotationEnabled'),
    quota: published(1000),
    notApplicable: cannotRotate,
    docs: docs('GetKeyRotationStatus'),
  }),
  listKeyRotations: awsOperation({
    ...common,
    command: ListKeyRotationsCommand,
    action: 'ListKeyRotations',
    permissions: ['kms:ListKeyRotations'],
    purpose: 'Every rotation that took place, automatic or on demand, and the key material in use.',
    answer: json('Rotations'),
    quota: assumed(100),
    notApplicable: cannotRotate,
    docs: docs('ListKeyRotations'),
  }),
};
