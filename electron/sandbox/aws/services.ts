import { accountOperations } from './account.ts';
import type { JsonOperation } from './call.ts';
import { cloudtrailOperations } from './cloudtrail.ts';
import { iamOperations } from './iam.ts';
import { identityStoreOperations, ssoOperations } from './identity-center.ts';
import { kmsOperations } from './kms/operations.ts';
import { kmsSigning } from './kms/signing.ts';
import { cloudWatchOperations, eventBridgeOperations, logsOperations } from './monitoring.ts';
import type { QueryOperation } from './query.ts';
import { stsOperations } from './sts.ts';

/** Which services the sandbox speaks, by the service name in the credential scope of a signature. */
export type Service =
  | { wire: 'json'; version: '1.0' | '1.1'; prefix: string; operations: Record<string, JsonOperation> }
  | {
      wire: 'rest-json';
      paths: Record<string, string>;
      prefix: string;
      operations: Record<string, JsonOperation>;
    }
  | { wire: 'query'; name: 'iam' | 'sts'; prefix: string; operations: Record<string, QueryOperation> }
  | { wire: 's3'; prefix: string };

export const SERVICES: Record<string, Service> = {
  kms: { wire: 'json', version: '1.1', prefix: 'kms', operations: { ...kmsOperations, ...kmsSigning } },
  cloudtrail: { wire: 'json', version: '1.1', prefix: 'cloudtrail', operations: cloudtrailOperations },
  events: { wire: 'json', version: '1.1', prefix: 'events', operations: eventBridgeOperations },
  logs: { wire: 'json', version: '1.1', prefix: 'logs', operations: logsOperations },
  monitoring: { wire: 'json', version: '1.0', prefix: 'cloudwatch', operations: cloudWatchOperations },
  account: {
    wire: 'rest-json',
    paths: { '/listRegions': 'ListRegions' },
    prefix: 'account',
    operations: accountOperations,
  },
  sso: { wire: 'json', version: '1.1', prefix: 'sso', operations: ssoOperations },
  identitystore: {
    wire: 'json',
    version: '1.1',
    prefix: 'identitystore',
    operations: identityStoreOperations,
  },
  iam: { wire: 'query', name: 'iam', prefix: 'iam', operations: iamOperations },
  sts: { wire: 'query', name: 'sts', prefix: 'sts', operations: stsOperations },
  s3: { wire: 's3', prefix: 's3' },
};
