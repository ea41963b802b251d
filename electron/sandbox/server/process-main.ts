import { startSandbox, type Sandbox, type SandboxOptions } from '../index.ts';
import type { Reply, Request } from './process.ts';

/** The child's side of startSandboxProcess: the first message is the options, the others are questions. */
const reply = (message: Reply): void => {
  process.send?.(message);
};

let sandbox: Sandbox | undefined;

async function onMessage(message: SandboxOptions | Request): Promise<void> {
  if (sandbox === undefined) {
    sandbox = await startSandbox(message as SandboxOptions);
    reply({ ready: sandbox.aws });
    return;
  }
  const { id, ask } = message as Request;
  if (ask === 'calls') reply({ id, calls: await sandbox.calls() });
  else {
    await sandbox.close();
    reply({ id });
  }
}

process.on('message', (message) => {
  onMessage(message as SandboxOptions | Request).catch((error: unknown) =>
    reply({ failed: error instanceof Error ? error.message : String(error) }),
  );
});
// The parent has gone: nobody can use this sandbox any more.
process.on('disconnect', () => process.exit(0));
