import { writeFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { openReadable } from '../../db/open.ts';
import { chosenSnapshot } from '../engine/snapshot-choice.ts';
import { fileAt } from '../review/attachments.ts';
import { keySets } from '../review/key-sets.ts';
import { attachProcedure } from '../review/procedure.ts';
import { procedureTemplate, templateDocx, templateMarkdown } from '../review/procedure-template.ts';
import { recordRotation, recordSchedule } from '../review/rotation.ts';
import type { Verb } from './context.ts';
import { day } from './dates.ts';
import {
  documentFacts,
  recording,
  resolveKeys,
  withDocumentOptions,
  withRecordOptions,
  type DocumentOptions,
  type RecordOptions,
} from './record-verbs.ts';

/** `procedure attach|template`. */
export const procedureVerb: Verb = (program, { output }) => {
  const procedure = program.command('procedure').description('the key management procedure');
  withRecordOptions(
    withDocumentOptions(
      procedure
        .command('attach')
        .description('attach the procedure as given; its words are read for the tests of what it covers')
        .argument('<file>', 'PDF, DOCX or Markdown')
        .option('--location <text>', 'where the organisation keeps it, for example a repository address'),
    ),
  ).action(async (path: string, options: RecordOptions & DocumentOptions & { location?: string }) => {
    const value = await recording(options, (work, by) =>
      attachProcedure(work, by, fileAt(path), {
        ...documentFacts(options),
        location: options.location ?? null,
      }),
    );
    output.line(`Attached ${path}, SHA-256 ${value.attachment}.`);
    if (value.unreadable) output.line(`Its words could not be read: ${value.unreadable}.`);
    output.object({ ...value, words: value.words?.length ?? null });
  });
  withRecordOptions(
    procedure
      .command('template')
      .description('write a procedure filled from the inventory, to edit')
      .requiredOption('--out <file>', 'a name ending in .docx or .md'),
  ).action(async (options: RecordOptions & { out: string }) => {
    if (!/\.(docx|md)$/.test(options.out))
      throw new InvalidArgumentError('cannot write the template: give a name that ends in .docx or .md.');
    const db = openReadable(options.engagement);
    try {
      const template = procedureTemplate(db, chosenSnapshot(db, options.snapshot).id);
      writeFileSync(
        options.out,
        options.out.endsWith('.md') ? templateMarkdown(template) : await templateDocx(template),
      );
      output.line(`Wrote ${options.out}.`);
      output.object({ file: options.out });
    } finally {
      db.close();
    }
  });
};

/** `rotation schedule|record`: rotation by hand. */
export const rotationVerb: Verb = (program, { output }) => {
  const rotation = program
    .command('rotation')
    .description('rotation by hand, where automation is impossible');
  withRecordOptions(
    rotation
      .command('schedule')
      .description('how often a key, or the keys of a set, are rotated by hand')
      .argument('<key-or-set>')
      .requiredOption('--every <days>', 'days between rotations', Number)
      .requiredOption('--why <text>', 'why automation is impossible')
      .requiredOption('--performer <name>', 'who rotates')
      .requiredOption('--next <date>', 'next rotation', day),
  ).action(
    async (
      name: string,
      options: RecordOptions & { every: number; why: string; performer: string; next: string },
    ) => {
      await recording(options, async (work, by) => {
        const snapshot = chosenSnapshot(work.db, options.snapshot).id;
        const subject = keySets(work.db).has(name) ? name : resolveKeys(work, snapshot, [name])[0]!;
        const { every, why, performer, next } = options;
        await recordSchedule(work, by, snapshot, subject, { everyDays: every, reason: why, performer, next });
      });
      output.line(`Recorded for ${name}.`);
      output.object({ subject: name });
    },
  );
  withRecordOptions(
    rotation
      .command('record')
      .description('a rotation that was done by hand, with the file that evidences it')
      .argument('<key>')
      .requiredOption('--on <date>', 'when', day)
      .requiredOption('--performer <name>', 'who did it')
      .requiredOption('--why <text>', 'what was done and why')
      .option('--evidence <file>', 'change record, ceremony protocol, screenshot'),
  ).action(
    async (
      name: string,
      options: RecordOptions & { on: string; performer: string; why: string; evidence?: string },
    ) => {
      await recording(options, async (work, by) => {
        const snapshot = chosenSnapshot(work.db, options.snapshot).id;
        await recordRotation(work, by, snapshot, {
          ...{ key: resolveKeys(work, snapshot, [name])[0]!, rotatedAt: `${options.on}T00:00:00.000Z` },
          ...{ performer: options.performer, reason: options.why },
          evidence: options.evidence ? fileAt(options.evidence) : null,
        });
      });
      output.line(`Recorded for ${name}.`);
      output.object({ key: name });
    },
  );
};
