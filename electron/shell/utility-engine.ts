import { utilityProcess } from 'electron';
import { ENGINE_ENTRY, type FromEngine, type StartLink } from '../host/engine-link.ts';

/** Runs the engine as a utility process of Electron: its own Node, no window, no rights of a window. */
export const utilityEngineOf =
  (entry: string): StartLink =>
  ({ onMessage, onExit }) => {
    const child = utilityProcess.fork(entry, [], { serviceName: 'Keywitness engine', stdio: 'inherit' });
    child.on('message', (message) => onMessage(message as FromEngine));
    child.once('exit', (code) => onExit(`code ${code}`));
    return {
      get pid() {
        return child.pid;
      },
      post: (message) => child.postMessage(message),
      kill: () => void child.kill(),
    };
  };

/** The engine's own entry. */
export const utilityEngine = utilityEngineOf(ENGINE_ENTRY);
