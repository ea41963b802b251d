import type { SafeStorage } from 'electron';

/** How the operating system would protect a secret of ours, in words for the settings screen. */
export function secretStore(
  storage: Pick<SafeStorage, 'isEncryptionAvailable' | 'getSelectedStorageBackend'>,
  platform: NodeJS.Platform = process.platform,
): { protected: boolean; backend: string; why: string } {
  const backend =
    platform === 'linux'
      ? storage.getSelectedStorageBackend()
      : platform === 'darwin'
        ? 'keychain'
        : platform === 'win32'
          ? 'dpapi'
          : 'unknown';
  if (backend === 'basic_text' || backend === 'unknown' || !storage.isEncryptionAvailable()) {
    return {
      protected: false,
      backend,
      why: 'This computer has no keychain that Keywitness could use: a secret would lie there for everybody to read. Nothing is stored.',
    };
  }
  return { protected: true, backend, why: 'Secrets are kept by the keychain of this computer.' };
}
