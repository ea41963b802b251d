import { inventoryOf } from '../../../db/derived/inventory.ts';
import type { ReadableDb } from '../../../db/handle.ts';
import { currentEngagement, currentSources, snapshots } from '../../engagement/current.ts';
import type { Engagement, Source } from '../../engagement/engagement.ts';
import type { PolicyParameters } from '../../engagement/parameters.ts';
import { declared } from '../../engagement/declarations.ts';
import { VERSION } from '../../engine/version.ts';
import { firstDay, lastDay } from '../pack-name.ts';
import type {
  ChangesPart,
  Exhibit as ReportExhibit,
  InventoryRow,
  ReportModel,
  ResultState,
  SigningPart,
} from '../pdf/report-model.ts';
import type { ControlFacts } from '../exhibits/tests.ts';
import { completenessPart, methodPart, sourceParts } from './completeness-part.ts';
import { controlParts, findingParts } from './control-parts.ts';
import { azureSourceFacts } from './azure-source-facts.ts';
import { KEY_ROW_COLUMNS, keyPart, pageId, type KeyRow } from './key-part.ts';
import { procedurePart } from '../exhibits/procedure.ts';
import { reviewPart } from '../exhibits/review.ts';
import type { LogFacts } from './log-facts.ts';
import { provenanceCards } from './provenance.ts';
import { statistics } from './statistics.ts';
import { subjectNames } from './subject-names.ts';
import { vaultSourceFacts } from './vault-source-facts.ts';

/** What the report needs besides the database. */
export interface ReportFacts {
  snapshot: string;
  pack: ReportModel['pack'];
  controls: readonly ControlFacts[];
  exhibits: readonly ReportExhibit[];
  logs: LogFacts;
  signing: SigningPart;
  rulesVersion: string;
  /** Published quota and the share used, for people, by operation id. */
  quotaOf: (op: string) => string;
  notices: readonly string[];
  /** Keys with a page of their own. */
  keyPageLimit: number;
}

const CRITERIA: Record<string, string> = {
  'CC6.1':
    'Logical access security over protected information assets, including protection of encryption keys',
  'CC6.3': 'Access is authorised, modified and removed by role, with segregation of duties',
  'CC7.2': 'System components are monitored for anomalies',
};

/** Fills the report's model from the derived tables. Nothing is computed by the PDF. */
export function fillReport(db: ReadableDb, facts: ReportFacts): ReportModel {
  const { snapshot } = facts;
  const engagement = currentEngagement(db);
  const run = snapshots(db).find((s) => s.id === snapshot)!;
  const numbers = statistics(db, snapshot);
  const keys = orderedKeys(db, snapshot);
  const paged = keys.slice(0, facts.keyPageLimit);
  const keyPages = new Set(paged.map((k) => k.id));
  const controls = controlParts(db, snapshot, facts.controls, {
    type: engagement.type,
    names: subjectNames(db, snapshot, keyPages),
  });
  const context = {
    snapshot,
    controls: facts.controls,
    usageOf: facts.logs.usageOf,
  };
  return {
    format: 'keywitness-report-1',
    sample: engagement.sample,
    pack: facts.pack,
    tool: { name: 'Keywitness', version: VERSION, rules: facts.rulesVersion },
    engagement: engagementPart(db, engagement),
    collection: {
      startedAt: run.startedAt,
      endedAt: run.close?.endedAt ?? facts.pack.builtAt,
      by: run.by.name,
      snapshots: snapshots(db).length,
    },
    verdict: {
      ...numbers,
      coveragePercent: facts.logs.coveragePercent,
      summary: [
        `${numbers.keys} keys were examined by ${facts.controls.length} tests of controls.`,
        `${numbers.exceptions} exceptions were noted; ${numbers.undetermined} results could not be determined and ${numbers.evidenceRequired} need evidence that was not given.`,
        ...periodOnly(db, snapshot),
        `${numbers.gaps} gaps are listed with the provider's own error.`,
      ],
    },
    exhibits: facts.exhibits,
    sources: sourceParts(db, snapshot, currentSources(db).map(sourceFacts)),
    method: methodPart(db, snapshot, facts.quotaOf, facts.notices),
    completeness: completenessPart(db, snapshot, facts.logs),
    findings: findingParts(controls),
    controls,
    inventory: {
      rows: inventoryRows(db, snapshot, keys, keyPages),
      total: keys.length,
      file: 'data/1-key-configuration/keys.csv',
    },
    keyPages: {
      keys: paged.map((row) => keyPart(db, row, context)),
      total: keys.length,
      order: 'Keys with exceptions first, then keys without an answer, then by account, region and id.',
      file: 'data/1-key-configuration/keys.csv',
    },
    changes: withPages(facts.logs.changes, keyPages),
    procedure: procedurePart(db),
    review: reviewPart(db),
    provenance: provenanceCards(db, snapshot, run.by.name),
    limitations: [],
    redactions: [],
    signing: facts.signing,
    attachments: [],
  };
}

/** Says how many results are open only because logs leave a stretch of the period out. */
function periodOnly(db: ReadableDb, snapshot: string): string[] {
  const open = db
    .prepare<[string], number>(
      `SELECT count(*) FROM test_result p JOIN test_result c
           ON c.snapshot = p.snapshot AND c.control = p.control AND c.subject = p.subject AND c.at = 'collection'
        WHERE p.snapshot = ? AND p.at = 'period' AND p.result = 'undetermined' AND c.result <> 'undetermined'`,
    )
    .pluck()
    .get(snapshot)!;
  if (open === 0) return [];
  return [
    `Of those, ${open} were answered at collection and are open for the period only: the logs do not show every moment of it.`,
  ];
}

