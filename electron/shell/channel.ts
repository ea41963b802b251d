/** The one IPC channel; messages on it are those of api/wire.ts. */
export const BRIDGE_CHANNEL = 'keywitness';
