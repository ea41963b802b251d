/** What an error says, and its code where it has one. The engine's messages are sentences and pass unchanged. */
export function errorWords(error: unknown): { message: string; code: string | null } {
  if (error instanceof Error) {
    const code = (error as { code?: unknown }).code;
    return { message: sentence(error.message), code: typeof code === 'string' ? code : null };
  }
  return { message: sentence(String(error)), code: null };
}

function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'No reason was given.';
  return trimmed[0]!.toUpperCase() + trimmed.slice(1);
}
