import { screen, type BrowserWindow, type Rectangle } from 'electron';
import { join } from 'node:path';
import { z } from 'zod';
import { readHomeFile, writeHomeFile } from '../engine/service/home-file.ts';

const kept = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1024),
  height: z.int().min(640),
  maximised: z.boolean(),
});

/** Where the window was, if that is still on a screen. */
export function lastPlace(home: string): { bounds: Partial<Rectangle>; maximised: boolean } {
  const state = readHomeFile(join(home, 'window.json'), kept);
  if (!state) return { bounds: { width: 1360, height: 860 }, maximised: false };
  const { maximised, ...bounds } = state;
  const { workArea } = screen.getDisplayMatching(bounds);
  const visible =
    bounds.x < workArea.x + workArea.width &&
    bounds.x + bounds.width > workArea.x &&
    bounds.y < workArea.y + workArea.height &&
    bounds.y >= workArea.y - 50;
  return { bounds: visible ? bounds : { width: bounds.width, height: bounds.height }, maximised };
}

/** Remembers where the window is when it closes. */
export function keepPlace(window: BrowserWindow, home: string): void {
  window.on('close', () => {
    const { x, y, width, height } = window.getNormalBounds();
    writeHomeFile(join(home, 'window.json'), {
      ...{ x, y, width, height },
      maximised: window.isMaximized(),
    });
  });
}
