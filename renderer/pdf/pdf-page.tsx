import { useEffect, useRef, useState } from 'react';
import type { OpenPdf } from './open-pdf.ts';

/** How far ahead of the view pages are drawn. */
const AHEAD = '600px';

/** One page, drawn when it comes near; its text stands behind the picture for screen readers. */
export function PdfPage({ pdf, number, width }: { pdf: OpenPdf; number: number; width: number }) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [near, setNear] = useState(false);
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const height = (width * pdf.size.height) / pdf.size.width;

  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.some((entry) => entry.isIntersecting)),
      { root: place.current!.closest('.pdf-pages'), rootMargin: AHEAD },
    );
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (!near || width === 0) return;
    const target = canvas.current!;
    let stop = (): void => undefined;
    let gone = false;
    const draw = async (): Promise<void> => {
      const page = await pdf.document.getPage(number);
      if (gone) return;
      const scale = (width / page.getViewport({ scale: 1 }).width) * window.devicePixelRatio;
      const viewport = page.getViewport({ scale });
      target.width = Math.floor(viewport.width);
      target.height = Math.floor(viewport.height);
      const task = page.render({ canvas: target, viewport });
      stop = () => task.cancel();
      await task.promise;
      const { items } = await page.getTextContent();
      if (!gone) setText(items.map((item) => ('str' in item ? item.str : '')).join(' '));
    };
    draw().catch((error: unknown) => {
      if (!gone) setFault(error instanceof Error ? error.message : String(error));
    });
    return () => {
      gone = true;
      stop();
      // A hundred pages of pixels are not kept.
      target.width = 0;
      target.height = 0;
    };
  }, [pdf, number, width, near]);

  return (
    <div
      ref={place}
      className="pdf-page"
      id={`pdf-page-${number}`}
      style={{ width, height }}
      role="group"
      aria-label={`Page ${number} of ${pdf.pages}`}
    >
      {fault === null ? (
        <canvas ref={canvas} aria-hidden />
      ) : (
        <p className="small">
          Page {number} cannot be shown: {fault}
        </p>
      )}
      <p className="visually-hidden">{text}</p>
    </div>
  );
}
