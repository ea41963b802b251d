import type { Operation } from '../../../collect/operation.ts';
import type { AwsOperation } from '../operation.ts';
import { cloudtrail } from './cloudtrail.ts';
import { identitystore, sso } from './identity-center.ts';
import { account, iam, sts } from './identity.ts';
import { kms } from './kms.ts';
import { cloudwatch, events, logs } from './monitoring.ts';
import { s3 } from './s3.ts';
import { signInOperations } from './sign-in.ts';

export { account, cloudtrail, cloudwatch, events, iam, identitystore, kms, logs, s3, sso, sts };

const asked = {
  ...sts,
  ...account,
  ...kms,
  ...iam,
  ...sso,
  ...identitystore,
  ...cloudtrail,
  ...s3,
  ...events,
  ...logs,
  ...cloudwatch,
};

/** Every operation the collector asks, in the order of the pack's table of calls. */
export const askedOperations: readonly AwsOperation<never>[] = Object.values(asked);

/** Every AWS operation that can stand in the ledger, also those that only obtain credentials. */
export const awsOperations: readonly Operation[] = [...askedOperations, ...Object.values(signInOperations)];
