import { isOwnAddress } from './origin.ts';

/** What is known of whoever sent a message over IPC. */
export interface Sender {
  /** The contents it came from. */
  contentsId: number;
  /** The frame it came from; null when the frame is gone. */
  frame: { url: string; parent: unknown } | null;
}

/**
 * Why a message is refused; null for one from the main frame of our own window, showing our own page
 * (https://www.electronjs.org/docs/latest/tutorial/security, 17).
 */
export function refusalOf(sender: Sender, windowId: number | null): string | null {
  if (windowId === null || sender.contentsId !== windowId) {
    return 'Refused a message because it came from another window.';
  }
  if (sender.frame === null) return 'Refused a message because its frame is gone.';
  if (sender.frame.parent !== null) return 'Refused a message because it came from a frame within the page.';
  if (!isOwnAddress(sender.frame.url)) {
    return 'Refused a message because its frame does not show the page of Keywitness.';
  }
  return null;
}
