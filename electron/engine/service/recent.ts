import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Engagement } from '../../engagement/engagement.ts';
import { readHomeFile, writeHomeFile } from './home-file.ts';

const MOST = 20;

const kept = z.array(
  z.strictObject({
    file: z.string(),
    client: z.string(),
    sample: z.boolean(),
    period: z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime() }),
    opened: z.iso.datetime(),
  }),
);

/** Engagements opened lately, newest first. */
export class RecentEngagements {
  readonly #path: string;

  constructor(home: string) {
    this.#path = join(home, 'recent.json');
  }

  list() {
    return this.#read().map((one) => ({ ...one, exists: existsSync(one.file) }));
  }

  add(file: string, { client, sample, period }: Engagement): void {
    const one = { file, client, sample, period, opened: new Date().toISOString() };
    writeHomeFile(this.#path, [one, ...this.#read().filter((other) => other.file !== file)].slice(0, MOST));
  }

  forget(file: string): void {
    writeHomeFile(
      this.#path,
      this.#read().filter((one) => one.file !== file),
    );
  }

  #read(): z.infer<typeof kept> {
    return readHomeFile(this.#path, kept) ?? [];
  }
}
