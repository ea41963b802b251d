import { VERSION } from '../engine/version.ts';
import { Refusal } from '../engine/service/refusal.ts';
import type { HostMethods } from './client-session.ts';
import { allowedLink } from './external-links.ts';
import { findBrowser } from '../capture/find-browser.ts';
import { openOutside } from './open-outside.ts';

/** What the host answers itself where the window is a page of the machine's own browser. */
export function browserMethods(): HostMethods {
  return {
    'app.info': () => ({
      version: VERSION,
      host: 'browser',
      platform: process.platform,
      arch: process.arch,
      node: process.versions.node,
      electron: null,
      can: { choose: false, reveal: false, capture: hasCamera() },
      secretStore: null,
    }),
    async 'app.openExternal'({ url }) {
      if (!(await openOutside(allowedLink(url).href))) throw notHere('open a page outside');
      return {};
    },
    'host.choose': () => ({ paths: null }),
    'host.reveal': () => {
      throw notHere('show a file in its folder');
    },
    'host.takeOpened': () => ({ paths: [] }),
  };
}

/** A browser, and a display to show it on. */
const hasCamera = (): boolean =>
  findBrowser() !== null &&
  (process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY));

const notHere = (what: string): Refusal =>
  new Refusal('refused', 'NOT_HERE', `cannot ${what} from here: the desktop app can.`);
