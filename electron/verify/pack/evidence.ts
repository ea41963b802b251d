/** Gives the pieces of a file of the pack, or null when the pack has no such file. */
export type OpenFile = (path: string) => AsyncIterable<Buffer> | null;

/** A fault in the evidence: the file that shows it and what is wrong. */
export interface EvidenceFault {
  file: string;
  what: string;
}
