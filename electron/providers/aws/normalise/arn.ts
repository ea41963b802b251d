/** The parts of an ARN: arn:partition:service:region:account:resource. */
export interface Arn {
  partition: string;
  service: string;
  region: string;
  account: string;
  resource: string;
}

/** Parses an ARN, or returns null when the text is none. */
export function parseArn(text: string): Arn | null {
  const [prefix, partition, service, region, account, ...rest] = text.split(':');
  if (prefix !== 'arn' || !partition || !service || region === undefined || account === undefined)
    return null;
  const resource = rest.join(':');
  return resource === '' ? null : { partition, service, region, account, resource };
}

/** Account and region of an exchange's scope (`<account>/<region>`). */
export function placeOf(scope: string): { account: string; region: string } {
  const slash = scope.indexOf('/');
  return slash < 0
    ? { account: scope, region: '' }
    : { account: scope.slice(0, slash), region: scope.slice(slash + 1) };
}

/** Partition of a region, for ARNs that have to be written out. */
export function partitionOf(region: string): string {
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('cn-')) return 'aws-cn';
  return 'aws';
}

/** ARN of a key named by its id alone. */
export function keyArn(account: string, region: string, keyId: string): string {
  return `arn:${partitionOf(region)}:kms:${region}:${account}:key/${keyId}`;
}
