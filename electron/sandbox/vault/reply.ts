/** What an answer says before it is written to the wire. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body: Record<string, unknown>;
  /** sys/health and the like have no envelope. */
  bare?: boolean;
  /** Whether the data is also given beside the envelope, as sys/* does. */
  repeated?: boolean;
}

export const data = (body: Record<string, unknown>): Reply => ({ status: 200, body });
export const sys = (body: Record<string, unknown>): Reply => ({ status: 200, body, repeated: true });
export const bare = (status: number, body: Record<string, unknown>): Reply => ({ status, body, bare: true });
export const errors = (status: number, ...messages: string[]): Reply => bare(status, { errors: messages });
export const one = (message: string): string => `1 error occurred:\n\t* ${message}\n\n`;
export const denied = (): Reply => errors(403, one('permission denied'));
/** Nothing there, and a list with nothing in it. */
export const nothing = (): Reply => errors(404);
export const unsupportedPath = (): Reply => errors(404, one('unsupported path'));
export const unsupportedOperation = (): Reply => errors(405, one('unsupported operation'));

/** A list, empty as Vault says it: 404 without errors. */
export const list = (keys: readonly string[], info?: Record<string, unknown>): Reply =>
  keys.length === 0 ? nothing() : data({ keys: [...keys].sort(), ...(info ? { key_info: info } : {}) });
