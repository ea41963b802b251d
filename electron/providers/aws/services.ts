import { AccountClient } from '@aws-sdk/client-account';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { STSClient } from '@aws-sdk/client-sts';

/** The services we ask, by their name in IAM policies and operation ids. */
export const awsServices = {
  account: AccountClient,
  cloudtrail: CloudTrailClient,
  cloudwatch: CloudWatchClient,
  events: EventBridgeClient,
  iam: IAMClient,
  identitystore: IdentitystoreClient,
  kms: KMSClient,
  logs: CloudWatchLogsClient,
  s3: S3Client,
  sso: SSOAdminClient,
  sts: STSClient,
} as const;
export type AwsService = keyof typeof awsServices;
