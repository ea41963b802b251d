import type { Stamp } from './frame-html.ts';

/** What the camera is asked for one view of a page. */
export interface ViewAsked {
  /** Opened first; null for a view of the page that is shown. */
  url: string | null;
  /** Text of the tab to choose, as a regular expression without regard to case; null for the page as it opens. */
  tab: string | null;
  /** Text that the page must show: a page that does not is not the page of the key. */
  shows: string;
  /** How long the page may take to show it, ms. */
  quietMs: number;
}

/** A picture of a view and the address it was taken at, or why there is none. */
export type ViewTaken = { png: Uint8Array; url: string } | { missed: string };

/**
 * Takes pictures of a provider's own pages, in a visible window with a session of its own. The desktop app has a window of
 * Electron's for it, everybody else the machine's own browser.
 */
export interface Camera {
  /** Opens the window on a page; the operator may sign in there. */
  open(url: string, hosts: readonly string[]): Promise<void>;
  take(view: ViewAsked): Promise<ViewTaken>;
  /** Puts the frame around a picture. */
  frame(png: Uint8Array, stamp: Stamp): Promise<Uint8Array>;
  /** Closes the window and throws its session away. */
  close(): Promise<void>;
}

/** What is asked of a camera in another process, and its answers. */
export type CameraAsk =
  | { do: 'open'; url: string; hosts: readonly string[] }
  | { do: 'take'; view: ViewAsked }
  | { do: 'frame'; png: Uint8Array; stamp: Stamp }
  | { do: 'close' };
export type CameraAnswer = ViewTaken | Uint8Array | null;

/** Asks a camera what another process asks for. */
export async function askCamera(camera: Camera, ask: CameraAsk): Promise<CameraAnswer> {
  switch (ask.do) {
    case 'open':
      await camera.open(ask.url, ask.hosts);
      return null;
    case 'take':
      return camera.take(ask.view);
    case 'frame':
      return camera.frame(ask.png, ask.stamp);
    case 'close':
      await camera.close();
      return null;
  }
}

/** A camera in another process. */
export function distantCamera(ask: (ask: CameraAsk) => Promise<CameraAnswer>): Camera {
  return {
    open: async (url, hosts) => void (await ask({ do: 'open', url, hosts })),
    take: async (view) => (await ask({ do: 'take', view })) as ViewTaken,
    frame: async (png, stamp) => (await ask({ do: 'frame', png, stamp })) as Uint8Array,
    close: async () => void (await ask({ do: 'close' })),
  };
}
