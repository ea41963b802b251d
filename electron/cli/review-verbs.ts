import { writeFileSync } from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { openReadable } from '../../db/open.ts';
import { declared } from '../engagement/declarations.ts';
import { decision, type Decision } from '../engagement/review-kinds.ts';
import { EngineError } from '../engine/error.ts';
import { chosenSnapshot } from '../engine/snapshot-choice.ts';
import { ensureView } from '../engine/views.ts';
import { fileAt } from '../review/attachments.ts';
import { acknowledge, decide, openReview, readReview, reviewIds, type ItemFilter } from '../review/review.ts';
import { drawSample, type SampleOf } from '../review/sample.ts';
import {
  exportReview,
  importClientReview,
  importSignedReview,
  recordRemedy,
  signAddendum,
  signReview,
} from '../review/sign-review.ts';
import { operatorNamed, type CliContext, type Verb } from './context.ts';
import { day } from './dates.ts';
import { recording, withRecordOptions, type RecordOptions } from './record-verbs.ts';
import { signerOf, timestampOf, withSealingOptions, type SealingOptions } from './sealing.ts';

/** `review …`: the annual access and configuration review. */
export const reviewVerb: Verb = (program, context) => {
  const review = program.command('review').description('the annual access and configuration review');
  addOpening(review, context);
  addDeciding(review, context);
  addSigning(review, context);
  addLater(review, context);
};

function addOpening(review: Command, { output }: CliContext): void {
  withRecordOptions(
    review
      .command('open')
      .description('freeze what is to be reviewed: rights, rotation, logging, exceptions')
      .requiredOption('--reviewer <name>', 'who reviews and will sign')
      .requiredOption('--role <text>', 'role of the reviewer')
      .option('--email <address>', 'address of the reviewer, to tell whether they administer keys')
      .option('--last-year <file>', 'decisions.csv of last year’s pack, to stand beside')
      .option('--last-year-signed <date>', 'when last year’s review was signed', day),
  ).action(
    async (
      options: RecordOptions & {
        reviewer: string;
        role: string;
        email?: string;
        lastYear?: string;
        lastYearSigned?: string;
      },
    ) => {
      if (options.lastYear && !options.lastYearSigned)
        throw new InvalidArgumentError(
          'cannot take last year’s decisions: give --last-year-signed, the day that review was signed.',
        );
      const id = await recording(options, async (work, by) => {
        const snapshot = await ensureView(work, by, options.snapshot);
        return openReview(work, by, chosenSnapshot(work.db, snapshot).id, {
          reviewer: { name: options.reviewer, role: options.role, email: options.email ?? null },
          ...(options.lastYearSigned
            ? {
                lastYear: {
                  file: options.lastYear ? fileAt(options.lastYear) : null,
                  signedAt: options.lastYearSigned,
                },
              }
            : {}),
        });
      });
      output.line(`Opened ${id}. Go on with: keywitness review show ${id} --undecided`);
      output.object({ id });
    },
  );
  withRecordOptions(
    review
      .command('show')
      .description('items of a review with their decisions')
      .argument('[id]', 'review; the latest without it')
      .option('--undecided', 'only what is not decided yet'),
  ).action((id: string | undefined, options: RecordOptions & { undecided?: boolean }) => {
    const db = openReadable(options.engagement);
    try {
      const found = readReview(db, latestOr(reviewIds(db), id));
      const items = found.items.filter((item) => !options.undecided || item.decided === null);
      for (const item of items)
        output.line(`${item.id}\t${item.shows}\t${item.decided?.decision ?? 'undecided'}`);
      output.line(`${found.undecided} of ${found.items.length} items are undecided.`);
      output.object({ id: found.id, undecided: found.undecided, signed: found.signed?.value ?? null, items });
    } finally {
      db.close();
    }
  });
}

function latestOr(ids: readonly string[], id: string | undefined): string {
  const found = id ?? ids.at(-1);
  if (found === undefined)
    throw new InvalidArgumentError('cannot find a review: none was opened. Run: keywitness review open');
  return found;
}

interface FilterOptions {
  item?: string[];
  kind?: ItemFilter['kind'];
  subject?: string;
  of?: string;
  search?: string;
  undecided?: boolean;
  comment?: string;
  reason?: string;
}

