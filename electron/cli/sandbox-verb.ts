import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Verb } from './context.ts';

/** `sandbox`: the servers of the sample environment, to practise on and to try other tools with. */
export const sandboxVerb: Verb = (program, { output, signal }) => {
  program
    .command('sandbox')
    .description('run the servers of the sample environment on 127.0.0.1, and print how to collect from them')
    .option('--folder <dir>', 'where certificate authorities and audit logs are put', 'out/sandbox')
    .action(async (options: { folder: string }) => {
      // Loaded here: no other verb needs them.
      const [{ startSandbox }, { startAzureSandbox }, { startTsa }, { createDemoCa }, { startSampleVault }] =
        await Promise.all([
          import('../sandbox/index.ts'),
          import('../sandbox/azure/index.ts'),
          import('../sandbox/tsa/tsa.ts'),
          import('../seal/demo-signer.ts'),
          import('../demo/sample-vault.ts'),
        ]);
      mkdirSync(options.folder, { recursive: true });
      const sandbox = await startSandbox();
      const { aws, company } = sandbox;
      const azure = await startAzureSandbox();
      const vault = await startSampleVault(company);
      const tsa = await startTsa({ ca: await createDemoCa(new Date()), revocation: true });
      const azureCa = join(options.folder, 'azure-ca.pem');
      const authority = join(options.folder, 'timestamp-authority.pem');
      writeFileSync(azureCa, azure.azure.ca);
      writeFileSync(authority, tsa.caPem);
      const { clientId, clientSecret } = azure.azure.signIns.auditor;
      const { roleId, secretId } = vault.sandbox.approle;
      const audit = vault.auditLogs.flatMap(({ device, paths }) =>
        [...new Set(paths.map(dirname))].map((folder) => `${device}=${folder}`),
      );
      const days = {
        from: new Date(company.period.from).toISOString().slice(0, 10),
        to: new Date(company.period.to - 1).toISOString().slice(0, 10),
      };
      const add = 'keywitness source add';
      const into = '--engagement practice.keywitness';
      for (const line of [
        `The sample environment of ${company.name} runs until Ctrl-C. What is collected from it is SAMPLE — NOT EVIDENCE.`,
        '',
        `export AWS_ACCESS_KEY_ID=${aws.credentials.auditor.accessKeyId} AWS_SECRET_ACCESS_KEY=${aws.credentials.auditor.secretAccessKey}`,
        `export AZURE_CLIENT_SECRET='${clientSecret}' VAULT_SECRET_ID='${secretId}'`,
        `keywitness new practice.keywitness --sample --client Practice --from ${days.from} --to ${days.to}`,
        `${add} aws ${into} --id production --env --endpoint ${aws.endpoint}`,
        `${add} aws ${into} --id security --env --endpoint ${aws.endpoint} --role ${aws.securityRoleArn} --external-id ${aws.externalId}`,
        `${add} azure ${into} --id tenant --tenant ${azure.azure.tenantId} --client-id ${clientId} --endpoint ${azure.azure.gateway} --endpoint-ca ${azureCa}`,
        `${add} vault ${into} --id vault --address ${vault.sandbox.endpoint} --approle ${roleId} --audit-log ${audit.join(' ')}`,
        `keywitness collect ${into} --tsa ${tsa.url} --tsa-root ${authority}`,
      ]) {
        output.line(line);
      }
      output.object({
        aws: {
          endpoint: aws.endpoint,
          ...aws.credentials.auditor,
          securityRoleArn: aws.securityRoleArn,
          externalId: aws.externalId,
        },
        azure: {
          endpoint: azure.azure.gateway,
          ca: azureCa,
          tenant: azure.azure.tenantId,
          clientId,
          clientSecret,
        },
        vault: { address: vault.sandbox.endpoint, roleId, secretId, auditLogs: vault.auditLogs },
        tsa: { url: tsa.url, root: authority },
        period: days,
      });
      if (!signal.aborted) await once(signal, 'abort');
      await Promise.all([tsa.close(), vault.close(), azure.close(), sandbox.close()]);
    });
};
