import { expect, test } from './support/host.ts';

/* What the page can reach, tried from inside the page: https://www.electronjs.org/docs/latest/tutorial/security */

test('the page has no Node, no Electron and no way round its policy', async ({ running }) => {
  const { page, kind } = running;
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const found = await page.evaluate(async () => {
    const all = globalThis as unknown as Record<string, unknown>;
    const script = document.createElement('script');
    script.textContent = 'globalThis.injected = true';
    document.head.append(script);
    const fetched = await fetch('https://example.com/').then(
      () => 'answered',
      () => 'refused',
    );
    // Not eval itself: what a debugger evaluates may use it, whatever the policy says.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- that this does nothing is the point
    setTimeout('globalThis.evaluated = true', 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const frame = document.createElement('iframe');
    frame.src = 'https://example.com/';
    document.body.append(frame);
    return {
      node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in all),
      ipc: Object.keys(all).filter((name) => /ipc|electron/i.test(name)),
      injected: 'injected' in all,
      fetched,
      evaluated: 'evaluated' in all,
      secure: globalThis.isSecureContext,
      bridge: Object.keys((all.keywitnessBridge as object | undefined) ?? {}).sort(),
    };
  });
  expect(found.node).toEqual([]);
  expect(found.ipc).toEqual([]);
  expect(found.injected).toBe(false);
  expect(found.fetched).toBe('refused');
  expect(found.evaluated).toBe(false);
  expect(found.secure).toBe(true);
  if (kind === 'electron') {
    expect(found.bridge).toEqual(['listen', 'pathOf', 'send']);
    // Nobody is asked, nothing opens, and navigation stays where it was.
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
    expect(await page.evaluate(() => globalThis.open('https://example.com/') === null)).toBe(true);
    await page.evaluate(() => globalThis.location.assign('https://example.com/'));
    await page.waitForTimeout(500);
    expect(page.url()).toContain('app://bundle/');
  }
});
