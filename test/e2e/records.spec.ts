import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './support/host.ts';
import { fillForm } from './actions/fill-form.ts';
import { goTo } from './actions/go-to.ts';
import { invoke } from './actions/invoke.ts';
import { nameOperator } from './actions/name-operator.ts';
import { twoSnapshots } from './support/two-snapshots.ts';

test('management records what no provider knows, and the review is decided, signed and added to', async ({
  window,
  folder,
}) => {
  const file = join(folder, 'two.keywitness');
  await twoSnapshots(file);
  await nameOperator(window);
  await invoke(window, 'engagement.open', { file });

  await test.step('people and systems come from tables; systems are set against keys', async () => {
    const people = join(folder, 'people.csv');
    writeFileSync(
      people,
      'name,email,kind,from,to\nAnn Other,ann@example.com,person,2020-01-01,\nBob Gone,bob@example.com,person,2019-01-01,2026-03-31\n',
    );
    const systems = join(folder, 'systems.csv');
    writeFileSync(
      systems,
      'system,owner,data_class,purpose\nNobody’s ledger,Ann Other,confidential,data at rest\n',
    );
    await goTo(window, 'Engagement');
    await window
      .getByRole('region', { name: 'People' })
      .getByRole('button', { name: 'Import a list' })
      .click();
    await fillForm(window, 'Import people', { Table: people }, 'Import');
    await expect(window.getByRole('region', { name: 'People' }).first()).toContainText('Bob Gone');
    await window
      .getByRole('region', { name: 'Systems and data' })
      .getByRole('button', { name: 'Import a list' })
      .click();
    await fillForm(window, 'Import systems', { Table: systems }, 'Import');
    await expect(window.getByRole('region', { name: 'Systems and data' })).toContainText('no key names it');
  });

  await test.step('a clause of the policy sets a parameter', async () => {
    const policy = join(folder, 'policy.md');
    writeFileSync(policy, '# Policy\n\n4.2 Keys are rotated every 180 days.\n');
    await window.getByRole('button', { name: 'Attach the policy' }).click();
    const form = window.getByRole('dialog', { name: 'Attach the policy' });
    await form.getByRole('button', { name: 'Add a clause' }).click();
    await form.getByRole('textbox', { name: 'To', exact: true }).fill('180');
    await form.getByRole('textbox', { name: 'Clause', exact: true }).fill('4.2');
    await form.getByRole('textbox', { name: 'What it says' }).fill('Keys are rotated every 180 days.');
    await fillForm(window, 'Attach the policy', { Document: policy, Version: '3' }, 'Attach');
    const { open } = await invoke(window, 'engagement.get', {});
    expect(open!.engagement.parameters.rotationDays).toEqual({ value: 180, clause: '4.2' });
    await expect(window.getByRole('region', { name: 'Policy document' })).toContainText('every 180 days');
  });

  await test.step('a key set gives its keys an owner; a rotation by hand is on record', async () => {
    await goTo(window, 'Procedure', 'Procedure and inventory');
    await window.getByRole('button', { name: 'Define a set' }).click();
    await fillForm(
      window,
      'Define a key set',
      { Title: 'Payroll', Id: 'payroll', Aliases: 'alias/payroll*', Owner: 'Ann Other', Deputy: 'Ann Other' },
      'Define',
    );
    await expect(window.getByRole('region', { name: 'Key sets' })).toContainText('aliases alias/payroll*');
    const { rows } = await invoke(window, 'keys.query', { filter: { search: 'alias/payroll' } });
    const { row } = await invoke(window, 'inventory.of', { key: rows[0]!.id });
    expect(row!.deputy).toBe('Ann Other');
    await window.getByRole('button', { name: 'Record a rotation' }).click();
    await fillForm(
      window,
      'Record a rotation',
      { Key: rows[0]!.id, 'Rotated on': '2026-09-01', By: 'Ann Other', Why: 'CHG-1' },
      'Record',
    );
    await expect(window.getByRole('region', { name: 'Rotation by hand' })).toContainText('CHG-1');
  });

  await test.step('approved principals are entered by hand', async () => {
    await goTo(window, 'Approved access');
    await window.getByRole('button', { name: 'Enter a list' }).click();
    await fillForm(
      window,
      'Enter a list of approved principals',
      { For: 'payroll', Principals: 'arn:aws:iam::*:role/payroll-*', 'Approved by': 'CISO' },
      'Record',
    );
    await expect(window.getByRole('region', { name: 'Approved principals' })).toContainText('role/payroll-*');
  });

  await test.step('the same seed draws the same sample', async () => {
    await goTo(window, 'Samples');
    for (let time = 0; time < 2; time += 1) {
      await window.getByRole('textbox', { name: 'Seed' }).fill('2026-06');
      await window.getByRole('button', { name: 'Draw' }).click();
      await expect(
        window.getByRole('region', { name: 'Drawn' }).getByRole('button', { name: 'Show' }),
      ).toHaveCount(time + 1);
    }
    const { samples } = await invoke(window, 'samples.list', {});
    expect(samples[1]!.items).toEqual(samples[0]!.items);
    expect(samples[0]!.items).toHaveLength(25);
  });

  await test.step('the review is decided in bulk, signed, and added to', async () => {
    await goTo(window, 'Review', 'Annual review');
    await window.getByRole('button', { name: 'Open a review' }).click();
    await window.getByRole('textbox', { name: 'Reviewer' }).fill('Ada Auditor');
    await window.getByRole('button', { name: 'Freeze and open' }).click();
    for (const kind of ['Access', 'Rotation', 'Logging', 'Exceptions']) {
      await window.getByRole('combobox', { name: /^Kind/ }).click();
      await window.getByRole('option', { name: new RegExp(`^${kind}`) }).click();
      const decided = window.getByText('Everything here is decided');
      const acknowledges = kind === 'Exceptions';
      const all = window.getByRole('button', {
        name: `${acknowledges ? 'Acknowledge' : 'Decide'} all that match`,
      });
      await expect(all.or(decided)).toBeVisible();
      // An account without a log of its own has no logging to review.
      if (await decided.isVisible()) continue;
      await all.click();
      await fillForm(
        window,
        /every undecided item/,
        {
          ...(acknowledges
            ? { 'What is to be done': 'To be mended', 'By whom': 'Ann Other', Until: '2026-12-31' }
            : {}),
          'Why these can be decided together': 'Looked through as one.',
        },
        'Record',
      );
      await expect(decided).toBeVisible();
    }
    await window.getByRole('button', { name: 'Sign', exact: true }).click();
    await window
      .getByRole('dialog', { name: /^Sign review/ })
      .getByRole('button', { name: 'Sign the review' })
      .click();
    await expect(
      window.getByRole('region', { name: 'Since it was signed' }),
      'a record of every decision',
    ).toBeVisible({ timeout: 60_000 });
    await window.getByRole('button', { name: 'Record what was done' }).click();
    await window.getByRole('dialog').getByRole('combobox', { name: /^Item/ }).click();
    await window.getByRole('option').first().click();
    await fillForm(
      window,
      'Record what was done',
      { 'What was done': 'Mended', Evidence: join(folder, 'policy.md') },
      'Record',
    );
    await window.getByRole('button', { name: 'Sign an addendum' }).click();
    await fillForm(window, 'Sign an addendum', {}, 'Sign');
    await expect(window.getByRole('region', { name: 'Since it was signed' })).toContainText('signed', {
      timeout: 60_000,
    });
    const [review] = (await invoke(window, 'review.list', {})).reviews;
    const { addenda, remedied } = await invoke(window, 'review.later', { review: review!.id });
    expect(addenda).toHaveLength(1);
    expect(remedied[0]!.inAddendum).toBe(true);
  });
});
