import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CallRecord } from '../aws/handle.ts';
import { SandboxError } from '../company/frame.ts';
import type { Sandbox, SandboxOptions } from '../index.ts';

/** A sandbox in a process of its own: the same, without the company's data. */
export type SandboxProcess = Omit<Sandbox, 'company'> & {
  /** Process id. */
  pid: number;
};

export type Request = { id: number; ask: 'calls' | 'close' };
export type Reply = { ready: Sandbox['aws'] } | { failed: string } | { id: number; calls?: CallRecord[] };

/**
 * Starts the sandbox in a child process, so that it does not share the caller's event loop.
 * @throws SandboxError not-running, when the child ends before it answers
 */
export async function startSandboxProcess(options: SandboxOptions = {}): Promise<SandboxProcess> {
  const child = fork(fileURLToPath(new URL('./process-main.ts', import.meta.url)), [], {
    execPath: process.execPath,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<
    number,
    { resolve: (reply: CallRecord[]) => void; reject: (error: Error) => void }
  >();
  const ended = new SandboxError(
    'not-running',
    'cannot use the sandbox: its process has ended. Start it again.',
  );
  const aws = await new Promise<Sandbox['aws']>((resolve, reject) => {
    child.on('message', (reply: Reply) => {
      if ('ready' in reply) resolve(reply.ready);
      else if ('failed' in reply) {
        reject(new SandboxError('bad-option', reply.failed));
        child.disconnect();
      } else {
        waiting.get(reply.id)?.resolve(reply.calls ?? []);
        waiting.delete(reply.id);
      }
    });
    child.once('exit', () => {
      reject(ended);
      for (const { reject: fail } of waiting.values()) fail(ended);
      waiting.clear();
    });
    child.once('error', reject);
    child.send(options);
  });
  let next = 0;
  const ask = (what: Request['ask']): Promise<CallRecord[]> =>
    new Promise((resolve, reject) => {
      if (!child.connected) {
        reject(ended);
        return;
      }
      const id = ++next;
      waiting.set(id, { resolve, reject });
      child.send({ id, ask: what } satisfies Request);
    });
  return {
    aws,
    pid: child.pid!,
    calls: () => ask('calls'),
    async close() {
      if (child.exitCode !== null || !child.connected) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      await ask('close');
      child.disconnect();
      await gone;
    },
  };
}
