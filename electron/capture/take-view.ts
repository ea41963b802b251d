import { setTimeout as wait } from 'node:timers/promises';
import type { ViewAsked, ViewTaken } from './camera.ts';
import { CHOOSE_TAB, HEIGHT, SHOWS } from './page-scripts.ts';

/** A window on a page, as both kinds of camera have it. */
export interface Surface {
  go(url: string): Promise<void>;
  /** Evaluates an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until the page asks for nothing more, at most this long, ms. */
  quiet(ms: number): Promise<void>;
  url(): string;
  /** The whole page, with the window as high as given. */
  picture(height: number): Promise<Uint8Array>;
}

const LOOK_EACH_MS = 200;
/** A console's page that is higher has lists in it that are not what the picture is of. */
const MOST_PIXELS = 8000;

/** Takes one view of a page, or says why not. */
export async function takeView(surface: Surface, view: ViewAsked): Promise<ViewTaken> {
  try {
    if (view.url !== null) await surface.go(view.url);
    await surface.quiet(view.quietMs);
    // Before the tab is chosen, too: tabs come with what the page is of.
    if (!(await untilTrue(surface, SHOWS(view.shows), view.quietMs))) {
      return { missed: `the page does not show ${view.shows}: is the operator signed in?` };
    }
    if (view.tab !== null) {
      if (!(await untilTrue(surface, CHOOSE_TAB(view.tab), Math.min(view.quietMs, 2000)))) {
        return { missed: 'the page has no such tab' };
      }
      await surface.quiet(view.quietMs);
      if (!(await untilTrue(surface, SHOWS(view.shows), view.quietMs))) {
        return { missed: `the page does not show ${view.shows} on this tab` };
      }
    }
    const height = Math.min(MOST_PIXELS, Number(await surface.evaluate(HEIGHT)) || 0);
    return { png: await surface.picture(height), url: surface.url() };
  } catch (error) {
    return { missed: error instanceof Error ? error.message.split('\n')[0]! : String(error) };
  }
}

/** Whether an expression becomes true in time. A page that is changing may not answer: it is asked again. */
async function untilTrue(surface: Surface, expression: string, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  for (;;) {
    if ((await surface.evaluate(expression).catch(() => false)) === true) return true;
    if (Date.now() >= end) return false;
    await wait(LOOK_EACH_MS);
  }
}
