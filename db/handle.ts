import type Database from 'better-sqlite3';

/*
 * Branded handles keep reading and writing apart in the type system: a function that only reads says so, and the user
 * interface's read-only workers cannot be handed to code that writes.
 */

/** An engagement file that may be read. */
export type ReadableDb = Database.Database & { readonly __readable: never };

/** An engagement file that this process may write: it holds the writer's lock. */
export type WritableDb = ReadableDb & { readonly __writable: never };
