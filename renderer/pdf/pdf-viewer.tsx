import { ChevronDown, ChevronUp, ZoomIn, ZoomOut } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useWidth } from '../charts/use-width.ts';
import { IconButton } from '../ui/button.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import { openPdf, type OpenPdf } from './open-pdf.ts';
import { PdfPage } from './pdf-page.tsx';
import './pdf.css';

/** The pages of a PDF one below the other, with its list of contents beside them. */
export function PdfViewer({ address, label }: { address: string; label: string }) {
  const [pdf, setPdf] = useState<OpenPdf | { error: unknown } | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    let opened: OpenPdf | null = null;
    openPdf(address, leaving.signal).then(
      (found) => {
        opened = found;
        if (leaving.signal.aborted) found.close();
        else setPdf(found);
      },
      (error: unknown) => {
        if (!leaving.signal.aborted) setPdf({ error });
      },
    );
    return () => {
      leaving.abort();
      opened?.close();
    };
  }, [address]);
  if (pdf === null) return <Loading what="the report" lines={8} />;
  if ('error' in pdf)
    return (
      <ErrorState
        what="Cannot show the report"
        error={pdf.error}
        effect="Nothing was signed. The report itself is not affected."
      />
    );
  return <Pages pdf={pdf} label={label} />;
}

const ZOOMS = [0.6, 0.8, 1, 1.25, 1.6, 2] as const;
/** Widest a page gets at zoom 1, px: as on paper. */
const PAPER_PX = 820;

function Pages({ pdf, label }: { pdf: OpenPdf; label: string }) {
  const [area, room] = useWidth<HTMLDivElement>();
  const pages = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState(ZOOMS.indexOf(1));
  const [current, setCurrent] = useState(1);
  const width = Math.floor(Math.min(PAPER_PX, Math.max(0, room - 48)) * ZOOMS[zoom]!);
  const step = (width * pdf.size.height) / pdf.size.width + GAP_PX;
  const goTo = (page: number): void => {
    pages.current?.scrollTo({ top: (Math.min(Math.max(page, 1), pdf.pages) - 1) * step });
  };
  return (
    <div className="pdf">
      <nav className="pdf-parts" aria-label={`Parts of ${label}`}>
        <ol>
          {pdf.parts.map((part, index) => (
            <li key={index} data-depth={part.depth}>
              <button
                type="button"
                aria-current={part === currentPart(pdf, current) ? 'true' : undefined}
                onClick={() => goTo(part.page)}
              >
                <span className="clip" title={part.title}>
                  {part.title}
                </span>
                <span className="tiny muted">{part.page}</span>
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <div className="pdf-main">
        <div className="pdf-bar">
          <IconButton
            icon={ChevronUp}
            label="Page before"
            disabled={current <= 1}
            onClick={() => goTo(current - 1)}
          />
          <IconButton
            icon={ChevronDown}
            label="Next page"
            disabled={current >= pdf.pages}
            onClick={() => goTo(current + 1)}
          />
          <span className="small" aria-live="polite">
            Page {current} of {pdf.pages}
          </span>
          <span className="pdf-bar-end">
            <IconButton
              icon={ZoomOut}
              label="Smaller"
              disabled={zoom === 0}
              onClick={() => setZoom(zoom - 1)}
            />
            <IconButton
              icon={ZoomIn}
              label="Larger"
              disabled={zoom === ZOOMS.length - 1}
              onClick={() => setZoom(zoom + 1)}
            />
          </span>
        </div>
        <div ref={area}>
          <div
            ref={pages}
            className="pdf-pages"
            tabIndex={0}
            role="region"
            aria-label={label}
            onScroll={({ currentTarget: { scrollTop, clientHeight } }) =>
              setCurrent(Math.min(pdf.pages, Math.floor((scrollTop + clientHeight / 3) / step) + 1))
            }
          >
            {Array.from({ length: pdf.pages }, (_, index) => (
              <PdfPage key={index} pdf={pdf} number={index + 1} width={width} />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

/** Space between two pages; the same as in pdf.css. */
const GAP_PX = 16;

const currentPart = (pdf: OpenPdf, page: number) => pdf.parts.findLast((part) => part.page <= page);
