import { Option } from 'commander';
import { createEngagementFile, openReadable } from '../../db/open.ts';
import { LedgerWriter } from '../../db/ledger/writer.ts';
import { testSource } from '../collect/test-source.ts';
import { currentEngagement, currentSources } from '../engagement/current.ts';
import { declare } from '../engagement/declarations.ts';
import type { Engagement, Source } from '../engagement/engagement.ts';
import { defaultParameters } from '../engagement/parameters.ts';
import { withEngagement } from '../engine/with-engagement.ts';
import { canBeAsked } from '../providers/index.ts';
import { operatorNamed, type CliContext, type Verb } from './context.ts';
import { day, inclusivePeriod } from './dates.ts';
import { askOnTerminal } from './given-credentials.ts';
import { networkOf, withNetworkOptions, type NetworkChoice } from './network.ts';
import { warnOfPlace } from './place-warning.ts';
import { sampleEndpointOf } from './sample-endpoint.ts';
import { addAzure } from './source-azure.ts';
import { addVault } from './source-vault.ts';

const CRITERIA = ['CC6.1', 'CC6.3', 'CC7.2'];

/** `new FILE`: creates an engagement. */
export const newVerb: Verb = (program, { output }) => {
  program
    .command('new')
    .description('create an engagement: one audit in one file')
    .argument('<file>', 'where to create it, for example acme.keywitness')
    .requiredOption('--client <name>', 'who is audited')
    .requiredOption('--from <date>', 'first day of the period, UTC', day)
    .requiredOption('--to <date>', 'last day of the period, inclusive, UTC', day)
    .addOption(
      new Option('--mode <mode>', 'who prepares it').choices(['management', 'auditor']).default('management'),
    )
    .addOption(new Option('--type <type>', 'SOC 2 report type').choices(['1', '2']).default('2'))
    .option('--criteria <list>', 'criteria, comma separated', CRITERIA.join(','))
    .option('--operator <name>', 'your name as it shall stand in the pack')
    .option(
      '--sample',
      'for practice and test servers: sources may name any endpoint, and everything made says SAMPLE — NOT EVIDENCE',
    )
    .action(async (file: string, { sample, ...options }: Record<string, string> & { sample?: boolean }) => {
      const value: Engagement = {
        client: options.client!,
        criteria: options.criteria!.split(',').map((c) => c.trim()),
        mode: options.mode as Engagement['mode'],
        type: options.type === '1' ? 1 : 2,
        period: inclusivePeriod(options.from!, options.to!),
        parameters: defaultParameters,
        sample: sample ?? false,
      };
      const open = createEngagementFile(file);
      try {
        await declare(new LedgerWriter(open.db), operatorNamed(options.operator), 'engagement', '', value);
      } finally {
        open.close();
      }
      warnOfPlace(output, file);
      output.line(`Created ${file}: ${value.client}, ${options.from} to ${options.to} (UTC, inclusive).`);
      output.line('Next: keywitness source add aws --engagement ' + file);
      output.object({ file, engagement: value });
    });
};

/** `source add|list|remove`. */
export const sourceVerb: Verb = (program, context) => {
  const source = program.command('source').description('where evidence comes from');
  addAws(source, context);
  addAzure(addCommand(source), context);
  addVault(addCommand(source), context);
  addFiles(source, context);
  source
    .command('list')
    .description('list the sources of an engagement')
    .requiredOption('--engagement <file>', 'engagement file')
    .action((options: { engagement: string }) => {
      const db = openReadable(options.engagement);
      try {
        const sources = currentSources(db);
        for (const s of sources) context.output.line(`${s.id}\t${s.provider}\t${s.title}`);
        if (sources.length === 0)
          context.output.line('No sources yet. Add one with: keywitness source add aws');
        context.output.object({ sources });
      } finally {
        db.close();
      }
    });
  withNetworkOptions(
    source
      .command('test')
      .description('try a source: who asks, and which permissions are there')
      .argument('<id>', 'source to try, as `source list` names it')
      .requiredOption('--engagement <file>', 'engagement file')
      .option('--operator <name>', 'your name'),
  ).action(async (id: string, options: NetworkChoice & { engagement: string; operator?: string }) => {
    await withEngagement(options.engagement, async ({ db, writer }) => {
      const found = currentSources(db).find((s) => s.id === id);
      if (!found || !canBeAsked(found)) {
        throw new Error(
          `cannot test source ${id}: the engagement has no source of that id that can be asked.`,
        );
      }
      const result = await testSource({
        writer,
        engagement: currentEngagement(db),
        operator: operatorNamed(options.operator),
        source: found,
        credentialsFor: askOnTerminal,
        network: networkOf(options),
        signal: context.signal,
      });
      context.output.line(`${result.arn} (account ${result.account}), tried in ${result.region}`);
      for (const permission of result.permissions) {
        const why = permission.status === 'ok' ? '' : `  ${permission.code ?? ''}`;
        context.output.line(`  ${permission.status.padEnd(8)} ${permission.permissions.join(', ')}${why}`);
      }
      if (result.permissions.some((p) => p.status === 'denied')) {
        context.output.line(`What is missing: keywitness policy ${found.provider}`);
      }
      context.output.object(result);
    });
  });
  source
    .command('remove')
    .description('stop collecting from a source; what was collected stays')
    .argument('<id>')
    .requiredOption('--engagement <file>', 'engagement file')
    .requiredOption('--reason <text>', 'why, as it shall stand in the pack')
    .option('--operator <name>', 'your name')
    .action(async (id: string, options: { engagement: string; reason: string; operator?: string }) => {
      await withEngagement(options.engagement, async ({ db, writer }) => {
        if (!currentSources(db).some((s) => s.id === id)) {
          throw new Error(
            `cannot remove source ${id}: the engagement has none of that id. See: keywitness source list`,
          );
        }
        await declare(writer, operatorNamed(options.operator), 'source.removed', id, {
          reason: options.reason,
        });
      });
      context.output.line(`Removed ${id}.`);
      context.output.object({ removed: id });
    });
};

