import type { FromEngine, ToEngine } from '../host/engine-link.ts';
import { startEngine, type Engine } from './service/engine.ts';
import { failureOf } from './service/failure.ts';

/*
 * Entry of the engine's process: a utility process of Electron, or a child process of Node. Its parent gives the home
 * folder first, then messages; when the parent has gone, so has the reason to run.
 */

/** Electron's port to the process that started this one (https://www.electronjs.org/docs/latest/api/parent-port). */
interface ParentPort {
  on(event: 'message', listener: (event: { data: ToEngine }) => void): void;
  postMessage(message: FromEngine): void;
}

const port = (process as { parentPort?: ParentPort }).parentPort;
const post = (message: FromEngine): void => {
  if (port) port.postMessage(message);
  else if (process.connected) process.send!(message);
};

let engine: Engine | null = null;

async function receive(message: ToEngine): Promise<void> {
  if (message.do === 'start') {
    engine ??= startEngine({
      home: message.home,
      send: (sent) => post({ is: 'message', message: sent }),
      onFatal: (error) => {
        process.stderr.write(`The engine cannot work here: ${error.message}\n`);
        process.exit(1);
      },
    });
    return;
  }
  if (!engine) return;
  if (message.do === 'message') engine.receive(message.message);
  else if (message.do === 'close') {
    await engine.close();
    post({ is: 'closed' });
  } else {
    const { id, address, piece } = message;
    try {
      post({ is: 'blob', id, piece: await engine.readBlob(address, piece) });
    } catch (error) {
      post({ is: 'no-blob', id, error: failureOf(error) });
    }
  }
}

if (port) port.on('message', ({ data }) => void receive(data));
else {
  // Ctrl-C reaches every process of a terminal: the parent decides what it means.
  process.on('SIGINT', () => undefined);
  process.on('message', (message) => void receive(message as ToEngine));
  process.on('disconnect', () => {
    void (engine?.close() ?? Promise.resolve()).finally(() => process.exit(0));
  });
}
