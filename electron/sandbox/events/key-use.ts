import type { Company, Instant, KeyMaterial, KeyUse, SandboxKey } from '../company/types.ts';
import { callerOf, type Caller } from './caller.ts';
import { deedOf, type Deed } from './deed.ts';

/**
 * KMS operations as CloudTrail logs them (KMS developer guide, "CloudTrail log entries for AWS KMS"): which request
 * parameters appear, and which key material is named. Ciphertext, plaintext, messages and signatures never are.
 */
export function useDeed(key: SandboxKey, use: KeyUse, callers: CallerCache): Deed {
  const caller = callers.of(use.actor, key.accountId, use.via);
  return deedOf({
    eventSource: 'kms.amazonaws.com',
    eventName: use.operation,
    region: key.region,
    accountId: key.accountId,
    readOnly: true,
    caller,
    requestParameters: useParameters(key, use),
    ...(key.materials.length > 0 ? { additionalEventData: materialData(key) } : {}),
    resources: [{ accountId: key.accountId, type: 'AWS::KMS::Key', arn: key.arn }],
    host: `kms.${key.region}.amazonaws.com`,
  });
}

/** Callers are shared by everything that the same actor does by the same way. */
export interface CallerCache {
  of(actor: KeyUse['actor'], receivingAccount: string, via?: string): Caller;
}

export function callerCache(): CallerCache {
  const known = new Map<string, Caller>();
  return {
    of(actor, receivingAccount, via) {
      const id = `${actor.kind} ${actor.arn ?? actor.invokedBy ?? actor.accountId} ${actor.sessionName ?? ''} ${receivingAccount} ${via ?? ''}`;
      let caller = known.get(id);
      if (!caller) known.set(id, (caller = callerOf(actor, receivingAccount, via)));
      return caller;
    },
  };
}

/** From when to when ordinary uses of this key happen: the recorded last use must stay the last one. */
export function useWindow(key: SandboxKey): { from: Instant; to: Instant } {
  return {
    from: key.usedFrom,
    to: key.lastUse === undefined ? key.usedTo : Math.min(key.usedTo, key.lastUse.at),
  };
}

/** The ARN, or for AWS managed keys the alias, which is what services pass. */
const keyIdText = (key: SandboxKey): string =>
  key.manager === 'AWS' ? (key.aliases[0] ?? key.arn) : key.arn;

function useParameters(key: SandboxKey, use: KeyUse): Record<string, unknown> {
  const context = use.encryptionContext ?? serviceContext(key, use.via);
  const encryptionContext = context === undefined ? {} : { encryptionContext: context };
  const keyId = keyIdText(key);
  switch (use.operation) {
    case 'Decrypt':
      return {
        encryptionAlgorithm: encryptionAlgorithm(key),
        ...(use.via === undefined ? { keyId: key.arn } : {}),
        ...encryptionContext,
      };
    case 'Encrypt':
      return { keyId, encryptionAlgorithm: encryptionAlgorithm(key), ...encryptionContext };
    case 'GenerateDataKey':
    case 'GenerateDataKeyWithoutPlaintext':
      return { keyId, ...encryptionContext, keySpec: 'AES_256' };
    case 'Sign':
    case 'Verify':
      return { keyId, messageType: 'DIGEST', signingAlgorithm: signingAlgorithm(key) };
    case 'GenerateMac':
    case 'VerifyMac':
      return { keyId, macAlgorithm: key.spec.replace('HMAC_', 'HMAC_SHA_') };
    default:
      return { keyId };
  }
}

const encryptionAlgorithm = (key: SandboxKey): string =>
  key.spec.startsWith('RSA') ? 'RSAES_OAEP_SHA_256' : 'SYMMETRIC_DEFAULT';

function signingAlgorithm(key: SandboxKey): string {
  if (key.spec.startsWith('RSA')) return 'RSASSA_PSS_SHA_256';
  return key.spec === 'ECC_NIST_P384' ? 'ECDSA_SHA_384' : 'ECDSA_SHA_256';
}

/** The encryption context that integrated services always send. */
function serviceContext(key: SandboxKey, via?: string): Record<string, string> | undefined {
  const slug = key.keyId.slice(-6);
  const arn = (service: string, resource: string): string =>
    `arn:aws:${service}:${key.region}:${key.accountId}:${resource}`;
  switch (via?.split('.')[0] ?? '') {
    case 's3':
      return { 'aws:s3:arn': `arn:aws:s3:::meridian-data-${slug}` };
    case 'dynamodb':
      return { 'aws:dynamodb:subscriberId': key.accountId, 'aws:dynamodb:tableName': `table-${slug}` };
    case 'kinesis':
      return { 'aws:kinesis:arn': arn('kinesis', `stream/stream-${slug}`) };
    case 'rds':
      return { 'aws:rds:db-id': `db-${slug.toUpperCase()}` };
    case 'ec2':
      return { 'aws:ebs:id': `vol-0${key.keyId.replaceAll('-', '').slice(-16)}` };
    case 'ssm':
      return { PARAMETER_ARN: arn('ssm', `parameter/service/${slug}`) };
    case 'secretsmanager':
      return { SecretARN: arn('secretsmanager', `secret:service-${slug}`), SecretVersionId: key.keyId };
    default:
      return undefined;
  }
}

/** Names the material in use at each time. Imported material that has expired stays named: it was the one in use. */
function materialData(key: SandboxKey): { from: Instant; value: unknown }[] {
  const steps = key.materials.filter((material) => !material.state.startsWith('PENDING'));
  const used: KeyMaterial[] = steps.length > 0 ? steps : key.materials.slice(0, 1);
  return used.map((material, i) => ({
    from: i === 0 ? 0 : (material.rotatedAt ?? 0),
    value: { keyMaterialId: material.id },
  }));
}

/** Keys of the account and region that are used at all, with the chance of each use. */
export function usesIn(
  company: Company,
  accountId: string,
  region: string,
): { key: SandboxKey; use: KeyUse; weight: number }[] {
  return company.keys
    .filter((key) => key.accountId === accountId && key.region === region && key.useWeight > 0)
    .flatMap((key) => {
      const sum = key.uses.reduce((total, use) => total + use.weight, 0);
      return key.uses.map((use) => ({ key, use, weight: (key.useWeight * use.weight) / sum }));
    });
}
