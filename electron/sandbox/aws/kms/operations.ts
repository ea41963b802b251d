import type { SandboxKey } from '../../company/types.ts';
import { AwsError } from '../../server/aws-error.ts';
import {
  allow,
  optionalSeconds,
  optionalText,
  pageOf,
  pageSize,
  requiredText,
  seconds,
  type Call,
  type JsonInput,
  type JsonOperation,
  type PageLimits,
} from '../call.ts';
import { findKey, ownAccount, permit } from './find-key.ts';
import { keyMetadata, rotationEntry } from './describe.ts';

const MINUTE_MS = 60_000;
const LIMIT_1000: PageLimits = { min: 1, max: 1000, usual: 100 };
const LIMIT_100: PageLimits = { min: 1, max: 100, usual: 50 };
const LIMIT_50: PageLimits = { min: 1, max: 50, usual: 50 };

/** The read operations of KMS (Target prefix TrentService). Names, limits and errors as in the KMS API reference. */
export const kmsOperations: Record<string, JsonOperation> = {
  ListKeys(call, input) {
    allow(call, 'kms:ListKeys');
    const { page, ...more } = listed(
      call,
      input,
      'ListKeys',
      call.keys.shelf(call.caller.accountId, call.region).keys,
      LIMIT_1000,
    );
    return { Keys: page.map((key) => ({ KeyId: key.keyId, KeyArn: key.arn })), ...more };
  },

  ListAliases(call, input) {
    allow(call, 'kms:ListAliases');
    const shelf = call.keys.shelf(call.caller.accountId, call.region);
    const keyId = optionalText(input, 'KeyId');
    const key = keyId === undefined ? undefined : findKey(call, keyId, false);
    const aliases = key ? shelf.aliases.filter((alias) => alias.key === key) : shelf.aliases;
    const { page, ...more } = listed(call, input, `ListAliases ${key?.keyId ?? ''}`, aliases, LIMIT_100);
    return {
      Aliases: page.map((alias) => ({
        AliasName: alias.name,
        AliasArn: alias.arn,
        ...(alias.key
          ? {
              TargetKeyId: alias.key.keyId,
              CreationDate: seconds(alias.key.createdAt + MINUTE_MS),
              LastUpdatedDate: seconds(alias.key.createdAt + MINUTE_MS),
            }
          : {}),
      })),
      ...more,
    };
  },

  DescribeKey(call, input) {
    const key = findKey(call, requiredText(input, 'KeyId'), true);
    permit(call, 'DescribeKey', key);
    return { KeyMetadata: keyMetadata(key) };
  },

  GetKeyRotationStatus(call, input) {
    const key = findKey(call, requiredText(input, 'KeyId'), false);
    permit(call, 'GetKeyRotationStatus', key);
    if (!key.rotation) throw unsupported(key);
    return {
      KeyRotationEnabled: key.rotation.enabled,
      KeyId: key.arn,
      ...(key.rotation.enabled
        ? {
            RotationPeriodInDays: key.rotation.periodDays,
            ...optionalSeconds('NextRotationDate', key.rotation.nextAt),
          }
        : {}),
    };
  },

  ListKeyRotations(call, input) {
    const key = findKey(call, requiredText(input, 'KeyId'), false);
    ownAccount(call, key);
    permit(call, 'ListKeyRotations', key);
    if (key.spec !== 'SYMMETRIC_DEFAULT' || key.customKeyStoreId !== undefined) throw unsupported(key);
    const wanted = optionalText(input, 'IncludeKeyMaterial') ?? 'ROTATIONS_ONLY';
    if (wanted !== 'ALL_KEY_MATERIAL' && wanted !== 'ROTATIONS_ONLY')
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value '${wanted}' at 'includeKeyMaterial' failed to satisfy constraint: Member must satisfy enum value set: [ALL_KEY_MATERIAL, ROTATIONS_ONLY]`,
      );
    const materials =
      wanted === 'ALL_KEY_MATERIAL'
        ? key.materials
        : key.materials.filter((material) => material.rotatedAt !== undefined);
    const { page, ...more } = listed(
      call,
      input,
      `ListKeyRotations ${key.keyId} ${wanted}`,
      materials.toReversed(),
      LIMIT_1000,
    );
    return { Rotations: page.map((material) => rotationEntry(key, material)), ...more };
  },

  GetKeyPolicy(call, input) {
    const key = findKey(call, requiredText(input, 'KeyId'), false);
    ownAccount(call, key);
    permit(call, 'GetKeyPolicy', key);
    const name = optionalText(input, 'PolicyName') ?? 'default';
    if (name !== 'default') throw new AwsError('NotFoundException', 'No such policy exists');
    return { Policy: key.policy, PolicyName: 'default' };
  },

  ListKeyPolicies(call, input) {
    const key = findKey(call, requiredText(input, 'KeyId'), false);
    ownAccount(call, key);
    permit(call, 'ListKeyPolicies', key);
    pageSize(input.Limit, 'Limit', LIMIT_1000);
    return { PolicyNames: ['default'], Truncated: false };
  },

  ListGrants(call, input) {
    const key = findKey(call, requiredText(input, 'KeyId'), false);
    permit(call, 'ListGrants', key);
    const only = {
      id: optionalText(input, 'GrantId'),
      grantee: optionalText(input, 'GranteePrincipal'),
      service: optionalText(input, 'GranteeServicePrincipal'),
    };
    const grants = key.grants
      .filter((grant) => grant.endedAt === undefined)
      .filter(
        (grant) =>
          (only.id ?? grant.id) === grant.id &&
          (only.grantee ?? grant.granteePrincipal) === grant.granteePrincipal &&
          (only.service ?? grant.granteeServicePrincipal) === grant.granteeServicePrincipal,
      )
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const { page, ...more } = listed(
      call,
      input,
      `ListGrants ${key.keyId} ${JSON.stringify(only)}`,
      grants,
      LIMIT_100,
    );
    return {
      Grants: page.map((grant) => ({
        KeyId: key.arn,
        GrantId: grant.id,
        ...(grant.name === undefined ? {} : { Name: grant.name }),
        CreationDate: seconds(grant.createdAt),
        GranteePrincipal: grant.granteePrincipal,
        ...(grant.retiringPrincipal === undefined ? {} : { RetiringPrincipal: grant.retiringPrincipal }),
        IssuingAccount: grant.issuingAccount,
        Operations: grant.operations,
        ...(grant.constraints === undefined ? {} : { Constraints: grant.constraints }),
        ...(grant.granteeServicePrincipal === undefined
          ? {}
          : {
              GranteeServicePrincipal: grant.granteeServicePrincipal,
              RetiringServicePrincipal: grant.granteeServicePrincipal,
            }),
      })),
      ...more,
    };
  },

  ListResourceTags(call, input) {
    const key = findKey(call, requiredText(input, 'KeyId'), false);
    ownAccount(call, key);
    permit(call, 'ListResourceTags', key);
    const tags = Object.entries(key.tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
    const { page, ...more } = listed(call, input, `ListResourceTags ${key.keyId}`, tags, LIMIT_50);
    return { Tags: page, ...more };
  },

  GetKeyLastUsage(call, input) {
    const key = findKey(call, requiredText(input, 'KeyId'), false);
    ownAccount(call, key);
    permit(call, 'GetKeyLastUsage', key);
    const tracked = Math.max(key.createdAt, call.company.usageTrackingStart);
    const use = key.lastUse && key.lastUse.at >= tracked ? key.lastUse : undefined;
    return {
      KeyId: key.keyId,
      KeyLastUsage: use
        ? {
            Operation: use.operation,
            Timestamp: seconds(use.at),
            CloudTrailEventId: use.eventId,
            KmsRequestId: use.requestId,
          }
        : {},
      TrackingStartDate: seconds(tracked),
      KeyCreationDate: seconds(key.createdAt),
    };
  },

  DescribeCustomKeyStores(call, input) {
    allow(call, 'kms:DescribeCustomKeyStores');
    const id = optionalText(input, 'CustomKeyStoreId');
    const name = optionalText(input, 'CustomKeyStoreName');
    const stores = call.company.customKeyStores.filter(
      (store) =>
        store.accountId === call.caller.accountId &&
        store.region === call.region &&
        (id ?? store.id) === store.id &&
        (name ?? store.name) === store.name,
    );
    if (stores.length === 0 && (id !== undefined || name !== undefined))
      throw new AwsError('CustomKeyStoreNotFoundException', `Custom key store ${id ?? name} does not exist`);
    const { page, ...more } = listed(call, input, 'DescribeCustomKeyStores', stores, LIMIT_1000);
    return {
      CustomKeyStores: page.map((store) => ({
        CustomKeyStoreId: store.id,
        CustomKeyStoreName: store.name,
        ...(store.cloudHsmClusterId === undefined ? {} : { CloudHsmClusterId: store.cloudHsmClusterId }),
        ConnectionState: store.connectionState,
        ...(store.connectionErrorCode === undefined
          ? {}
          : { ConnectionErrorCode: store.connectionErrorCode }),
        CreationDate: seconds(store.createdAt),
        CustomKeyStoreType: store.type,
        ...(store.xksProxy === undefined
          ? {}
          : {
              XksProxyConfiguration: {
                Connectivity: store.xksProxy.connectivity,
                AccessKeyId: store.xksProxy.accessKeyId,
                UriEndpoint: store.xksProxy.uriEndpoint,
                UriPath: store.xksProxy.uriPath,
              },
            }),
      })),
      ...more,
    };
  },
};

function listed<T>(
  call: Call,
  input: JsonInput,
  list: string,
  items: readonly T[],
  limits: PageLimits,
): { page: T[]; Truncated: boolean; NextMarker?: string } {
  const size = pageSize(input.Limit, 'Limit', limits);
  const name = `kms ${call.caller.accountId} ${call.region} ${list}`;
  const { page, next } = pageOf(
    items,
    size,
    optionalText(input, 'Marker'),
    name,
    () => new AwsError('InvalidMarkerException', 'Could not deserialize marker'),
  );
  return { page, ...(next === undefined ? {} : { NextMarker: next }), Truncated: next !== undefined };
}

const unsupported = (key: SandboxKey): AwsError =>
  new AwsError(
    'UnsupportedOperationException',
    `${key.arn} key spec ${key.spec}, key usage ${key.usage} or origin ${key.origin} is not valid for this operation.`,
  );
