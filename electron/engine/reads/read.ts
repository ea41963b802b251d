import type { ReadableDb } from '../../../db/handle.ts';
import type { NamesIn, OutputOf, ParsedInputOf } from '../../api/contract.ts';

/** A method of the contract that only reads: a function of the open engagement and its input. */
export type Read<N extends NamesIn<'read'>> = (
  db: ReadableDb,
  input: ParsedInputOf<N>,
) => OutputOf<N> | Promise<OutputOf<N>>;

/** The reading methods of one noun, each of the type that the contract gives it. */
export type Reads<N extends NamesIn<'read'>> = { [K in N]: Read<K> };

export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