type SourceCommand = ReturnType<Parameters<Verb>[0]['command']>;

function addCommand(source: SourceCommand): SourceCommand {
  return source.commands.find((c) => c.name() === 'add') ?? source.command('add').description('add a source');
}

function addAws(source: SourceCommand, context: CliContext): void {
  addCommand(source)
    .command('aws')
    .description('an AWS account, read with your own credentials')
    .requiredOption('--engagement <file>', 'engagement file')
    .requiredOption('--id <id>', 'short name, for example aws-production')
    .option('--title <text>', 'name as it shall stand in the pack')
    .option('--profile <name>', 'profile of the shared AWS configuration')
    .option('--sso <profile>', 'profile signed in with AWS IAM Identity Center (aws sso login)')
    .option('--env', 'credentials in the environment variables only')
    .option('--role <arn>', 'role to assume')
    .option('--external-id <id>', 'external id for the role')
    .option('--regions <list>', 'regions, comma separated; every enabled region without it')
    .option('--no-log-files', 'do not read CloudTrail files from their buckets')
    .option('--endpoint <url>', 'a server that speaks the protocols of AWS; in sample engagements only')
    .option('--operator <name>', 'your name')
    .action(async (options: AwsOptions) => {
      await withEngagement(options.engagement, async ({ db, writer }) => {
        const sampleEndpoint = sampleEndpointOf(db, options.endpoint);
        await declare(writer, operatorNamed(options.operator), 'source', options.id, {
          provider: 'aws',
          id: options.id,
          title: options.title ?? options.id,
          credentials: credentialsOf(options),
          assumeRole: options.role ? { roleArn: options.role, externalId: options.externalId ?? null } : null,
          regions: options.regions ? options.regions.split(',').map((r) => r.trim()) : null,
          sampleEndpoint,
          readLogFiles: options.logFiles,
        });
        context.output.line(`Added ${options.id} to the engagement for ${currentEngagement(db).client}.`);
        context.output.object({ source: options.id });
      });
    });
}

interface AwsOptions {
  engagement: string;
  id: string;
  title?: string;
  profile?: string;
  sso?: string;
  env?: boolean;
  role?: string;
  externalId?: string;
  regions?: string;
  logFiles: boolean;
  endpoint?: string;
  operator?: string;
}

function credentialsOf(options: AwsOptions): Extract<Source, { provider: 'aws' }>['credentials'] {
  if ([options.profile, options.sso, options.env].filter(Boolean).length > 1) {
    throw new Error('cannot add the source: give only one of --profile, --sso and --env.');
  }
  if (options.sso) return { from: 'sso', profile: options.sso };
  if (options.profile) return { from: 'profile', profile: options.profile };
  return { from: options.env ? 'environment' : 'default-chain' };
}

function addFiles(source: SourceCommand, context: CliContext): void {
  addCommand(source)
    .command('files')
    .description('files the client exported')
    .requiredOption('--engagement <file>', 'engagement file')
    .requiredOption('--id <id>', 'short name, for example client-files')
    .option('--title <text>', 'name as it shall stand in the pack')
    .option('--operator <name>', 'your name')
    .action(async (options: { engagement: string; id: string; title?: string; operator?: string }) => {
      await withEngagement(options.engagement, async ({ writer }) => {
        const value: Source = { provider: 'files', id: options.id, title: options.title ?? options.id };
        await declare(writer, operatorNamed(options.operator), 'source', options.id, value);
      });
      context.output.line(`Added ${options.id}.`);
      context.output.object({ source: options.id });
    });
}
