import { notify } from './toast.tsx';

/** Puts a text on the clipboard. @returns whether it is there; a refusal is shown. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (copyBySelection(text)) return true;
    notify(
      'Cannot copy',
      'The browser refused access to the clipboard. Select the text and copy it by hand.',
      'failed',
    );
    return false;
  }
}

/** The older way, for a page that may not use the clipboard directly. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}
