import type { Callers } from './callers.ts';
import { AzureFault, type Answer, type Request } from './http.ts';
import { blobsOf } from './log-rows.ts';
import type { Estate } from './types.ts';

export const CONTAINER = 'insights-logs-auditevent';
const MAX_PAGE = 5000;
const READ = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read';

const xml = (text: string): string =>
  text.replace(/[<>&"]/g, (c) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[c]!);

function fault(status: number, code: string, message: string): AzureFault {
  const made = new AzureFault(status, code, message);
  made.answer.headers = { 'x-ms-error-code': code, 'content-type': 'application/xml' };
  made.answer.body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${xml(message)}</Message></Error>`;
  return made;
}

/** The storage account that diagnostic settings write to: List Blobs and Get Blob. */
export function createBlobHandler(
  estate: Estate,
  callers: Callers,
): (request: Request) => { operation: string; answer: () => Answer } {
  const blobs = blobsOf(estate);
  const names = [...blobs.keys()].sort();
  const lastModified = new Date(estate.now).toUTCString();
  const container = `${estate.storageAccountId}/blobServices/default/containers/${CONTAINER}`;

  const list = ({ query }: Request): Answer => {
    const prefix = query.get('prefix') ?? '';
    const marker = query.get('marker') ?? '';
    const size = Math.min(Number(query.get('maxresults') ?? MAX_PAGE), MAX_PAGE);
    if (!Number.isInteger(size) || size < 1)
      throw fault(400, 'OutOfRangeQueryParameterValue', 'maxresults is not a number from 1.');
    const found = names.filter((name) => name.startsWith(prefix) && name >= marker);
    const items = found
      .slice(0, size)
      .map(
        (name) =>
          `<Blob><Name>${xml(name)}</Name><Properties><Last-Modified>${lastModified}</Last-Modified><Content-Length>${Buffer.byteLength(blobs.get(name)!)}</Content-Length><Content-Type>application/octet-stream</Content-Type><BlobType>AppendBlob</BlobType></Properties></Blob>`,
      );
    const body = `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="${CONTAINER}"><Prefix>${xml(prefix)}</Prefix><MaxResults>${size}</MaxResults><Blobs>${items.join('')}</Blobs><NextMarker>${xml(found[size] ?? '')}</NextMarker></EnumerationResults>`;
    return { status: 200, headers: { 'content-type': 'application/xml' }, body };
  };

  return (request) => {
    const listing = request.path === `/${CONTAINER}` && request.query.get('comp') === 'list';
    return {
      operation: listing ? 'blob.ListBlobs' : 'blob.GetBlob',
      answer: () => {
        const who = callers.caller(request, 'blob');
        if (callers.may(who, READ, container, true).decision !== 'allowed')
          throw fault(
            403,
            'AuthorizationPermissionMismatch',
            'This request is not authorized to perform this operation using this permission.',
          );
        if (listing) return list(request);
        const body = blobs.get(request.path.slice(CONTAINER.length + 2));
        if (!request.path.startsWith(`/${CONTAINER}/`) || body === undefined)
          throw fault(404, 'BlobNotFound', 'The specified blob does not exist.');
        return {
          status: 200,
          headers: {
            'content-type': 'application/octet-stream',
            'last-modified': lastModified,
            'x-ms-blob-type': 'AppendBlob',
          },
          body,
        };
      },
    };
  };
}
