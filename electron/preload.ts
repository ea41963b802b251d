import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { ClientMessage, HostMessage } from './api/wire.ts';
import { BRIDGE_CHANNEL } from './shell/channel.ts';

/*
 * Bundled into one file: a sandboxed preload may load nothing else. Exposes three functions and no object of Electron's;
 * the window's side is renderer/host/connect.ts.
 */
contextBridge.exposeInMainWorld('keywitnessBridge', {
  send: (message: ClientMessage) => ipcRenderer.send(BRIDGE_CHANNEL, message),
  listen: (listener: (message: HostMessage) => void) => {
    ipcRenderer.on(BRIDGE_CHANNEL, (_event, message: HostMessage) => listener(message));
  },
  pathOf: (file: File) => webUtils.getPathForFile(file),
});
