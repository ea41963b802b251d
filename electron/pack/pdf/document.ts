/** A tagged PDF/A-3a and PDF/UA-1 document: pages, furniture, anchors, bookmarks, attachments. */
import { createHash } from 'node:crypto';
import { PdfError } from './error.ts';
import { PdfFileWriter } from './file-writer.ts';
import { FontSet } from './font-set.ts';
import { writeOutline, type Bookmark } from './outline.ts';
import { infoDictionary, language, xmp, type DocumentInfo } from './metadata.ts';
import { drawFurniture, drawShared, type Furniture } from './furniture.ts';
import { Page, type PageContext } from './page.ts';
import { srgbProfile } from './srgb-profile.ts';
import { StructTree } from './structure.ts';
import { ascii, name, num, pdfDate, ref, textString, type ObjectId } from './syntax.ts';
import { A4 } from './theme.ts';

export type Orientation = 'portrait' | 'landscape';

/** A file carried inside the PDF (ISO 19005-3, 6.8). */
export interface Attachment {
  fileName: string;
  mediaType: string;
  description: string;
  relationship: 'Source' | 'Data' | 'Alternative' | 'Supplement' | 'Unspecified';
  bytes: Uint8Array;
}

export interface DocumentOptions {
  info: DocumentInfo;
  furniture: Furniture;
  /** What makes this document itself, e.g. the pack id: the file identifier is made from it. */
  identity: string;
}

/** Where an anchor is. */
interface Place {
  page: Page;
  y: number;
}

const PAGES_PER_NODE = 64;

/** One document; create, fill through a flow, `finish`. */
export class PdfDocument {
  readonly file = new PdfFileWriter();
  readonly fonts = new FontSet(this.file);
  readonly tree = new StructTree(this.file);
  #options: DocumentOptions;
  #pages: Page[] = [];
  #held = new Set<Page>();
  #nodes: ObjectId[] = [];
  #anchors = new Map<string, Place>();
  #bookmarks: Bookmark[] = [];
  #attachments: { id: ObjectId; fileName: string }[] = [];
  #resources = this.file.reserve();
  #context: PageContext;

  constructor(options: DocumentOptions) {
    this.#options = options;
    pdfDate(options.info.time);
    this.#context = {
      file: this.file,
      fonts: this.fonts,
      tree: this.tree,
      numberOf: (anchor) => String(this.#place(anchor).page.index + 1),
    };
  }

  /** The page that takes content now. */
  get page(): Page {
    const page = this.#pages.at(-1);
    if (!page) throw new PdfError('misuse', 'cannot draw: the document has no page yet. Start a page first.');
    return page;
  }

  get pageCount(): number {
    return this.#pages.length;
  }

