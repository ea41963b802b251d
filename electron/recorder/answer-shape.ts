import type { AnswerShape } from './call.ts';

/**
 * Says what is wrong with an answer, or null. Only the outer shape is looked at: a truncated, empty or foreign body (a
 * proxy's sign-in page) must not pass for "no keys".
 */
export function shapeFault(shape: AnswerShape, body: Buffer): string | null {
  switch (shape.format) {
    case 'bytes':
      return null;
    case 'json':
      return jsonFault(shape.members, body);
    case 'xml':
      return xmlFault(shape.root, body);
  }
}

function jsonFault(members: readonly string[], body: Buffer): string | null {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return 'it is not JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is not a JSON object';
  const absent = members.find((member) => !(member in value));
  return absent === undefined ? null : `it has no member ${absent}`;
}

function xmlFault(root: string, body: Buffer): string | null {
  // Head and tail are enough to see a whole document of the right kind without parsing it twice.
  const head = body.toString('utf8', 0, 1024).replace(/^\uFEFF?\s*(<\?xml[^>]*\?>\s*)?/, '');
  const opening = new RegExp(`^<${root}(\\s[^>]*)?/?>`).exec(head);
  if (!opening) return `it is not a ${root} document`;
  if (opening[0].endsWith('/>')) return null;
  const tail = body.toString('utf8', Math.max(0, body.length - 256)).trimEnd();
  return tail.endsWith(`</${root}>`) ? null : 'it ends early';
}
