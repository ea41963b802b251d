import { createAwsHandler, type CallRecord } from './aws/handle.ts';
import { createIdentities, type PolicyOverrides, type SandboxCredentials } from './aws/identities.ts';
import { buildCompany } from './company/company.ts';
import type { Account, Company, CompanyOptions } from './company/types.ts';
import { setLogOptions, type LogOptions } from './events/options.ts';
import type { Failure } from './server/failures.ts';
import { listen } from './server/listen.ts';
import type { Quotas } from './server/throttle.ts';

/**
 * The sample environment: AWS as the sample company sees it, over the real protocols on loopback. Evidence taken from
 * it is SAMPLE — NOT EVIDENCE.
 */
export interface SandboxOptions extends CompanyOptions {
  /** Milliseconds added to every answer. Default 0. */
  latencyMs?: number;
  /** Milliseconds added to the answers of single operations, e.g. { 'kms:ListKeys': 500 }. */
  slow?: Record<string, number>;
  /**
   * Requests per second and operation, in each account and Region: 'sandbox' (generous, the default), 'aws' (AWS's own
   * default quotas), or numbers by operation ('kms:DescribeKey': 50) on top of the generous ones.
   */
  quotas?: Quotas;
  failures?: Failure[];
  /** How much is logged, in what files, and what is wrong with them. */
  logs?: LogOptions;
  /** Identity policies by access key id or credential name ('auditor' …), instead of those the company gave. */
  policies?: PolicyOverrides;
}

/** Where the sandbox is and how to sign in; plain data, so that it crosses process borders. */
export interface SandboxAws {
  endpoint: string;
  credentials: SandboxCredentials;
  accounts: [Account, Account];
  /** The enabled Regions. */
  regions: string[];
  /** Role to assume from `auditor` in the security account, and what it asks for. */
  securityRoleArn: string;
  externalId: string;
  /** The quotas in force, as given. */
  quotas: Quotas;
}

export interface Sandbox {
  aws: SandboxAws;
  company: Company;
  /** Every answered request so far, in order of answering. */
  calls(): Promise<CallRecord[]>;
  close(): Promise<void>;
}

/** Starts the sandbox in this process. @throws SandboxError bad-option; SampleLogError bad-option */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const company = buildCompany(options);
  setLogOptions(company, options.logs ?? {});
  const identities = createIdentities(company, options.policies);
  const quotas = options.quotas ?? 'sandbox';
  const calls: CallRecord[] = [];
  const handler = createAwsHandler(company, identities, {
    quotas,
    failures: options.failures ?? [],
    onCall: (record) => calls.push(record),
  });
  const listener = await listen(handler, { latencyMs: options.latencyMs ?? 0, slow: options.slow ?? {} });
  const security = company.accounts[1];
  return {
    aws: {
      endpoint: listener.endpoint,
      credentials: identities.credentials,
      accounts: company.accounts,
      regions: company.enabledRegions,
      securityRoleArn: `arn:aws:iam::${security.id}:role/KeywitnessAuditor`,
      externalId: company.auditorExternalId,
      quotas,
    },
    company,
    calls: async () => [...calls],
    close: () => listener.close(),
  };
}
