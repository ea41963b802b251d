import { rm, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Arch } from 'electron-builder';

/** Libraries that are inside the window's own files already, or whose sources nobody needs at run time. */
const LEFT_OUT = [
  '!node_modules/{react,react-dom,scheduler,lucide-react}/**',
  '!node_modules/{@base-ui,@floating-ui}/**',
  '!node_modules/better-sqlite3/{deps,src}/**',
  '!**/*.{map,md,markdown,ts,mts,cts}',
  '!**/{test,tests,__tests__,example,examples,docs}/**',
];

/** The platform part of a prebuilt file's name, for example `linux-x64`, `darwin-arm64`. */
const prebuiltFor = (platform, arch) => `${platform}-${arch}.node`;

/**
 * Configuration of electron-builder (https://www.electron.build/configuration).
 *
 * @param electronDist folder of an unpacked Electron to use instead of downloading one, with its version; or null.
 * @param testFlavour lets a debugger attach, which end-to-end tests need; never for a release.
 */
export function builderConfig({ electronDist = null, electronVersion, testFlavour = false }) {
  return {
    appId: 'app.keywitness.desktop',
    productName: 'Keywitness',
    copyright: 'Apache-2.0',
    electronVersion,
    ...(electronDist ? { electronDist } : {}),
    directories: { output: 'dist/packages', buildResources: 'build/resources' },
    extraMetadata: { main: 'electron/main.js' },
    files: ['package.json', { from: 'dist/app', to: '.', filter: ['**/*', '!package.json'] }, ...LEFT_OUT],
    asar: true,
    // A native module cannot be loaded from inside an archive.
    asarUnpack: ['node_modules/better-sqlite3/prebuilds/**'],
    npmRebuild: false,
    electronFuses: {
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: testFlavour,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    },
    extraResources: [{ from: 'build/bin', to: 'bin' }],
    fileAssociations: [
      {
        ext: 'keywitness',
        name: 'Keywitness engagement',
        description: 'Keywitness engagement',
        mimeType: 'application/x-keywitness',
        role: 'Editor',
      },
    ],
    linux: {
      target: bothArchitectures('AppImage', 'deb'),
      category: 'Utility',
      executableName: 'keywitness-app',
      synopsis: 'Encryption-key evidence that anyone can verify',
      maintainer: 'The Keywitness authors <authors@keywitness.invalid>',
    },
    deb: { afterInstall: 'build/after-install.sh', afterRemove: 'build/after-remove.sh' },
    mac: {
      target: bothArchitectures('dmg', 'zip'),
      category: 'public.app-category.business',
      hardenedRuntime: true,
      entitlements: 'build/entitlements.plist',
      entitlementsInherit: 'build/entitlements.plist',
      // Signing and notarising take their credentials from the environment of the release.
      notarize: Boolean(process.env.APPLE_API_KEY ?? process.env.APPLE_ID),
    },
    win: { target: bothArchitectures('nsis') },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
    publish: null,
    afterPack: keepOwnPrebuilt,
  };
}

const bothArchitectures = (...targets) => targets.map((target) => ({ target, arch: ['x64', 'arm64'] }));

/** Drops native files of other platforms, and an app that a given Electron folder carried. */
async function keepOwnPrebuilt({ appOutDir, packager, electronPlatformName, arch }) {
  const resources = packager.getResourcesDir(appOutDir);
  await rm(join(resources, 'app'), { recursive: true, force: true });
  const prebuilds = join(resources, 'app.asar.unpacked/node_modules/better-sqlite3/prebuilds');
  if (!existsSync(prebuilds)) throw new Error('the package has no better-sqlite3: cannot go on.');
  const own = prebuiltFor(electronPlatformName, Arch[arch]);
  const names = await readdir(prebuilds);
  if (!names.includes(own)) throw new Error(`better-sqlite3 has no ${own}: there are ${names.join(', ')}.`);
  for (const name of names) if (name !== own) await rm(join(prebuilds, name));
}
