import { ListRegionsCommand, paginateListRegions } from '@aws-sdk/client-account';
import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  ListEventDataStoresCommand,
  ListPublicKeysCommand,
  ListTagsCommand,
  ListTrailsCommand,
} from '@aws-sdk/client-cloudtrail';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand, DescribeMetricFiltersCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  GetAccountAuthorizationDetailsCommand,
  GetAccountSummaryCommand,
  ListAccountAliasesCommand,
  paginateGetAccountAuthorizationDetails,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../electron/sandbox/index.ts';
import { AS_OF, clients, refusal } from './clients.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ asOf: AS_OF });
});
afterAll(() => sandbox.close());

describe('IAM', () => {
  it('pages everybody of the account once, documents URL-encoded as AWS encodes them', async () => {
    const { iam } = clients(sandbox);
    const users = [];
    const roles = [];
    const groups = [];
    const policies = [];
    for await (const page of paginateGetAccountAuthorizationDetails({ client: iam, pageSize: 6 }, {})) {
      users.push(...page.UserDetailList!);
      groups.push(...page.GroupDetailList!);
      roles.push(...page.RoleDetailList!);
      policies.push(...page.Policies!);
    }
    const own = <T extends { accountId: string; name: string }>(list: T[]): string[] =>
      list
        .filter((item) => item.accountId === '111122223333')
        .map((item) => item.name)
        .toSorted();
    expect(users.map((user) => user.UserName!).toSorted()).toEqual(own(sandbox.company.users));
    expect(roles.map((role) => role.RoleName!).toSorted()).toEqual(own(sandbox.company.roles));
    expect(groups.map((group) => group.GroupName!).toSorted()).toEqual(own(sandbox.company.groups));
    const priya = users.find((user) => user.UserName === 'priya.nair')!;
    expect(priya.UserPolicyList![0]!.PolicyDocument).toMatch(/^%7B%22Version%22/);
    expect(JSON.parse(decodeURIComponent(priya.UserPolicyList![0]!.PolicyDocument!))).toMatchObject({
      Statement: [{ Action: ['kms:Decrypt'] }],
    });
    expect(priya.GroupList).toEqual(['developers']);
    const keyAdmin = policies.find((policy) => policy.PolicyName === 'key-administration')!;
    expect(keyAdmin).toMatchObject({ DefaultVersionId: 'v2', AttachmentCount: 3 });
    expect(keyAdmin.PolicyVersionList!.map((version) => version.IsDefaultVersion)).toEqual([true, false]);
    expect(
      users.find((user) => user.UserName === 'omar.haddad')!.PermissionsBoundary!.PermissionsBoundaryArn,
    ).toMatch(/developer-boundary$/);
    expect(roles.find((role) => role.RoleName === 'orders-api')!.RoleLastUsed!.Region).toBe('us-east-1');
  });
  it('filters by kind and refuses other kinds', async () => {
    const { iam } = clients(sandbox);
    const answer = await iam.send(
      new GetAccountAuthorizationDetailsCommand({ Filter: ['AWSManagedPolicy'] }),
    );
    expect(answer.UserDetailList).toEqual([]);
    expect(answer.Policies!.map((policy) => policy.PolicyName)).toContain('AdministratorAccess');
    expect(
      await refusal(iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Robot' as 'User'] }))),
    ).toBe('ValidationError 400');
    expect(await refusal(iam.send(new GetAccountAuthorizationDetailsCommand({ Marker: 'x' })))).toBe(
      'ValidationError 400',
    );
    expect((await iam.send(new GetAccountSummaryCommand({}))).SummaryMap).toMatchObject({
      Users: 8,
      Groups: 4,
    });
    expect((await iam.send(new ListAccountAliasesCommand({}))).AccountAliases).toEqual([
      'meridian-freight-prod',
    ]);
  });
});

describe('Regions', () => {
  it('lists the enabled ones and those not opted into, in pages', async () => {
    const { account } = clients(sandbox);
    const names = [];
    for await (const page of paginateListRegions({ client: account, pageSize: 3 }, {}))
      names.push(...page.Regions!);
    expect(names).toHaveLength(10);
    expect(names.filter((region) => region.RegionOptStatus === 'DISABLED')).toHaveLength(7);
    expect(
      (
        await account.send(
          new ListRegionsCommand({ RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'] }),
        )
      ).Regions!.map((region) => region.RegionName),
    ).toEqual(sandbox.aws.regions);
  });
});

describe('CloudTrail', () => {
  it('shows a multi-Region organisation trail in every Region and others at home only', async () => {
    const names = async (
      region: string,
      credentials = sandbox.aws.credentials.auditor,
      input = {},
    ): Promise<string[]> =>
      (
        await clients(sandbox, region, credentials).cloudtrail.send(new DescribeTrailsCommand(input))
      ).trailList!.map((trail) => trail.Name!);
    expect(await names('us-east-1')).toEqual(['meridian-organization', 'ops-us-east-1']);
    expect(await names('eu-west-1')).toEqual(['meridian-organization', 'eu-west-1-audit']);
    expect(await names('eu-west-1', undefined, { includeShadowTrails: false })).toEqual(['eu-west-1-audit']);
    expect(await names('us-east-1', sandbox.aws.credentials.auditorSecurity)).toEqual([
      'meridian-organization',
    ]);
    expect((await clients(sandbox).cloudtrail.send(new ListTrailsCommand({}))).Trails).toHaveLength(3);
  });
  it('gives selectors of both kinds, and says that one trail leaves KMS out', async () => {
    const { cloudtrail } = clients(sandbox);
    expect(
      (await cloudtrail.send(new GetEventSelectorsCommand({ TrailName: 'ops-us-east-1' })))
        .EventSelectors![0]!.ExcludeManagementEventSources,
    ).toContain('kms.amazonaws.com');
    const advanced = await clients(sandbox, 'eu-west-1').cloudtrail.send(
      new GetEventSelectorsCommand({ TrailName: 'eu-west-1-audit' }),
    );
    expect(advanced.EventSelectors).toBeUndefined();
    expect(advanced.AdvancedEventSelectors![0]!.FieldSelectors).toEqual([
      { Field: 'eventCategory', Equals: ['Management'] },
    ]);
  });
  it('gives the status of a trail that was stopped for some days', async () => {
    const status = await clients(sandbox, 'eu-west-1').cloudtrail.send(
      new GetTrailStatusCommand({ Name: 'eu-west-1-audit' }),
    );
    const pause = sandbox.company.trails[2]!.stopped[0]!;
    expect(status).toMatchObject({
      IsLogging: true,
      StopLoggingTime: new Date(pause.from),
      StartLoggingTime: new Date(pause.to!),
    });
    expect(
      (await clients(sandbox).cloudtrail.send(new GetTrailStatusCommand({ Name: 'ops-us-east-1' })))
        .LatestDigestDeliveryTime,
    ).toBeUndefined();
  });
  it('lets a member account see the organisation trail but not its selectors', async () => {
    const { arn } = sandbox.company.trails[0]!;
    const member = clients(sandbox, 'eu-central-1').cloudtrail;
    expect((await member.send(new GetTrailCommand({ Name: arn }))).Trail!.IsOrganizationTrail).toBe(true);
    expect(await refusal(member.send(new GetTrailStatusCommand({ Name: 'meridian-organization' })))).toBe(
      'TrailNotFoundException 400',
    );
    expect(await refusal(member.send(new GetEventSelectorsCommand({ TrailName: arn })))).toBe(
      'AccessDeniedException 400',
    );
    const owner = clients(sandbox, 'eu-central-1', sandbox.aws.credentials.auditorSecurity).cloudtrail;
    expect(
      (await owner.send(new GetInsightSelectorsCommand({ TrailName: arn }))).InsightSelectors,
    ).toHaveLength(1);
    expect(
      (await owner.send(new ListTagsCommand({ ResourceIdList: [arn] }))).ResourceTagList![0]!.TagsList,
    ).toContainEqual({ Key: 'System', Value: 'logging' });
  });
  it('refuses unknown trails and tells that insights are off', async () => {
    const { cloudtrail } = clients(sandbox);
    expect(await refusal(cloudtrail.send(new GetTrailStatusCommand({ Name: 'nothing' })))).toBe(
      'TrailNotFoundException 400',
    );
    expect(
      await refusal(cloudtrail.send(new GetTrailStatusCommand({ Name: 'arn:aws:cloudtrail:x' }))),
    ).toMatch(/^CloudTrailARNInvalidException/);
    expect(
      await refusal(cloudtrail.send(new GetInsightSelectorsCommand({ TrailName: 'ops-us-east-1' }))),
    ).toBe('InsightNotEnabledException 400');
    expect((await cloudtrail.send(new ListEventDataStoresCommand({}))).EventDataStores).toEqual([]);
  });
  it('gives the public keys that sign digests in the period', async () => {
    const { from, to } = sandbox.company.period;
    const { PublicKeyList } = await clients(sandbox).cloudtrail.send(
      new ListPublicKeysCommand({ StartTime: new Date(from), EndTime: new Date(to) }),
    );
    expect(PublicKeyList!.length).toBeGreaterThan(0);
    for (const key of PublicKeyList!)
      expect([key.Fingerprint, key.Value!.length > 200]).toEqual([
        expect.stringMatching(/^[0-9a-f]{32}$/),
        true,
      ]);
    expect(
      await refusal(
        clients(sandbox).cloudtrail.send(
          new ListPublicKeysCommand({ StartTime: new Date(to), EndTime: new Date(from) }),
        ),
      ),
    ).toBe('InvalidTimeRangeException 400');
  });
});

describe('alerts', () => {
  it('has a rule on disabling and deleting keys that forgets policy changes, with its target', async () => {
    const { events } = clients(sandbox);
    const { Rules } = await events.send(new ListRulesCommand({}));
    const rule = Rules!.find((r) => r.Name === 'kms-key-disabled-or-deleted')!;
    expect(JSON.parse(rule.EventPattern!)).toMatchObject({
      detail: { eventName: ['DisableKey', 'ScheduleKeyDeletion'] },
    });
    expect((await events.send(new ListTargetsByRuleCommand({ Rule: rule.Name }))).Targets).toEqual([
      { Id: 'Id1', Arn: 'arn:aws:sns:us-east-1:111122223333:security-alerts' },
    ]);
    expect(await refusal(events.send(new ListTargetsByRuleCommand({ Rule: 'none' })))).toBe(
      'ResourceNotFoundException 400',
    );
  });
  it('pages rules and refuses a foreign token', async () => {
    const { events } = clients(sandbox);
    const first = await events.send(new ListRulesCommand({ Limit: 1 }));
    const second = await events.send(new ListRulesCommand({ Limit: 1, NextToken: first.NextToken }));
    expect([first.Rules![0]!.Name, second.Rules![0]!.Name, second.NextToken]).toEqual([
      'kms-key-disabled-or-deleted',
      'nightly-rates',
      undefined,
    ]);
    expect(await refusal(events.send(new ListRulesCommand({ NextToken: 'x' })))).toBe(
      'ValidationException 400',
    );
  });
  it('has metric filters of which one has an alarm, one an alarm without actions, one none', async () => {
    const { cloudwatch, logs } = clients(sandbox);
    const { metricFilters } = await logs.send(
      new DescribeMetricFiltersCommand({ logGroupName: 'cloudtrail/ops' }),
    );
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({}));
    const alarms = metricFilters!.map(
      (filter) =>
        MetricAlarms!.find((alarm) => alarm.MetricName === filter.metricTransformations![0]!.metricName)
          ?.ActionsEnabled,
    );
    expect(alarms).toEqual([true, undefined, false]);
    expect(await refusal(logs.send(new DescribeMetricFiltersCommand({ logGroupName: 'none' })))).toBe(
      'ResourceNotFoundException 400',
    );
  });
  it('has log groups with and without an end to their retention', async () => {
    const { logGroups } = await clients(sandbox).logs.send(new DescribeLogGroupsCommand({}));
    expect(logGroups!.map((group) => [group.logGroupName, group.retentionInDays])).toEqual([
      ['cloudtrail/ops', 180],
      ['/aws/lambda/billing-batch', undefined],
      ['/aws/rds/orders', 30],
    ]);
  });
});
