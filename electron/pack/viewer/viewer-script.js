// Runs inside index.html of a pack, from the unpacked folder, without network. Shows what build time put into the page
// and hashes files that the reader drops. It proves nothing by itself, and says so.
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);
const MOST_ROWS = 500;

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Results of tests carry a sign and a word: no meaning rests on colour alone.
const SIGNS = {
  pass: '✓',
  exception: '▲',
  undetermined: '◆',
  'evidence-required': '■',
  'not-applicable': '–',
};

function tableCell(cell) {
  if (cell === null) return element('td');
  if (typeof cell === 'number') return element('td', { class: 'number' }, String(cell));
  if (SIGNS[cell]) return element('td', { class: `state state-${cell}` }, `${SIGNS[cell]} ${cell}`);
  return element('td', {}, String(cell));
}

function table(view, rows, caption) {
  const head = element('tr', {}, ...view.header.map((text) => element('th', { scope: 'col' }, text)));
  const body = rows.slice(0, MOST_ROWS).map((row) => element('tr', {}, ...row.map(tableCell)));
  return element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', { class: 'quiet' }, caption),
      element('thead', {}, head),
      element('tbody', {}, ...body),
    ),
  );
}

function tableView(panel, view) {
  const search = element('input', {
    type: 'search',
    'aria-label': `Search ${view.title}`,
    placeholder: 'Search',
  });
  const place = element('div');
  const show = () => {
    const wanted = search.value.trim().toLowerCase();
    const found = wanted
      ? view.rows.filter((row) =>
          row.some((cell) =>
            String(cell ?? '')
              .toLowerCase()
              .includes(wanted),
          ),
        )
      : view.rows;
    const shown = Math.min(found.length, MOST_ROWS);
    const more =
      view.total > view.rows.length
        ? ` This page holds the first ${view.rows.length} of ${view.total}; all are in ${view.file}.`
        : '';
    place.replaceChildren(table(view, found, `${shown} of ${found.length} rows shown.${more}`));
  };
  search.addEventListener('input', show);
  panel.append(element('p', { class: 'quiet' }, view.about), search, place);
  show();
}

function overview(panel) {
  panel.append(
    element(
      'ul',
      { class: 'numbers' },
      ...data.numbers.map(([label, value]) => element('li', {}, element('b', {}, String(value)), label)),
    ),
    element('h2', {}, 'What auditors expect, and where it is'),
    element(
      'ul',
      {},
      ...data.exhibits.map((exhibit) => {
        const item = element('li', {}, `${exhibit.title}: `);
        if (exhibit.files.length === 0) item.append(`not provided (${exhibit.notProvided})`);
        exhibit.files.slice(0, 5).forEach((file, i) => {
          item.append(i > 0 ? ', ' : '', element('a', { href: file }, file));
        });
        if (exhibit.files.length > 5) item.append(` and ${exhibit.files.length - 5} more beside them`);
        return item;
      }),
    ),
  );
}

async function sha256(file) {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

// A file whose content is listed under another name is not what its name says.
function comparison(name, digest, listed) {
  if (digest === null) return 'too large for this page: use sha256sum, see VERIFY.txt';
  const path = listed.get(digest);
  if (!path) return 'NOT in the manifest: changed, or not of this pack';
  return path.split('/').at(-1) === name
    ? `unchanged: ${path}`
    : `the content of ${path}, under another name`;
}

async function compare(files, result) {
  const manifests = files.filter((file) => /manifest-sha256\.txt$/.test(file.name));
  const others = files.filter((file) => !manifests.includes(file));
  if (manifests.length === 0) {
    result.replaceChildren(
      element('p', {}, 'Drop manifest-sha256.txt together with the files: it lists what they must be.'),
    );
    return;
  }
  const listed = new Map();
  for (const manifest of manifests) {
    for (const line of (await manifest.text()).split('\n')) {
      const match = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
      if (match) listed.set(match[1], match[2]);
    }
  }
  const rows = [];
  for (const file of others) {
    const digest = await sha256(file).catch(() => null);
    rows.push([file.name, comparison(file.name, digest, listed), digest]);
  }
  result.replaceChildren(
    table({ header: ['file', 'result', 'SHA-256'] }, rows, `${rows.length} files compared`),
  );
}

function check(panel) {
  const result = element('div', { role: 'status' });
  const input = element('input', { type: 'file', multiple: '', 'aria-label': 'Files to check' });
  const drop = element(
    'div',
    { class: 'drop' },
    element('p', {}, 'Drop files of this pack here, together with manifest-sha256.txt, or choose them:'),
    input,
  );
  input.addEventListener('change', () => compare([...input.files], result));
  drop.addEventListener('dragover', (event) => event.preventDefault());
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    compare([...event.dataTransfer.files], result);
  });
  panel.append(
    element(
      'p',
      {},
      'This compares SHA-256 values inside your browser. Whoever changed a file could have changed this page too: what counts is VERIFY.txt.',
    ),
    drop,
    result,
  );
}

const views = [
  { id: 'overview', title: 'Overview', fill: overview },
  ...data.tables.map((view) => ({ id: view.id, title: view.title, fill: (panel) => tableView(panel, view) })),
  { id: 'check', title: 'Check files', fill: check },
];

const tabs = document.getElementById('tabs');
const main = document.getElementById('main');

function select(id, focus) {
  for (const tab of tabs.children) {
    const chosen = tab.id === `tab-${id}`;
    tab.setAttribute('aria-selected', String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    if (chosen && focus) tab.focus();
  }
  const panel = element('section', {
    id: 'panel',
    role: 'tabpanel',
    'aria-labelledby': `tab-${id}`,
    tabindex: '0',
  });
  main.replaceChildren(panel);
  views.find((view) => view.id === id).fill(panel);
}

for (const { id, title } of views) {
  const tab = element(
    'button',
    { id: `tab-${id}`, role: 'tab', type: 'button', 'aria-controls': 'panel' },
    title,
  );
  tab.addEventListener('click', () => select(id, false));
  tabs.append(tab);
}
tabs.addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const at = views.findIndex(
    (view) => document.getElementById(`tab-${view.id}`).getAttribute('aria-selected') === 'true',
  );
  select(views[(at + step + views.length) % views.length].id, true);
});
select('overview', false);
