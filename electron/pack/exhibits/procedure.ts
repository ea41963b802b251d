import type { ReadableDb } from '../../../db/handle.ts';
import { declared, latestDeclared } from '../../engagement/declarations.ts';
import { attachmentPath, attachments } from '../../review/attachments.ts';
import { currentProcedure, notCovered, systemsInUse } from '../../review/procedure.ts';
import { csvFile, type Cell } from '../files/csv.ts';
import type { PackFile } from '../files/pack-file.ts';
import type { ProcedurePart } from '../pdf/report-model.ts';
import { attachedFiles, json } from './records.ts';

const FOLDER = 'data/5-procedure';

/** data/5-procedure/: the document as given, and what it says of itself. */
export function procedureFiles(db: ReadableDb, snapshot: string): PackFile[] {
  const procedure = currentProcedure(db);
  if (!procedure) return [];
  const { words, ...facts } = procedure;
  const missing = words === null ? null : notCovered(words, systemsInUse(db, snapshot));
  return [
    {
      path: `${FOLDER}/procedure.json`,
      content: () =>
        json({
          ...facts,
          ledgerEntry: facts.seq,
          file: fileOf(db, facts.attachment, FOLDER),
          notCovered: missing,
        }),
    },
    ...attachedFiles(db, FOLDER, ['procedure']),
  ];
}

const SCHEDULES = [
  'key_or_set',
  'every_days',
  'why_by_hand',
  'performer',
  'next',
  'recorded_by',
  'ledger_entry',
];
const ROTATIONS = ['key', 'rotated_at', 'performer', 'what', 'evidence', 'recorded_by', 'ledger_entry'];

/** Rotation by hand: schedules, rotations done, and the files that evidence them. */
export function manualRotationFiles(db: ReadableDb): PackFile[] {
  const folder = 'data/1-key-configuration';
  const schedules = [...latestDeclared(db, 'rotation.schedule').values()];
  const rotations = declared(db, 'rotation.manual');
  return [
    ...(schedules.length === 0
      ? []
      : [
          {
            path: `${folder}/rotation-schedules.csv`,
            content: () =>
              csvFile(
                SCHEDULES,
                schedules.map(({ subject, seq, by, value }): Cell[] => [
                  ...[subject, value.everyDays, value.reason, value.performer, value.next, by.name, seq],
                ]),
              ),
          },
        ]),
    ...(rotations.length === 0
      ? []
      : [
          {
            path: `${folder}/manual-rotations.csv`,
            content: () =>
              csvFile(
                ROTATIONS,
                rotations.map(({ subject, seq, by, value }): Cell[] => [
                  ...[subject, value.rotatedAt, value.performer, value.reason],
                  ...[
                    value.evidenceSha256 === null
                      ? null
                      : fileOf(db, value.evidenceSha256, 'data/attachments'),
                    by.name,
                    seq,
                  ],
                ]),
              ),
          },
        ]),
    ...attachedFiles(db, 'data/attachments', ['rotation', 'logging', 'approval', 'remediation']),
  ];
}

function fileOf(db: ReadableDb, sha256: string, folder: string): string {
  const found = attachments(db).find((a) => a.sha256 === sha256);
  return found ? attachmentPath(folder, found) : '';
}

/** The procedure in the report; the clauses are those of the policy that sets the parameters. */
export function procedurePart(db: ReadableDb): ProcedurePart | null {
  const procedure = currentProcedure(db);
  if (!procedure) return null;
  const policy = latestDeclared(db, 'policy.document').get('')?.value;
  return {
    ...{ title: procedure.title, version: procedure.version, sha256: procedure.attachment },
    ...{ approvedBy: procedure.approver, approvedAt: procedure.approvedAt, nextReview: procedure.nextReview },
    ...{ location: procedure.location, file: fileOf(db, procedure.attachment, FOLDER) },
    clauses: policy?.clauses ?? [],
  };
}
