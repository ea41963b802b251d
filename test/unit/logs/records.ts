/** CloudTrail records for tests: the n-th happened n seconds into 2026, UTC. */

export const ACCOUNT = '111122223333';
export const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

export function eventTime(n: number): string {
  return `${new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString().slice(0, 19)}Z`;
}

export function record(n: number, over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/ann`, accountId: ACCOUNT },
    eventTime: eventTime(n),
    eventSource: 'kms.amazonaws.com',
    eventName: 'Decrypt',
    awsRegion: 'eu-west-1',
    sourceIPAddress: '192.0.2.7',
    userAgent: 'aws-cli/2',
    requestParameters: null,
    responseElements: null,
    requestID: `r-${n}`,
    eventID: `e-${n}`,
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    ...over,
  };
}

export const kmsRecord = (n: number, over: Record<string, unknown> = {}) =>
  record(n, { resources: [{ accountId: ACCOUNT, type: 'AWS::KMS::Key', ARN: KEY }], ...over });

export const otherRecord = (n: number) =>
  record(n, { eventSource: 's3.amazonaws.com', eventName: 'GetObject', requestParameters: { text: '},{"' } });

export const recordsJson = (records: readonly unknown[]) => JSON.stringify({ Records: records });
