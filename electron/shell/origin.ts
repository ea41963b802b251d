/** The window's own address: a protocol of ours, so that no file and no server is its origin. */
export const WINDOW_SCHEME = 'app';
export const WINDOW_HOST = 'bundle';
export const WINDOW_URL = `${WINDOW_SCHEME}://${WINDOW_HOST}/`;

/** Whether an address is the window's own. Protocol and host: the origin of an own protocol is the text "null" in Node. */
export function isOwnAddress(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && url.protocol === `${WINDOW_SCHEME}:` && url.host === WINDOW_HOST;
}
