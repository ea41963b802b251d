import type { PDFDocumentProxy } from 'pdfjs-dist';
// Ours to serve, from the window's own origin: nothing is loaded from elsewhere.
import workerAddress from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';

/** A part of the document as its bookmarks name it. */
export interface PdfPart {
  title: string;
  /** Number of its first page, from 1. */
  page: number;
  depth: number;
}

/** A PDF that is open for looking at. */
export interface OpenPdf {
  document: PDFDocumentProxy;
  pages: number;
  parts: readonly PdfPart[];
  /** Size of the first page in points; the others are shown as large until they are drawn. */
  size: { width: number; height: number };
  close(): void;
}

/**
 * Opens a PDF by its address. The reader and its worker are loaded when first needed; no scripts, forms or remote
 * content of the document are run.
 *
 * @throws Error when it cannot be had or is no PDF
 */
export async function openPdf(address: string, signal: AbortSignal): Promise<OpenPdf> {
  const response = await fetch(address, { signal });
  if (!response.ok)
    throw new Error('cannot show the report: it is not kept any more. Preview the pack again.');
  const data = new Uint8Array(await response.arrayBuffer());
  const { getDocument, PDFWorker } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const port = new Worker(workerAddress, { type: 'module' });
  const worker = PDFWorker.create({ port });
  const task = getDocument({
    data,
    worker,
    enableXfa: false,
    useSystemFonts: false,
    useWasm: false,
    stopAtErrors: true,
    isOffscreenCanvasSupported: false,
  });
  const close = (): void => {
    void task.destroy().finally(() => port.terminate());
  };
  try {
    const document = await task.promise;
    signal.throwIfAborted();
    const { width, height } = (await document.getPage(1)).getViewport({ scale: 1 });
    return {
      document,
      pages: document.numPages,
      parts: await partsOf(document),
      size: { width, height },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

type Outline = Awaited<ReturnType<PDFDocumentProxy['getOutline']>>;

/** Bookmarks of the first two levels, with the pages that they lead to. */
async function partsOf(document: PDFDocumentProxy): Promise<PdfPart[]> {
  const parts: PdfPart[] = [];
  const add = async (items: Outline, depth: number): Promise<void> => {
    for (const { title, dest, items: below } of items) {
      const target = typeof dest === 'string' ? await document.getDestination(dest) : dest;
      const page: unknown = target?.[0];
      if (isReference(page)) parts.push({ title, page: (await document.getPageIndex(page)) + 1, depth });
      if (depth === 0) await add(below as Outline, depth + 1);
    }
  };
  await add((await document.getOutline()) ?? [], 0);
  return parts;
}

const isReference = (value: unknown): value is { num: number; gen: number } =>
  typeof value === 'object' && value !== null && 'num' in value && 'gen' in value;
