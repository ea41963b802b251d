import { Menu, type MenuItemConstructorOptions } from 'electron';

/** Screens that the Go menu names, in the order of the work. */
const SCREENS = [
  ['engagement', 'Engagement'],
  ['sources', 'Sources'],
  ['collect', 'Collect'],
  ['keys', 'Keys'],
  ['access', 'Access'],
  ['logs', 'Logs'],
  ['tests', 'Tests'],
  ['review', 'Review'],
  ['pack', 'Pack'],
] as const;

/** The menu of the platform; its items tell the window a command. */
export function applicationMenu(
  command: (name: string) => void,
  platform: NodeJS.Platform = process.platform,
): Menu {
  return Menu.buildFromTemplate(menuTemplate(command, platform));
}

/** The same as data. */
export function menuTemplate(
  command: (name: string) => void,
  platform: NodeJS.Platform,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const item = (label: string, name: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator ? { accelerator } : {}),
    click: () => command(name),
  });
  const settings = item('Settings…', 'settings', 'CmdOrCtrl+,');
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return [
    ...(mac
      ? [
          {
            label: 'Keywitness',
            submenu: [
              { role: 'about' as const },
              separator,
              settings,
              separator,
              { role: 'services' as const },
              separator,
              { role: 'hide' as const },
              { role: 'hideOthers' as const },
              { role: 'unhide' as const },
              separator,
              { role: 'quit' as const },
            ],
          },
        ]
      : []),
    {
      label: 'File',
      submenu: [
        item('New engagement…', 'new', 'CmdOrCtrl+N'),
        item('Open engagement…', 'open', 'CmdOrCtrl+O'),
        ...(mac
          ? [
              {
                label: 'Open Recent',
                role: 'recentDocuments' as const,
                submenu: [{ role: 'clearRecentDocuments' as const }],
              },
            ]
          : []),
        separator,
        item('Verify a pack…', 'verify', 'CmdOrCtrl+Shift+V'),
        separator,
        item('Close engagement', 'close', 'CmdOrCtrl+Shift+W'),
        ...(mac ? [{ role: 'close' as const }] : [separator, settings, separator, { role: 'quit' as const }]),
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        item('Command palette…', 'palette', 'CmdOrCtrl+K'),
        item('Keyboard shortcuts', 'shortcuts', 'CmdOrCtrl+/'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    {
      label: 'Go',
      submenu: SCREENS.map(([name, label], i) => item(label, `go:${name}`, `CmdOrCtrl+${i + 1}`)),
    },
    { role: 'windowMenu' },
  ];
}
