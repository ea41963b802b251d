/**
 * What the report prints: plain data, complete, already counted. The PDF adds nothing, computes no result and drops
 * nothing silently; whoever fills this model answers for its numbers. Times are ISO 8601 in UTC; dates are `YYYY-MM-DD`.
 */

/** Results of a test. A missing permission is `undetermined`, never `exception`. */
export type ResultState = 'pass' | 'exception' | 'not-applicable' | 'evidence-required' | 'undetermined';

/** How a value is known. */
export type Basis = 'observed' | 'logged' | 'client-provided' | 'declared' | 'computed';

/** Ledger sequence numbers of the exchanges (or other entries) that a statement rests on. */
export type Citations = readonly number[];

/** A value with its basis; `value: null` is printed as not known, with the reason. */
export interface Fact {
  value: string | null;
  basis: Basis;
  /** Why there is no value, or what limits it; the provider's own error where there is one. */
  reason?: string;
  citations?: Citations;
}

export interface ReportModel {
  format: 'keywitness-report-1';
  /** True when any evidence comes from the sandbox: every page is then marked. */
  sample: boolean;
  pack: PackIdentity;
  tool: { name: string; version: string; rules: string };
  engagement: EngagementPart;
  /** When the evidence was collected, and by whom. */
  collection: { startedAt: string; endedAt: string; by: string; snapshots: number };
  verdict: Verdict;
  /** The four things auditors expect, (a) to (d), in order. */
  exhibits: readonly Exhibit[];
  sources: readonly SourcePart[];
  method: MethodPart;
  completeness: CompletenessPart;
  /** The four findings auditors commonly raise, in order. */
  findings: readonly FindingPart[];
  controls: readonly ControlPart[];
  inventory: InventoryPart;
  keyPages: KeyPagesPart;
  changes: ChangesPart;
  /** Null when no procedure document was given. */
  procedure: ProcedurePart | null;
  /** Null when no review was given. */
  review: ReviewPart | null;
  provenance: readonly ProvenanceCard[];
  /** Statements of this engagement in addition to those every report makes. */
  limitations: readonly string[];
  redactions: readonly { what: string; rule: string; count: number }[];
  signing: SigningPart;
  /** Files carried inside the PDF, e.g. a summary of `pack.json`. Text only. */
  attachments: readonly { fileName: string; mediaType: string; description: string; text: string }[];
}

export interface PackIdentity {
  id: string;
  name: string;
  /** The pack's own time: the only clock that enters the file. */
  builtAt: string;
  zipFile: string;
  pdfFile: string;
  merkleRoot: string;
  ledgerHead: string;
  ledgerEntries: number;
}

export interface EngagementPart {
  client: string;
  title: string;
  mode: 'management' | 'service-auditor';
  /** `point-in-time` tests answer once, `period` tests twice. */
  type: 'point-in-time' | 'period';
  criteria: readonly { id: string; text: string }[];
  /** Inclusive dates; for point-in-time both are the as-of date. */
  period: { from: string; to: string };
  operators: readonly { name: string; role: string; organisation?: string }[];
  /** Policy parameters that tests use, each with the clause behind it. */
  parameters: readonly { name: string; value: string; basis: Basis; clause: string | null }[];
}

/** The numbers of page one. */
export interface Verdict {
  keys: number;
  exceptions: number;
  undetermined: number;
  evidenceRequired: number;
  gaps: number;
  /** Share of source-days covered by logs, 0 to 100; null when no log source was in scope. */
  coveragePercent: number | null;
  /** One to three sentences that restate the numbers, without an opinion. */
  summary: readonly string[];
}

export interface Exhibit {
  letter: 'a' | 'b' | 'c' | 'd';
  title: string;
  /** What was delivered, in one line; null means *not provided* and `reason` says why. */
  provided: string | null;
  reason?: string;
  /** Paths within the zip. */
  files: readonly string[];
  section: SectionId;
}

/** The report's sections; also the names of their anchors. */
export type SectionId =
  | 'scope'
  | 'method'
  | 'completeness'
  | 'findings'
  | 'controls'
  | 'inventory'
  | 'keys'
  | 'changes'
  | 'procedure'
  | 'review'
  | 'provenance'
  | 'limitations'
  | 'glossary'
  | 'signatures';

