/** Whether every word typed begins a word of the label: "th da" finds "Theme: dark". */
export function matches(label: string, typed: string): boolean {
  const words = label.toLowerCase().split(/[^a-z0-9]+/);
  return typed
    .toLowerCase()
    .split(/\s+/)
    .filter((part) => part !== '')
    .every((part) => words.some((word) => word.startsWith(part)));
}
