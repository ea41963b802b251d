import type { GivenCredentials } from '../../collect/run-options.ts';
import type { QuotaChoice } from '../../engagement/collection.ts';
import type { Source } from '../../engagement/engagement.ts';
import type { LedgerWriter } from '../../../db/ledger/writer.ts';
import type { Signer } from '../../seal/signer.ts';
import type { Tsa } from '../../sandbox/tsa/tsa.ts';

/** The sample environment while it runs: servers on loopback, a signer and a timestamp authority of its own. */
export interface SampleEnvironment {
  signer: Signer;
  tsa: Tsa;
  quotas: QuotaChoice;
  /** Where the sample company's console is. */
  consoleAddress: string;
  /** Declares the sample company's engagement and sources. */
  declare(writer: LedgerWriter): Promise<void>;
  /** Declares where it runs now. */
  declareSources(writer: LedgerWriter): Promise<void>;
  credentialsFor(source: Source): GivenCredentials | null;
  close(): Promise<void>;
}

/** Starts it. Loaded here: nothing else needs the sample environment. */
export async function startSample(): Promise<SampleEnvironment> {
  const [
    { startSandbox },
    { startAzureSandbox },
    { startTsa },
    { createDemoSigner },
    { startSampleConsole },
    ...demos
  ] = await Promise.all([
    import('../../sandbox/index.ts'),
    import('../../sandbox/azure/index.ts'),
    import('../../sandbox/tsa/tsa.ts'),
    import('../../seal/demo-signer.ts'),
    import('../../sandbox/console/console.ts'),
    import('../../demo/run-demo.ts'),
    import('../../demo/sample-azure.ts'),
    import('../../demo/sample-vault.ts'),
  ]);
  const [demo, demoAzure, demoVault] = demos;
  const sandbox = await startSandbox();
  const azure = await startAzureSandbox();
  const vault = await demoVault.startSampleVault(sandbox.company);
  const console = await startSampleConsole(sandbox.company);
  const declareOthers = async (writer: LedgerWriter): Promise<void> => {
    await demoVault.declareSampleVault(writer, demo.OPERATOR, vault);
    await demoAzure.declareSampleAzure(writer, demo.OPERATOR, azure);
  };
  const { ca, signer } = await createDemoSigner(new Date());
  const tsa = await startTsa({ ca });
  return {
    signer,
    tsa,
    consoleAddress: console.url,
    quotas: { multiplier: 100, reason: 'the sample environment declares quotas a hundred times higher' },
    declare: (writer) => demo.declareSample(writer, sandbox).then(() => declareOthers(writer)),
    declareSources: (writer) => demo.declareSampleSources(writer, sandbox).then(() => declareOthers(writer)),
    credentialsFor: (source) => {
      if (source.provider === 'vault') return demoVault.sampleVaultCredentials(vault);
      return source.provider === 'azure'
        ? demoAzure.sampleAzureCredentials(azure)
        : demo.credentialsFor(sandbox, source);
    },
    async close() {
      await console.close();
      await tsa.close();
      await vault.close();
      await azure.close();
      await sandbox.close();
    },
  };
}
