/*
 * Expressions that are evaluated in a console's page: they look, and choose a tab, and change nothing else. Parts of a
 * console stand in shadow roots, so each walks into those.
 */

const ELEMENTS = `(function* walk(root) {
  for (const element of root.querySelectorAll('*')) {
    yield element;
    if (element.shadowRoot) yield* walk(element.shadowRoot);
  }
})(document)`;

const TEXT = `(element) => (element.innerText ?? element.textContent ?? '').trim()`;

/** Whether a text can be seen on the page. */
export const SHOWS = (text: string): string => `(() => {
  const wanted = ${JSON.stringify(text)};
  if (document.body?.innerText.includes(wanted)) return true;
  for (const element of ${ELEMENTS}) {
    if (element.shadowRoot && [...element.shadowRoot.children].some((child) => (${TEXT})(child).includes(wanted))) return true;
    if (element.tagName === 'INPUT' && element.type !== 'password' && element.value.includes(wanted)) return true;
  }
  return false;
})()`;

/** Chooses the tab, or the link in a menu, of that name; false when there is none. */
export const CHOOSE_TAB = (pattern: string): string => `(() => {
  const wanted = new RegExp(${JSON.stringify(pattern)}, 'i');
  for (const kind of ['[role=tab]', '[role=link], a, [role=menuitem], [role=treeitem]']) {
    for (const element of ${ELEMENTS}) {
      if (!element.matches(kind) || !wanted.test((${TEXT})(element)) || element.getClientRects().length === 0) continue;
      element.click();
      return true;
    }
  }
  return false;
})()`;

/** How high the window must be to show all of the page, also of what scrolls within it, px. */
export const HEIGHT = `(() => {
  let height = document.documentElement.scrollHeight;
  for (const element of ${ELEMENTS}) {
    const hidden = element.scrollHeight - element.clientHeight;
    if (hidden < 8 || element.clientWidth < innerWidth / 2) continue;
    if (/auto|scroll/.test(getComputedStyle(element).overflowY)) height = Math.max(height, innerHeight + hidden);
  }
  return height;
})()`;
