import type { Source } from '../../../electron/engagement/engagement.ts';

/** What a source is, in a line. */
export function sourceLine(source: Source): string {
  if (source.provider === 'files') return 'Files that the client exported';
  if (source.provider === 'aws') {
    const parts = [credentialWords(source.credentials)];
    if (source.assumeRole) parts.push(`role ${source.assumeRole.roleArn}`);
    parts.push(source.regions === null ? 'every enabled Region' : source.regions.join(', '));
    if (!source.readLogFiles) parts.push('log files not read');
    return parts.join(' · ');
  }
  return Object.entries(source)
    .flatMap(([name, value]) =>
      typeof value === 'string' && !['provider', 'id', 'title'].includes(name) ? [value] : [],
    )
    .join(' · ');
}

/** Where credentials come from; never what they are. */
export function credentialWords(credentials: { from: string; profile?: string }): string {
  switch (credentials.from) {
    case 'default-chain':
      return 'credentials this machine has';
    case 'environment':
      return 'credentials from the environment';
    case 'profile':
      return `profile ${credentials.profile ?? ''}`;
    case 'sso':
      return `single sign-on, profile ${credentials.profile ?? ''}`;
    default:
      return credentials.from;
  }
}

/** An id made of a title: small letters, digits and hyphens, and none that exists. */
export function sourceId(title: string, taken: readonly string[]): string {
  const plain =
    title
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 36) || 'source';
  if (!taken.includes(plain)) return plain;
  for (let n = 2; ; n += 1) if (!taken.includes(`${plain}-${n}`)) return `${plain}-${n}`;
}