export interface SourcePart {
  id: string;
  provider: string;
  /** Account, subscription or cluster. */
  scope: string;
  name: string;
  regions: readonly string[];
  caller: string;
  authentication: string;
  keys: number | null;
  /** Regions, namespaces or services not collected, with the reason. */
  notCollected: readonly { what: string; reason: string }[];
}

export interface MethodPart {
  /** Sentences about how evidence was collected. */
  statements: readonly string[];
  operations: readonly {
    service: string;
    operation: string;
    calls: number;
    succeeded: number;
    denied: number;
    failed: number;
    retried: number;
    /** Requests per second allowed by the plan, and what the provider publishes. */
    quota: string;
  }[];
  clocks: readonly { host: string; offsetMs: number; samples: number }[];
  tls: readonly { host: string; issuer: string; sha256: string; notAfter: string }[];
  /** Endpoints overridden, proxies, corporate CAs: anything a reader must know about the way to the provider. */
  notices: readonly string[];
}

export interface CompletenessPart {
  /** Counts that add up: `listed` is the sum of the parts. */
  counts: readonly {
    source: string;
    what: string;
    listed: number;
    parts: readonly { label: string; count: number }[];
    listedAgain: number | null;
  }[];
  /** Equal gaps stand together; `gaps` says how many. */
  gaps: readonly {
    id: string;
    gaps: number;
    source: string;
    what: string;
    reason: string;
    since?: string;
    citations: Citations;
  }[];
  /** Gaps of one snapshot that another of the same view fills; equal ones stand together. */
  closedGaps: readonly {
    gaps: number;
    /** The snapshot that has the gap. */
    snapshot: string;
    source: string;
    what: string;
    reason: string;
    /** The snapshots that fill it, and how. */
    closed: string;
    citations: Citations;
  }[];
  coverage: readonly CoveragePart[];
  /** Keys that logs name and the inventory does not, with the explanation. */
  unlisted: readonly { key: string; source: string; events: number; explanation: string }[];
}

export interface CoveragePart {
  source: string;
  region: string;
  /** 0 to 100. */
  percent: number;
  /** UTC, `[from, to)`. */
  intervals: readonly {
    from: string;
    to: string;
    state: 'covered' | 'provisional' | 'gap';
    reason?: string;
  }[];
}

export type FindingId = 'rotation' | 'access' | 'logging' | 'ownership';

export interface FindingPart {
  id: FindingId;
  title: string;
  /** The answer in a sentence, in numbers. */
  answer: string;
  controls: readonly string[];
}

export type StateCounts = Readonly<Record<ResultState, number>>;

/** One control and its test. */
export interface ControlPart {
  id: string;
  title: string;
  question: string;
  criteria: readonly string[];
  /** The client's own number for it, when given. */
  clientControl?: string;
  finding: FindingId | null;
  method: string;
  permission: string;
  policyClause?: string;
  remediation: string;
  atCollection: StateCounts;
  /** Null in a point-in-time engagement. */
  throughout: StateCounts | null;
  exceptions: readonly ExceptionPart[];
  /** Subjects without an answer; each group says which error or which evidence is missing. */
  open: readonly OpenPart[];
  /** Subjects of all groups in `open`, printed or not. */
  openTotal: number;
}

/** What a result is about. `page` names a key page when there is one. */
export interface Subject {
  label: string;
  detail?: string;
  keyPage?: string;
}

/** Subjects that have the same result for the same reason. */
export interface ResultGroup {
  subjects: readonly Subject[];
  /** How many there are; those beyond `subjects` are in the file of all results. */
  total: number;
  /** The reason, and where it is a list, its entries. */
  reason: string;
  items: readonly string[];
  citations: Citations;
}

export interface ExceptionPart {
  number: string;
  observation: string;
  /** Subjects of all groups, printed or not. */
  total: number;
  groups: readonly (ResultGroup & { atCollection: ResultState; throughout: ResultState | null })[];
  /** A response never changes the result. */
  response?: { text: string; by: string; at: string; owner?: string; due?: string; compensating?: string };
}