  /** Starts a page. The one before it leaves memory unless it waits for the end of the document. */
  startPage(orientation: Orientation): Page {
    const last = this.#pages.at(-1);
    if (last) this.#settle(last);
    const [width, height] = orientation === 'portrait' ? [A4.short, A4.long] : [A4.long, A4.short];
    if (this.#pages.length % PAGES_PER_NODE === 0) this.#nodes.push(this.file.reserve());
    const page = new Page(this.#context, this.#pages.length, width, height);
    this.#pages.push(page);
    return page;
  }

  /** Names a place on the current page; `y` from the page's lower edge. The first use of a name counts. */
  anchor(anchorName: string, y: number): void {
    if (!this.#anchors.has(anchorName)) this.#anchors.set(anchorName, { page: this.page, y });
  }

  hasAnchor(anchorName: string): boolean {
    return this.#anchors.has(anchorName);
  }

  /** Adds a bookmark that leads to an anchor. Level 1 is the outermost. */
  bookmark(level: number, title: string, anchorName: string): void {
    this.#bookmarks.push({ level, title, anchor: anchorName });
  }

  /** Puts a file inside the PDF. */
  attach(file: Attachment): void {
    const [data, id] = [this.file.reserve(), this.file.reserve()];
    const date = pdfDate(this.#options.info.time);
    // ISO 32000-1, table 46 asks for MD5 here; it is a checksum for viewers, not evidence.
    const sum = createHash('md5').update(file.bytes).digest('hex');
    this.file.putStream(
      data,
      `/Type/EmbeddedFile/Subtype${name(file.mediaType)}/Params<</Size ${file.bytes.length}/CreationDate ${date}/ModDate ${date}/CheckSum<${sum}>>>`,
      file.bytes,
    );
    this.file.put(
      id,
      `<</Type/Filespec/F ${ascii(file.fileName.replace(/[^\x20-\x7E]/g, '_'))}/UF ${textString(file.fileName)}` +
        `/Desc ${textString(file.description)}/AFRelationship${name(file.relationship)}/EF<</F ${ref(data)}/UF ${ref(data)}>>>>`,
    );
    this.#attachments.push({ id, fileName: file.fileName });
  }

  /** Ends the document and gives its bytes. @throws PdfError `unknown-anchor` when a link leads nowhere. */
  finish(): Uint8Array {
    const { file } = this;
    const { info, furniture, identity } = this.#options;
    if (this.#pages.length === 0) this.startPage('portrait');
    this.#settle(this.page);
    for (const page of this.#held) file.putStream(this.#bodyOf(page), '', page.content());
    const shared = drawShared(this, furniture, this.#resources);
    for (const page of this.#pages) {
      file.putStream(page.furniture, '', drawFurniture(this.fonts, furniture, page, this.#pages.length));
      this.#writePage(page);
    }
    const pages = this.#writePageTree();
    const treeRoot = this.tree.finish();
    const outline = writeOutline(file, this.#bookmarks, (anchor) => this.#destination(anchor));
    const fonts = this.fonts.write();
    file.put(
      this.#resources,
      `<</Font<<${fonts}>>/XObject<<${shared.xObjects}>>/ExtGState<<${shared.states}>>>>`,
    );
    const [metadata, profile, intent] = [file.reserve(), file.reserve(), file.reserve()];
    file.putStream(metadata, '/Type/Metadata/Subtype/XML', xmp(info), { plain: true });
    file.putStream(profile, '/N 3/Alternate/DeviceRGB', srgbProfile());
    file.put(
      intent,
      `<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)/RegistryName(http://www.color.org)/DestOutputProfile ${ref(profile)}>>`,
    );
    const [infoId, root] = [file.reserve(), file.reserve()];
    file.put(infoId, infoDictionary(info));
    const outlines = outline === undefined ? '' : `/Outlines ${ref(outline)}/PageMode/UseOutlines`;
    file.putPlain(
      root,
      `<</Type/Catalog/Pages ${ref(pages)}/Lang${language(info)}/MarkInfo<</Marked true>>/StructTreeRoot ${ref(treeRoot)}` +
        `/ViewerPreferences<</DisplayDocTitle true>>/Metadata ${ref(metadata)}/OutputIntents[${ref(intent)}]` +
        `${outlines}${this.#attachmentEntries()}>>`,
    );
    const fileId = createHash('sha256')
      .update(`${identity}\n${info.time}\n${info.title}`)
      .digest('hex')
      .slice(0, 32);
    return file.finish({ root, info: infoId, fileId });
  }

  #bodies = new Map<Page, ObjectId>();

  #bodyOf(page: Page): ObjectId {
    let id = this.#bodies.get(page);
    if (id === undefined) {
      id = this.file.reserve();
      this.#bodies.set(page, id);
    }
    return id;
  }

  #settle(page: Page): void {
    if (page.deferred) this.#held.add(page);
    else this.file.putStream(this.#bodyOf(page), '', page.content());
  }

  #writePage(page: Page): void {
    const parent = this.#nodes[Math.floor(page.index / PAGES_PER_NODE)] ?? 0;
    for (const link of page.links) {
      const box = link.box.map(num).join(' ');
      const label = `Page ${this.#place(link.anchor).page.index + 1}`;
      this.file.put(
        link.id,
        `<</Type/Annot/Subtype/Link/Rect[${box}]/Border[0 0 0]/F 4/StructParent ${link.key}` +
          `/Contents ${textString(label)}/Dest${this.#destination(link.anchor)}>>`,
      );
    }
    const annotations =
      page.links.length === 0 ? '' : `/Annots[${page.links.map((l) => ref(l.id)).join(' ')}]`;
    this.file.put(
      page.id,
      `<</Type/Page/Parent ${ref(parent)}/MediaBox[0 0 ${num(page.width)} ${num(page.height)}]/Resources ${ref(this.#resources)}` +
        `/Contents[${ref(this.#bodyOf(page))} ${ref(page.furniture)}]/StructParents ${page.key}/Tabs/S${annotations}>>`,
    );
  }

  #writePageTree(): ObjectId {
    const root = this.file.reserve();
    this.#nodes.forEach((node, i) => {
      const kids = this.#pages.slice(i * PAGES_PER_NODE, (i + 1) * PAGES_PER_NODE);
      const list = kids.map((p) => ref(p.id)).join(' ');
      this.file.put(node, `<</Type/Pages/Parent ${ref(root)}/Count ${kids.length}/Kids[${list}]>>`);
    });
    const list = this.#nodes.map(ref).join(' ');
    this.file.put(root, `<</Type/Pages/Count ${this.#pages.length}/Kids[${list}]>>`);
    return root;
  }

  #attachmentEntries(): string {
    if (this.#attachments.length === 0) return '';
    const sorted = this.#attachments.toSorted((a, b) => (a.fileName < b.fileName ? -1 : 1));
    const names = sorted.map((a) => `${textString(a.fileName)} ${ref(a.id)}`).join(' ');
    const list = this.#attachments.map((a) => ref(a.id)).join(' ');
    return `/Names<</EmbeddedFiles<</Names[${names}]>>>>/AF[${list}]`;
  }

  #place(anchorName: string): Place {
    const place = this.#anchors.get(anchorName);
    if (place) return place;
    throw new PdfError(
      'unknown-anchor',
      `cannot link to "${anchorName}": nothing has that name. Report this.`,
    );
  }

  #destination(anchorName: string): string {
    const { page, y } = this.#place(anchorName);
    return `[${ref(page.id)}/XYZ 0 ${num(Math.min(page.height, y))} null]`;
  }
}
