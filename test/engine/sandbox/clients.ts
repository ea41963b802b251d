import { AccountClient } from '@aws-sdk/client-account';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import type { Credentials } from '../../../electron/sandbox/aws/identities.ts';

/** The date every sandbox test is set on. */
export const AS_OF = '2026-11-24T00:00:00Z';

interface Signed {
  aws: { endpoint: string; credentials: { auditor: Credentials } };
}

/** Real SDK clients pointed at a sandbox. Retries are off unless asked for, so that a test sees the first answer. */
export function clients(
  sandbox: Signed,
  region = 'us-east-1',
  credentials: Credentials = sandbox.aws.credentials.auditor,
  maxAttempts = 1,
) {
  const config = { endpoint: sandbox.aws.endpoint, region, credentials, maxAttempts };
  return {
    kms: new KMSClient(config),
    iam: new IAMClient(config),
    sts: new STSClient(config),
    account: new AccountClient(config),
    cloudtrail: new CloudTrailClient(config),
    events: new EventBridgeClient(config),
    cloudwatch: new CloudWatchClient(config),
    logs: new CloudWatchLogsClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
  };
}

/** Name and HTTP status of the refusal, or 'answered'. */
export async function refusal(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'answered';
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return `${name} ${$metadata?.httpStatusCode ?? ''}`.trim();
  }
}
