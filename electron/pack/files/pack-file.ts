import type { Source } from '../zip/writer.ts';
import type { Recipe } from './recipe.ts';

/** One file of a pack before it is written. */
export interface PackFile {
  /** Path in the pack, for example `data/1-key-configuration/keys.csv`. */
  path: string;
  /** Gives the content; called once, when its turn comes. */
  content: () => Source | Promise<Source>;
  /** For a file that is not text: gives the content with every text put through `replace`, as a redacted pack needs it. */
  redacted?: (replace: (text: string) => string) => Source | Promise<Source>;
  /** True when it may reach 4 GiB. */
  large?: boolean;
  /** How the same content is made elsewhere: such a file may be prepared by a worker thread. */
  recipe?: Recipe;
}

/** One thing an auditor looks for, where it is, and which ledger entries it rests on. */
export interface Exhibit {
  /** Short id, for example `a-key-configuration`. */
  id: string;
  title: string;
  /** Paths in the pack; empty when not provided. */
  files: string[];
  /** Ledger entries (sequence numbers) it cites. */
  cites: number[];
  /** Why it is not provided, or null. */
  notProvided: string | null;
}
