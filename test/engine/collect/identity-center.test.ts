import { describe, expect, it } from 'vitest';
import { derive } from '../../../electron/derive/derive.ts';
import { declare } from '../../../electron/engagement/declarations.ts';
import { memberFinder } from '../../../electron/review/members.ts';
import { sampleEngagement, sampleSource } from './sample.ts';
import { collectSample, sandboxFor } from './support.ts';

const OPERATOR = { name: 'Ann Auditor', email: null };
const at = ['us-east-1'];

/** Collects the two accounts, or production alone, and derives. */
async function collected(accounts: readonly ('production' | 'security')[]) {
  const sandbox = await sandboxFor();
  const [production, security] = sandbox.aws.accounts;
  const sources = accounts.map((id) => sampleSource(sandbox.aws, { id, title: id, regions: at }));
  const { auditor, auditorSecurity } = sandbox.aws.credentials;
  const { db, writer, result } = await collectSample(sandbox, {
    sources,
    usageEventBudget: 0,
    credentialsFor: (source) => ({
      aws: async () => (source.id === 'security' ? auditorSecurity : auditor),
    }),
  });
  await declare(writer, OPERATOR, 'engagement', '', sampleEngagement());
  derive(db);
  const members = memberFinder(db, result.snapshotId);
  const behind = (set: string, account: string) => {
    const role = sandbox.company.roles.find(
      (r) => r.accountId === account && r.name.startsWith(`AWSReservedSSO_${set}_`),
    )!;
    return members(set, role.arn);
  };
  const gaps = db
    .prepare<[], { op: string; subject: string; remedy: string }>(
      "SELECT op, subject, remedy FROM gap WHERE op LIKE 'aws.sso.%' OR op LIKE 'aws.identitystore.%'",
    )
    .all();
  return { production: production.id, security: security.id, behind, gaps };
}

describe('roles of IAM Identity Center', () => {
  it('stand for their members, through groups and by name, without who is disabled; what is withheld stays unknown', async () => {
    const { production, security, behind, gaps } = await collected(['production', 'security']);
    expect(behind('KeyAdministrator', production)).toMatchObject({
      provider: 'IAM Identity Center',
      members: [
        { name: 'Jonas Krause', email: 'jonas.krause@meridian-freight.example' },
        { name: 'Tom Becker', email: 'tom.becker@meridian-freight.example' },
      ],
    });
    expect(behind('AdministratorAccess', production)?.members.map((m) => m.name)).toEqual([
      'Ines Carvalho',
      'Maria Lopez',
    ]);
    // The same set in another account has members of its own.
    expect(behind('AdministratorAccess', security)?.members.map((m) => m.name)).toEqual(['Ines Carvalho']);
    expect(behind('Developer', production)).toBeNull();
    // One account refused and the other told: nothing is missing but what was withheld.
    expect(gaps.map(({ op }) => op)).toEqual(['aws.sso.ListAccountAssignments']);
  });

  it('have unknown members where only an ordinary account can be asked, and the gap says what would tell', async () => {
    const { production, behind, gaps } = await collected(['production']);
    expect(behind('KeyAdministrator', production)).toBeNull();
    expect(gaps).toMatchObject([
      {
        op: 'aws.sso.ListPermissionSetsProvisionedToAccount',
        subject: production,
        remedy: expect.stringContaining('delegated administrator') as string,
      },
    ]);
  });
});
