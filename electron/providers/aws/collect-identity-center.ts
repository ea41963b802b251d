import { forEach } from '../../collect/for-each.ts';
import type { AwsRun } from './aws-run.ts';
import { identitystore, sso } from './operations/index.ts';
import { allPages } from './pages.ts';

/** Questions at once; the rate budget holds them to their quota. */
const WIDTH = 8;

/**
 * Who is behind the roles of permission sets in the accounts of the run: asked in the Regions that such roles name, else in
 * the first one. Only the management account and a delegated administrator are answered; a refusal is a gap, and the
 * members stay unknown.
 *
 * @param regions Regions of IAM Identity Center as roles of the account name them
 */
export async function collectIdentityCenter(aws: AwsRun, regions: ReadonlySet<string>): Promise<void> {
  const asked = regions.size > 0 ? [...regions].sort() : [aws.regions[0]!];
  for (const region of asked) {
    const { pages } = await allPages(
      (NextToken) =>
        aws.ask(sso.listInstances, { MaxResults: 100, ...(NextToken && { NextToken }) }, { region }),
      (page) => page.NextToken,
    );
    for (const { InstanceArn, IdentityStoreId, PrimaryRegion } of pages.flatMap((p) => p.Instances ?? [])) {
      // One that is replicated to this Region is asked where it is at home.
      if (!InstanceArn || !IdentityStoreId || (PrimaryRegion && PrimaryRegion !== region)) continue;
      await collectInstance(aws, region, InstanceArn, IdentityStoreId);
    }
  }
}

async function collectInstance(
  aws: AwsRun,
  region: string,
  InstanceArn: string,
  IdentityStoreId: string,
): Promise<void> {
  const pairs: { AccountId: string; PermissionSetArn: string }[] = [];
  for (const AccountId of await aws.run.accounts.all()) {
    const { pages } = await allPages(
      (NextToken) =>
        aws.ask(
          sso.listPermissionSetsProvisionedToAccount,
          { InstanceArn, AccountId, MaxResults: 100, ...(NextToken && { NextToken }) },
          { region },
        ),
      (page) => page.NextToken,
    );
    // Refused about one account, refused about all: one gap says so.
    if (pages.length === 0) break;
    for (const PermissionSetArn of pages.flatMap((page) => page.PermissionSets ?? []))
      pairs.push({ AccountId, PermissionSetArn });
  }
  const sets = [...new Set(pairs.map(({ PermissionSetArn }) => PermissionSetArn))].sort();
  await forEach(sets, WIDTH, (PermissionSetArn) =>
    aws.ask(sso.describePermissionSet, { InstanceArn, PermissionSetArn }, { region }),
  );
  const users = new Set<string>();
  const groups = new Set<string>();
  await forEach(pairs, WIDTH, async (pair) => {
    const { pages } = await allPages(
      (NextToken) =>
        aws.ask(
          sso.listAccountAssignments,
          { InstanceArn, ...pair, MaxResults: 100, ...(NextToken && { NextToken }) },
          { region },
        ),
      (page) => page.NextToken,
    );
    for (const { PrincipalId, PrincipalType } of pages.flatMap((page) => page.AccountAssignments ?? []))
      if (PrincipalId) (PrincipalType === 'GROUP' ? groups : users).add(PrincipalId);
  });
  await forEach([...groups].sort(), WIDTH, async (GroupId) => {
    await aws.ask(identitystore.describeGroup, { IdentityStoreId, GroupId }, { region });
    const { pages } = await allPages(
      (NextToken) =>
        aws.ask(
          identitystore.listGroupMemberships,
          { IdentityStoreId, GroupId, MaxResults: 100, ...(NextToken && { NextToken }) },
          { region },
        ),
      (page) => page.NextToken,
    );
    for (const { MemberId } of pages.flatMap((page) => page.GroupMemberships ?? []))
      if (MemberId?.UserId) users.add(MemberId.UserId);
  });
  await forEach([...users].sort(), WIDTH, (UserId) =>
    aws.ask(identitystore.describeUser, { IdentityStoreId, UserId }, { region }),
  );
}

/** The Region of IAM Identity Center that the path of a permission set's role names; us-east-1 is not written. */
export function ssoRegionOf(path: string | undefined): string | null {
  const found = /^\/aws-reserved\/sso\.amazonaws\.com\/(?:([a-z0-9-]+)\/)?$/.exec(path ?? '');
  return found ? (found[1] ?? 'us-east-1') : null;
}
