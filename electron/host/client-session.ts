import { isMethodName, methods, type NamesIn, type OutputOf, type ParsedInputOf } from '../api/contract.ts';
import type { ApiEvent } from '../api/events.ts';
import { clientMessage, type HostMessage } from '../api/wire.ts';
import { failureOf } from '../engine/service/failure.ts';
import { Refusal } from '../engine/service/refusal.ts';
import type { EngineSupervisor } from './engine-supervisor.ts';

/** What a host answers itself. */
export type HostMethods = {
  [N in NamesIn<'host'>]: (input: ParsedInputOf<N>) => OutputOf<N> | Promise<OutputOf<N>>;
};

/** Calls that one window may have in hand: far more than any needs. */
const MOST_CALLS = 1000;

/** One window's side of the bridge: checks every message, passes calls on, and hands answers and events back. */
export class ClientSession {
  readonly #engine: EngineSupervisor;
  readonly #host: HostMethods;
  readonly #send: (message: HostMessage) => void;
  readonly #running = new Map<number, AbortController>();

  constructor(engine: EngineSupervisor, host: HostMethods, send: (message: HostMessage) => void) {
    this.#engine = engine;
    this.#host = host;
    this.#send = send;
  }

  /** Takes a message as it came; one that is none is dropped, for there is nobody to answer. */
  receive(raw: unknown): void {
    const parsed = clientMessage.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.type === 'abort') this.#running.get(message.id)?.abort();
    else void this.#answer(message.id, message.name, message.input);
  }

  tell(event: ApiEvent): void {
    this.#send({ type: 'event', event });
  }

  /** The window has gone: nobody waits for its calls any more. Jobs go on. */
  close(): void {
    for (const controller of this.#running.values()) controller.abort();
  }

  async #answer(id: number, name: string, input: unknown): Promise<void> {
    if (this.#running.has(id)) return;
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      if (this.#running.size > MOST_CALLS) {
        throw new Refusal('refused', 'BUSY', 'cannot take the call: too many are waiting. Try again.');
      }
      const output = await this.#call(name, input, controller.signal);
      this.#send({ type: 'answer', id, output: output as never });
    } catch (error) {
      this.#send({ type: 'failure', id, error: failureOf(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  async #call(name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    // The engine refuses unknown names, and checks input and output of its own methods.
    if (!isMethodName(name) || methods[name].place !== 'host') return this.#engine.call(name, input, signal);
    const { input: given, output } = methods[name];
    const handler = this.#host[name as NamesIn<'host'>] as (input: unknown) => unknown;
    return output.parse(await handler(given.parse(input)));
  }
}
