import type { CameraAnswer, CameraAsk } from '../capture/camera.ts';
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

/** What was asked of the host's camera and is not answered yet. */
const asked = new Map<number, { resolve: (answer: CameraAnswer) => void; reject: (error: Error) => void }>();
let lastAsk = 0;

function askHost(ask: CameraAsk): Promise<CameraAnswer> {
  return new Promise((resolve, reject) => {
    const id = (lastAsk += 1);
    asked.set(id, { resolve, reject });
    post({ is: 'camera', id, ask });
  });
}

async function receive(message: ToEngine): Promise<void> {
  if (message.do === 'start') {
    engine ??= startEngine({
      home: message.home,
      send: (sent) => post({ is: 'message', message: sent }),
      camera: message.camera ? askHost : null,
      onFatal: (error) => {
        process.stderr.write(`The engine cannot work here: ${error.message}\n`);
        process.exit(1);
      },
    });
    return;
  }
  if (!engine) return;
  if (message.do === 'message') engine.receive(message.message);
  else if (message.do === 'camera' || message.do === 'no-camera') {
    const waiting = asked.get(message.id);
    asked.delete(message.id);
    if (message.do === 'camera') waiting?.resolve(message.answer);
    else waiting?.reject(new Error(message.message));
  } else if (message.do === 'close') {
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
