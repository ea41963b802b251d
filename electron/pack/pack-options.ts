import type { SealOutcome } from '../seal/outcome.ts';
import type { RetrievalOptions } from '../seal/revocation/fetch.ts';
import type { Operator } from '../engagement/engagement.ts';
import type { Signer } from '../seal/signer.ts';
import type { TimestampOptions } from '../seal/timestamp/client.ts';
import type { ControlFacts } from './exhibits/tests.ts';
import type { Exhibit, PackFile } from './files/pack-file.ts';
import type { RedactionRules } from './redact/rules.ts';
import type { LogFacts } from './report/log-facts.ts';
import type { ViewerTable } from './viewer/viewer.ts';

/** What to build a pack from, and with what to seal it. */
export interface PackOptions {
  /** Folder for the two files; made when absent. */
  folder: string;
  snapshot: string;
  signer: Signer;
  /** Null builds a pack whose time is pending. */
  timestamp: TimestampOptions | null;
  /** Certificates to put beside the evidence for the commands of VERIFY.txt, DER; may be empty. */
  signerRoots: readonly Uint8Array[];
  authorityRoots: readonly Uint8Array[];
  /** How certificates and revocation data are fetched; only tests give it. */
  retrieval?: RetrievalOptions;
  now: Date;
  controls: readonly ControlFacts[];
  rulesVersion: string;
  quotaOf: (op: string) => string;
  notices: readonly string[];
  logs: LogFacts & {
    /** Files of data/3-usage-logs made from events: events.csv, changes.csv, extract.json, digests.json. */
    files: readonly PackFile[];
    tables: readonly ViewerTable[];
  };
  /** Names of the files instead of the pack's own name, for the demo. */
  names?: { pdf: string; zip: string };
  /** What to take out, and who decided it. */
  redaction?: { rules: RedactionRules; by: Operator };
  onProgress?: (step: string) => void;
}

/** A finished pack. */
export interface BuiltPack {
  name: string;
  pdf: string;
  zip: string;
  /** SHA-256 of the zip, hex. */
  zipSha256: string;
  zipBytes: number;
  /** Null while the time is pending, with the reason beside it. */
  provenTime: string | null;
  timePending: string | null;
  /** Level both files reached, what the next one lacks, and who was asked for time and revocation. */
  seal: SealOutcome;
  exhibits: readonly Exhibit[];
}
