import { z } from 'zod';
import { ApiError, type ApiErrorShape } from '../../api/error.ts';
import { Refusal } from './refusal.ts';

/** What a failure looks like to the window. Only a fault nobody foresaw carries details. */
export function failureOf(error: unknown): ApiErrorShape {
  if (error instanceof ApiError || error instanceof Refusal) {
    const details = error instanceof ApiError ? error.details : null;
    return { kind: error.kind, code: error.code, message: error.message, details };
  }
  if (error instanceof z.ZodError) {
    const message = `cannot use what was given: ${z.prettifyError(error)}`;
    return { kind: 'input', code: 'BAD_INPUT', message, details: null };
  }
  if (!(error instanceof Error)) {
    return { kind: 'bug', code: 'UNEXPECTED', message: String(error), details: null };
  }
  const code = codeOf(error);
  if (code === 'CANCELLED' || error.name === 'AbortError') {
    return { kind: 'cancelled', code: 'CANCELLED', message: error.message, details: null };
  }
  // House style: what a layer foresaw says "cannot …" and has a code; the file system's errors have one as well.
  if (code !== null || /^cannot /.test(error.message)) {
    return { kind: 'failed', code: code ?? 'FAILED', message: error.message, details: null };
  }
  return { kind: 'bug', code: 'UNEXPECTED', message: error.message, details: error.stack ?? null };
}

function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}
