import { ssoRegionOf } from './collect-identity-center.ts';
import type { AwsRun } from './aws-run.ts';
import { iam } from './operations/index.ts';
import { allPages } from './pages.ts';

/** What IAM says that leads on to other questions. */
export interface FoundInIam {
  /** ARNs of keys in other accounts that a policy names. */
  keys: ReadonlySet<string>;
  /** Regions of IAM Identity Center, as roles of permission sets name them. */
  ssoRegions: ReadonlySet<string>;
}

/** All users, groups, roles and policies of the account, page by page. */
export async function collectIam(aws: AwsRun): Promise<FoundInIam> {
  const ssoRegions = new Set<string>();
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
      if (!answer.ok) return answer;
      for (const arn of keyArnsIn(documentsIn(answer.output))) keys.add(arn);
      for (const role of answer.output.RoleDetailList ?? []) {
        const region = ssoRegionOf(role.Path);
        if (region !== null) ssoRegions.add(region);
      }
      return answer;
    },
    (page) => (page.IsTruncated ? page.Marker : undefined),
  );
  return { keys: new Set([...keys].filter((arn) => arn.split(':')[4] !== aws.account)), ssoRegions };
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