function withFilter(command: Command): Command {
  return withRecordOptions(
    command
      .option('--item <id...>', 'items by id')
      .addOption(
        new Option('--kind <kind>', 'all items of a kind').choices([
          'access',
          'rotation',
          'logging',
          'exception',
        ]),
      )
      .option('--subject <id>', 'all items about this key or place')
      .option('--of <text>', 'all items of this principal, or exceptions of this test')
      .option('--search <words>', 'all items that mention this: in key, principal or what is shown')
      .option('--undecided', 'only what is not decided yet')
      .option('--comment <text>', 'comment')
      .option('--reason <text>', 'why; needed for several items at once'),
  );
}

const filterOf = ({ item, kind, subject, of, search, undecided }: FilterOptions): ItemFilter => ({
  ...(item ? { items: item } : {}),
  ...(kind ? { kind } : {}),
  ...(subject ? { subject } : {}),
  ...(of ? { of } : {}),
  ...(search ? { search } : {}),
  ...(undecided ? { undecided } : {}),
});

function addDeciding(review: Command, { output }: CliContext): void {
  withFilter(
    review
      .command('decide')
      .description('decide about items: keep, change, remove, not applicable')
      .argument('<id>', 'review')
      .addOption(
        new Option('--decision <word>', 'what is decided')
          .choices([...decision.options])
          .makeOptionMandatory(),
      ),
  ).action(async (id: string, options: RecordOptions & FilterOptions & { decision: Decision }) => {
    const items = await recording(options, (work, by) =>
      decide(work, by, id, filterOf(options), {
        decision: options.decision,
        comment: options.comment ?? null,
        reason: options.reason ?? null,
      }),
    );
    output.line(`Decided about ${items} items.`);
    output.object({ items });
  });
  withFilter(
    review
      .command('acknowledge')
      .description('take note of configuration exceptions, with what is to be done')
      .argument('<id>', 'review')
      .requiredOption('--remediation <text>', 'what is to be done')
      .requiredOption('--owner <name>', 'by whom')
      .requiredOption('--due <date>', 'until when', day),
  ).action(
    async (
      id: string,
      options: RecordOptions & FilterOptions & { remediation: string; owner: string; due: string },
    ) => {
      const { remediation, owner, due } = options;
      const items = await recording(options, (work, by) =>
        acknowledge(work, by, id, filterOf(options), {
          remediation,
          owner,
          due,
          comment: options.comment ?? null,
          reason: options.reason ?? null,
        }),
      );
      output.line(`Acknowledged ${items} exceptions.`);
      output.object({ items });
    },
  );
}

function addSigning(review: Command, { output }: CliContext): void {
  withSealingOptions(
    withRecordOptions(
      review
        .command('sign')
        .description('sign the review as its reviewer; freezes the decisions')
        .argument('<id>', 'review'),
    ),
  ).action(async (id: string, options: RecordOptions & SealingOptions) => {
    const signer = await signerOf(options);
    if (!signer)
      throw new EngineError('NO_SIGNER', 'cannot sign: no signer was given. Give --signer FILE.p12.');
    const { file, signed } = await recording(options, (work, by) =>
      signReview(work, by, id, { signer, timestamp: timestampOf(options), now: new Date() }),
    );
    output.line(`Signed ${id} as ${signed.signer.name}: ${file.name}, SHA-256 ${file.sha256}`);
    output.line(
      signed.provenAt ? `Time ${signed.provenAt} (timestamp)` : `Time pending: ${signed.timePending}`,
    );
    output.object({ file, signed });
  });
  withRecordOptions(
    review
      .command('export')
      .description('write the record without a signature, to be signed elsewhere')
      .argument('<id>', 'review')
      .requiredOption('--out <file>', 'where to write the PDF'),
  ).action(async (id: string, options: RecordOptions & { out: string }) => {
    const { file, pdf } = await recording(options, (work) => exportReview(work, id, new Date()));
    writeFileSync(options.out, pdf);
    output.line(
      `Wrote ${options.out}, SHA-256 ${file.sha256}. Take it back signed with: keywitness review import ${id} FILE`,
    );
    output.object({ file: options.out, sha256: file.sha256 });
  });
  withRecordOptions(
    review
      .command('import')
      .description('take back the record that was signed elsewhere')
      .argument('<id>', 'review')
      .argument('<file>', 'signed PDF'),
  ).action(async (id: string, path: string, options: RecordOptions) => {
    const signed = await recording(options, (work, by) => importSignedReview(work, by, id, fileAt(path)));
    output.line(
      `Signed by ${signed.signer.name}${signed.provenAt ? ` at ${signed.provenAt} (timestamp)` : ''}.`,
    );
    output.object(signed);
  });
  withRecordOptions(
    review
      .command('client')
      .description('import a review that the client made and signed without this program')
      .argument('<file>', 'the review as given')
      .requiredOption('--title <text>', 'its title')
      .requiredOption('--reviewer <name>', 'who reviewed')
      .requiredOption('--role <text>', 'role of the reviewer')
      .requiredOption('--reviewed <date>', 'when, as it says', day)
      .option('--previous <date>', 'when the review before was signed', day),
  ).action(
    async (
      path: string,
      options: RecordOptions & {
        title: string;
        reviewer: string;
        role: string;
        reviewed: string;
        previous?: string;
      },
    ) => {
      const value = await recording(options, (work, by) =>
        importClientReview(work, by, fileAt(path), {
          ...{ title: options.title, reviewedAt: options.reviewed, previousAt: options.previous ?? null },
          reviewer: { name: options.reviewer, role: options.role, email: null },
        }),
      );
      for (const { name, provenAt, signedAt } of value.signatures)
        output.line(`Signed by ${name} at ${provenAt ?? signedAt ?? 'a time not stated'}.`);
      for (const problem of value.problems) output.line(`Does not hold: ${problem}`);
      if (value.signatures.length === 0) output.line('It carries no signature.');
      output.object(value);
    },
  );
}

