import { glob } from './text-match.ts';

export interface Arn {
  partition: string;
  service: string;
  region: string;
  accountId: string;
  resource: string;
}

/** Splits an ARN into its parts (AWS general reference, "ARN format"); undefined when it is not one. */
export function parseArn(text: string): Arn | undefined {
  const parts = text.split(':');
  if (parts.length < 6 || parts[0] !== 'arn') return undefined;
  const [, partition, service, region, accountId] = parts as [string, string, string, string, string];
  if (partition === '' || service === '') return undefined;
  return { partition, service, region, accountId, resource: parts.slice(5).join(':') };
}

export const isAccountId = (text: string): boolean => /^\d{12}$/.test(text);

/** `ArnEquals` and `ArnLike`: each of the six parts is compared on its own, wildcards allowed in each. */
export function arnLike(pattern: string, value: string): boolean {
  const p = pattern.split(':');
  const v = value.split(':');
  if (p.length < 6 || v.length < 6) return pattern === '*';
  const head = (parts: string[]): string[] => [...parts.slice(0, 5), parts.slice(5).join(':')];
  const values = head(v);
  return head(p).every((part, i) => glob(part)(values[i]!));
}

/** `arn:aws:kms:eu-west-1:111122223333:key/` of a key's ARN: everything up to its own id. */
export function keyScope(arn: string): string {
  return arn.slice(0, arn.indexOf('/') + 1);
}

/** The role's name of `arn:aws:sts::…:assumed-role/NAME/SESSION`. */
export function assumedRoleName(arn: Arn): string | undefined {
  if (arn.service !== 'sts') return undefined;
  return /^assumed-role\/([^/]+)\/.+$/.exec(arn.resource)?.[1];
}

/** The last part of a path-like resource: `role/team/app` gives `app`. */
export const lastSegment = (resource: string): string => resource.slice(resource.lastIndexOf('/') + 1);
