import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Decides who may talk to the window's server on loopback. */
export class LoopbackGuard {
  /** The only origin there is. */
  readonly origin: string;
  /** Good for one sign-in. */
  readonly token = randomBytes(32).toString('base64url');
  readonly #host: string;
  readonly #cookie: string;
  readonly #session = randomBytes(32).toString('base64url');
  #used = false;

  readonly unknown =
    'Keywitness does not know this browser. Open the address that it printed when it was started.';
  readonly spent = 'This address was used already. Start Keywitness again for a new one.';
  readonly foreign = 'Keywitness answers only its own page.';

  constructor(port: number) {
    this.#host = `127.0.0.1:${port}`;
    this.origin = `http://${this.#host}`;
    // Cookies do not know ports: two that are served at a time must not take each other's.
    this.#cookie = `keywitness-${port}`;
  }

  /**
   * Why a request is refused before anything is looked at; null when it is not. A name that only resolves to this machine
   * (DNS rebinding) has another Host; a page of another origin has another Origin, or says so in Sec-Fetch-Site.
   */
  refuseForeign(request: IncomingMessage): string | null {
    const { host, origin, 'sec-fetch-site': site, 'sec-fetch-dest': dest } = request.headers;
    if (host !== this.#host) return this.foreign;
    if (origin !== undefined && origin !== this.origin) return this.foreign;
    if (site === undefined || site === 'same-origin' || site === 'none') return null;
    // The start file leads here from another origin, by a navigation.
    const starts = request.url?.startsWith('/start?') === true && dest === 'document';
    return starts ? null : this.foreign;
  }

  isOwnOrigin(request: IncomingMessage): boolean {
    return request.headers.origin === this.origin;
  }

  /** The cookie of the session for the right token, once; null for a wrong or spent one. */
  signIn(token: string): string | null {
    if (this.#used || !same(token, this.token)) return null;
    this.#used = true;
    return `${this.#cookie}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  hasSession(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((part) => part.trim().split('='));
    return cookies.some(([name, value]) => name === this.#cookie && same(value ?? '', this.#session));
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