export interface OpenPart extends ResultGroup {
  state: 'undetermined' | 'evidence-required';
}

export interface InventoryPart {
  rows: readonly InventoryRow[];
  total: number;
  /** Where all of them are, within the zip. */
  file: string;
}

export interface InventoryRow {
  keyPage?: string;
  key: string;
  alias: string;
  scope: string;
  region: string;
  state: string;
  algorithm: string;
  origin: string;
  rotation: string;
  owner: string | null;
  result: ResultState;
}

export interface KeyPagesPart {
  /** Keys with a page of their own, most important first. At most `keyPageLimit` are printed. */
  keys: readonly KeyPart[];
  total: number;
  /** How they were chosen, in a sentence. */
  order: string;
  /** Where the others are, within the zip. */
  file: string;
}

export interface KeyPart {
  /** Unique among the keys of the report. */
  id: string;
  keyId: string;
  arn: string;
  alias: Fact;
  source: string;
  account: string;
  region: string;
  state: Fact;
  algorithm: Fact;
  use: Fact;
  origin: Fact;
  manager: Fact;
  created: Fact;
  rotation: { status: Fact; period: Fact; last: Fact; next: Fact };
  owner: Fact;
  purpose: Fact;
  /** Results of the tests of this key. */
  results: readonly {
    control: string;
    title: string;
    atCollection: ResultState;
    throughout: ResultState | null;
    detail: string;
    citations: Citations;
  }[];
  /** The responses the card was made from. */
  responses: readonly {
    exchange: number;
    operation: string;
    at: string;
    requestId: string;
    status: string;
    /** Null when the answer had no body. */
    sha256: string | null;
  }[];
  policy: { statements: number; summary: readonly string[]; sha256: string; at: string } | null;
  /** Why a policy that was asked for is not there; null when the provider attaches none to a key. */
  policyMissing: string | null;
  access: readonly {
    /** One or more of administer, use, grant. */
    rights: string;
    principal: string;
    kind: string;
    path: string;
    note?: string;
  }[];
  /** All ways to the key; those beyond `access` are in the zip. */
  accessTotal: number;
  usage: KeyUsage;
}

export interface KeyUsage {
  bins: readonly { label: string; count: number; covered: boolean | 'partial' }[];
  total: number;
  statement: string;
  operations: readonly { operation: string; count: number; principals: number }[];
}

export interface ChangesPart {
  /** Changes within the period, oldest first. */
  events: readonly {
    at: string;
    kind: string;
    subject: string;
    keyPage?: string;
    by: string;
    detail: string;
    weakens: boolean;
    citations: Citations;
  }[];
  total: number;
  file: string;
}

export interface ProcedurePart {
  title: string;
  version: string;
  /** Null where the document names none. */
  approvedBy: string | null;
  approvedAt: string | null;
  nextReview: string | null;
  /** Where the organisation keeps it. */
  location: string | null;
  sha256: string;
  file: string;
  clauses: readonly { clause: string; text: string; parameter: string }[];
}

export interface ReviewPart {
  reviewer: string;
  role: string;
  signedAt: string | null;
  periodReviewed: string;
  populationSha256: string;
  items: number;
  decisions: readonly { decision: string; count: number }[];
  findings: readonly {
    subject: string;
    decision: string;
    note: string;
    remediation: string;
    due: string | null;
  }[];
  file: string;
}

/** The minimal provenance card of one data set. */
export interface ProvenanceCard {
  title: string;
  source: string;
  operations: string;
  parameters: string;
  startedAt: string;
  endedAt: string;
  clockOffsetMs: number | null;
  caller: string;
  pages: number;
  items: number;
  /** A second count from an independent call. */
  expected: { count: number | null; how: string };
  firstRecord: string | null;
  lastRecord: string | null;
  errors: string;
  retention: string;
  sha256: string;
  operator: string;
  redactions: string;
  citations: Citations;
}

export interface SigningPart {
  signer: string;
  subject: string;
  fingerprint: string;
  /** How the signer's certificate is anchored, e.g. `issued by Example CA` or `self-signed`. */
  anchoring: string;
  algorithm: string;
}