/** Links to key pages only where there is one. */
function withPages(changes: ChangesPart, keyPages: ReadonlySet<string>): ChangesPart {
  const printed = new Set([...keyPages].map(pageId));
  return {
    ...changes,
    events: changes.events.map(({ keyPage, ...event }) => ({
      ...event,
      ...(keyPage && printed.has(keyPage) ? { keyPage } : {}),
    })),
  };
}

function engagementPart(db: ReadableDb, engagement: Engagement): ReportModel['engagement'] {
  const operators = new Map(declared(db, 'engagement').map((d) => [d.by.name, d.by]));
  for (const s of snapshots(db)) operators.set(s.by.name, s.by);
  return {
    client: engagement.client,
    title: 'Encryption key management',
    mode: engagement.mode === 'auditor' ? 'service-auditor' : 'management',
    type: engagement.type === 1 ? 'point-in-time' : 'period',
    criteria: engagement.criteria.map((id) => ({ id, text: CRITERIA[id] ?? '' })),
    period: { from: firstDay(engagement.period), to: lastDay(engagement.period) },
    operators: [...operators.values()].map((by) => ({ name: by.name, role: 'operator' })),
    parameters: parameterRows(engagement.parameters),
  };
}

const PARAMETER_NAMES: Record<keyof PolicyParameters, string> = {
  rotationDays: 'Longest time between rotations (days)',
  approvedAlgorithms: 'Approved algorithms',
  approvedKeyManagement: 'Approved key management systems',
  approvedAccounts: 'Approved accounts',
  approvedLogDestinations: 'Approved central log destinations',
  logRetentionDays: 'Log retention (days)',
  ownerTags: 'Tags that name the owner',
  authorisationTags: 'Tags that name the authorisation',
  justificationTags: 'Tags that justify imported material',
  systemTags: 'Tags that name the system',
  dataClassTags: 'Tags that name the data class',
};

function parameterRows(parameters: PolicyParameters): ReportModel['engagement']['parameters'] {
  return (Object.keys(PARAMETER_NAMES) as (keyof PolicyParameters)[]).map((name) => {
    const { value, clause } = parameters[name];
    const text = Array.isArray(value) ? value.join(', ') || 'none recorded' : String(value);
    return {
      name: PARAMETER_NAMES[name],
      value: text,
      basis: 'declared',
      clause: clause ?? 'program default',
    };
  });
}

function sourceFacts(source: Source) {
  if (source.provider === 'files') {
    return {
      id: source.id,
      provider: 'Files the client exported',
      title: source.title,
      authentication: 'imported from disk',
    };
  }
  if (source.provider === 'azure') return azureSourceFacts(source);
  if (source.provider === 'vault') return vaultSourceFacts(source);
  const from = {
    'default-chain': 'standard credential chain',
    environment: 'environment',
    profile: 'shared profile',
    sso: 'IAM Identity Center',
  };
  const assumed = source.assumeRole ? `, assuming ${source.assumeRole.roleArn}` : '';
  return {
    id: source.id,
    provider: 'AWS',
    title: source.title,
    authentication: `${from[source.credentials.from]}${assumed}`,
  };
}

/** Keys with the most serious of their results first. Results are read once, not once a key. */
function orderedKeys(db: ReadableDb, snapshot: string): (KeyRow & { rank: number | null })[] {
  return db
    .prepare<[string, string], KeyRow & { rank: number | null }>(
      `WITH ranks AS MATERIALIZED (
         SELECT subject, max(CASE result WHEN 'exception' THEN 3 WHEN 'undetermined' THEN 2 WHEN 'evidence-required' THEN 1 ELSE 0 END) AS rank
           FROM test_result WHERE snapshot = ? GROUP BY subject)
       SELECT ${KEY_ROW_COLUMNS.map((c) => `k.${c}`).join(', ')}, r.rank FROM key k
         LEFT JOIN ranks r ON r.subject = k.id
        WHERE k.snapshot = ? AND k.belongs = 'inventory'
        ORDER BY r.rank DESC, k.account, k.region, k.id`,
    )
    .all(snapshot, snapshot);
}

/** Rows of the inventory that are printed; the file has all. */
const MOST_INVENTORY_ROWS = 2000;

function inventoryRows(
  db: ReadableDb,
  snapshot: string,
  keys: readonly (KeyRow & { rank: number | null })[],
  keyPages: ReadonlySet<string>,
): InventoryRow[] {
  const alias = db
    .prepare<[string, string], string>(
      'SELECT name FROM key_alias WHERE snapshot = ? AND key = ? ORDER BY name LIMIT 1',
    )
    .pluck();
  const results: ResultState[] = ['pass', 'evidence-required', 'undetermined', 'exception'];
  return keys.slice(0, MOST_INVENTORY_ROWS).map((key) => {
    return {
      ...(keyPages.has(key.id) ? { keyPage: pageId(key.id) } : {}),
      key: key.native_id,
      alias: alias.get(snapshot, key.id) ?? '',
      scope: key.account,
      region: key.region,
      state: key.state ?? 'not known',
      algorithm: key.algorithm ?? 'not known',
      origin: key.origin ?? 'not known',
      rotation: rotationWord(key),
      owner: inventoryOf(db, snapshot, key.id)?.owner ?? null,
      result: key.rank === null ? 'not-applicable' : results[key.rank]!,
    };
  });
}

function rotationWord(key: KeyRow): string {
  if (key.rotation_enabled === 1) return `every ${key.rotation_period_days ?? 365} days`;
  if (key.rotation_enabled === 0) return 'not enabled';
  return key.rotation_support === 'automatic' ? 'not known' : (key.rotation_support ?? 'not known');
}