function addLater(review: Command, { output }: CliContext): void {
  withRecordOptions(
    review
      .command('close')
      .description('record what was remedied after the review was signed')
      .argument('<id>', 'review')
      .requiredOption('--item <item>', 'item of the review')
      .requiredOption('--on <date>', 'when it was done', day)
      .requiredOption('--note <text>', 'what was done')
      .option('--evidence <file>', 'file that shows it')
      .option('--exchange <n>', 'later ledger entry that shows it', Number),
  ).action(
    async (
      id: string,
      options: RecordOptions & {
        item: string;
        on: string;
        note: string;
        evidence?: string;
        exchange?: number;
      },
    ) => {
      const { item, on, note } = options;
      await recording(options, (work, by) =>
        recordRemedy(work, by, id, {
          item,
          on,
          note,
          evidence: options.evidence ? fileAt(options.evidence) : null,
          exchange: options.exchange ?? null,
        }),
      );
      output.line(`Recorded. Sign it with: keywitness review addendum ${id}`);
      output.object({ item });
    },
  );
  withSealingOptions(
    withRecordOptions(
      review
        .command('addendum')
        .description('sign an addendum over what was remedied')
        .argument('<id>', 'review'),
    ),
  ).action(async (id: string, options: RecordOptions & SealingOptions) => {
    const signer = await signerOf(options);
    if (!signer)
      throw new EngineError('NO_SIGNER', 'cannot sign: no signer was given. Give --signer FILE.p12.');
    const file = await recording(options, (work, by) =>
      signAddendum(work, by, id, { signer, timestamp: timestampOf(options), now: new Date() }),
    );
    output.line(`Signed ${file.name}, SHA-256 ${file.sha256}`);
    output.object({ file });
  });
}

/** `sample`: a reproducible random sample. */
export const sampleVerb: Verb = (program, { output }) => {
  withRecordOptions(
    program.command('samples').description('samples as drawn, with seed, method and population'),
  ).action((options: RecordOptions) => {
    const db = openReadable(options.engagement);
    try {
      const samples = declared(db, 'sample.drawn').map(({ seq, at, by, value }) => ({
        ...{ seq, at, by: by.name, ...value },
      }));
      for (const { seq, at, of, seed, items, population } of samples)
        output.line(
          `${at}\t${of}\t${items.length} of ${population.items}\tseed ${seed}\tpopulation ${population.sha256}\tledger entry ${seq}`,
        );
      output.object({ samples });
    } finally {
      db.close();
    }
  });
  withRecordOptions(
    program
      .command('sample')
      .description('draw a reproducible random sample, recorded with its seed and the hash of its population')
      .addOption(
        new Option('--of <what>', 'population').choices(['keys', 'events', 'access']).makeOptionMandatory(),
      )
      .requiredOption('--n <number>', 'items', Number)
      .requiredOption('--seed <text>', 'seed, chosen by the auditor'),
  ).action(async (options: RecordOptions & { of: SampleOf; n: number; seed: string }) => {
    const value = await recording(options, (work) =>
      drawSample(work, operatorNamed(options.operator), {
        of: options.of,
        snapshot: chosenSnapshot(work.db, options.snapshot).id,
        seed: options.seed,
        n: options.n,
      }),
    );
    for (const item of value.items) output.line(item);
    output.line(
      `${value.items.length} of ${value.population.items}, population SHA-256 ${value.population.sha256}`,
    );
    output.object(value);
  });
};
