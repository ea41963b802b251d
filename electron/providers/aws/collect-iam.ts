import type { AwsRun } from './aws-run.ts';
import { iam } from './operations/index.ts';
import { allPages } from './pages.ts';

/**
 * All users, groups, roles and policies of the account, page by page.
 *
 * @returns ARNs of keys in other accounts that a policy names
 */
export async function collectIam(aws: AwsRun): Promise<Set<string>> {
  const keys = new Set<string>();
  await allPages(
    async (Marker) => {
      const answer = await aws.ask(
        iam.getAccountAuthorizationDetails,
        {
          Filter: ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'],
          MaxItems: 1000,
          ...(Marker && { Marker }),
        },
        { region: aws.regions[0]! },
      );
      if (answer.ok) for (const arn of keyArnsIn(documentsIn(answer.output))) keys.add(arn);
      return answer;
    },
    (page) => (page.IsTruncated ? page.Marker : undefined),
  );
  return new Set([...keys].filter((arn) => arn.split(':')[4] !== aws.account));
}

/** Policy documents come URL-encoded (RFC 3986). */
function* documentsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    if (value.includes('kms')) yield decoded(value);
  } else if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    for (const member of Object.values(value)) yield* documentsIn(member);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** ARNs of single keys (no wildcards, no aliases) in texts. */
export function* keyArnsIn(texts: Iterable<string>): Generator<string> {
  for (const text of texts) {
    for (const [arn] of text.matchAll(
      /arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+(?![*A-Za-z0-9-])/g,
    )) {
      yield arn;
    }
  }
}
