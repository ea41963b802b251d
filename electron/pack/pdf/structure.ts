/** The tag tree (ISO 32000-1, 14.7): elements are written as soon as they close, only the open path is in memory. */
import { PdfError } from './error.ts';
import type { PdfFileWriter } from './file-writer.ts';
import { ref, textString, type ObjectId } from './syntax.ts';

/** Standard structure types used here (14.8.4), and our own, which the role map explains. */
export type StructType =
  | 'Document'
  | 'Sect'
  | 'Div'
  | 'H1'
  | 'H2'
  | 'H3'
  | 'P'
  | 'Span'
  | 'Link'
  | 'Figure'
  | 'Caption'
  | 'L'
  | 'LI'
  | 'Lbl'
  | 'LBody'
  | 'Table'
  | 'THead'
  | 'TBody'
  | 'TR'
  | 'TH'
  | 'TD'
  | 'TOC'
  | 'TOCI'
  | 'Reference'
  | 'Callout'
  | 'KeyFigure';

const ROLE_MAP = '<</Callout/Div/KeyFigure/P>>';

/** What a page must offer to hold tagged content: its object and the elements behind its marked-content numbers. */
export interface TaggedPage {
  id: ObjectId;
  marks: ObjectId[];
}

/** An open element. */
export interface Element {
  id: ObjectId;
  type: StructType;
  parent: ObjectId;
  attributes: string;
  page: ObjectId | undefined;
  kids: string[];
}

/** Extra things an element may say. */
export interface ElementOptions {
  /** Text in place of the content, for figures and links. */
  alt?: string;
  /** The inside of an attribute dictionary, e.g. `/O/Table/Scope/Row`. */
  attribute?: string;
}

/** Builds the tree of one document. */
export class StructTree {
  #file: PdfFileWriter;
  #root: ObjectId;
  #stack: Element[] = [];
  #documentId: ObjectId;
  #parents: (ObjectId | ObjectId[])[] = [];

  constructor(file: PdfFileWriter) {
    this.#file = file;
    this.#root = file.reserve();
    this.#documentId = this.#create('Document', this.#root, {}).id;
  }

  /** Opens an element inside the current one. */
  open(type: StructType, options: ElementOptions = {}): Element {
    const parent = this.#stack.at(-1);
    return this.#create(type, parent?.id ?? this.#root, options);
  }

  /** Closes the current element and writes it. */
  close(): void {
    const element = this.#stack.pop();
    if (!element) return;
    this.#stack.at(-1)?.kids.push(ref(element.id));
    const page = element.page === undefined ? '' : `/Pg ${ref(element.page)}`;
    const kids = element.kids.length === 1 ? (element.kids[0] ?? '') : `[${element.kids.join(' ')}]`;
    this.#file.put(
      element.id,
      `<</S/${element.type}/P ${ref(element.parent)}${page}${element.attributes}/K ${kids}>>`,
    );
  }

  /** Runs `body` inside a new element. */
  within<T>(type: StructType, options: ElementOptions, body: (element: Element) => T): T {
    const element = this.open(type, options);
    const result = body(element);
    this.close();
    return result;
  }

  /** The element that is open now. */
  get current(): Element {
    const element = this.#stack.at(-1);
    if (!element) throw new PdfError('misuse', 'cannot tag content: the tag tree is closed. Report this.');
    return element;
  }

  /** Gives the next marked-content number of a page to an element (the open one when none is named). */
  mark(page: TaggedPage, element: Element = this.current): number {
    const mcid = page.marks.length;
    page.marks.push(element.id);
    element.page ??= page.id;
    element.kids.push(element.page === page.id ? `${mcid}` : `<</Type/MCR/Pg ${ref(page.id)}/MCID ${mcid}>>`);
    return mcid;
  }

  /** Hangs an annotation on an element; gives the annotation's `/StructParent` key. */
  annotate(element: Element, page: TaggedPage, annotation: ObjectId): number {
    element.kids.push(`<</Type/OBJR/Pg ${ref(page.id)}/Obj ${ref(annotation)}>>`);
    return this.#parents.push(element.id) - 1;
  }

  /** Reserves a page's `/StructParents` key; `marks` is read when the tree is finished. */
  pageKey(page: TaggedPage): number {
    return this.#parents.push(page.marks) - 1;
  }

  /** Closes what is open, writes the root and the parent tree, and gives the root's object. */
  finish(): ObjectId {
    while (this.#stack.length > 0) this.close();
    const leaves: string[] = [];
    for (let from = 0; from < this.#parents.length; from += 256) {
      const slice = this.#parents.slice(from, from + 256);
      const nums = slice.map((value, i) => {
        if (!Array.isArray(value)) return `${from + i} ${ref(value)}`;
        const id = this.#file.reserve();
        this.#file.put(id, `[${value.map(ref).join(' ')}]`);
        return `${from + i} ${ref(id)}`;
      });
      const leaf = this.#file.reserve();
      this.#file.put(leaf, `<</Limits[${from} ${from + slice.length - 1}]/Nums[${nums.join(' ')}]>>`);
      leaves.push(ref(leaf));
    }
    const tree = this.#file.reserve();
    this.#file.put(tree, `<</Kids[${leaves.join(' ')}]>>`);
    this.#file.put(
      this.#root,
      `<</Type/StructTreeRoot/K ${ref(this.#documentId)}/ParentTree ${ref(tree)}` +
        `/ParentTreeNextKey ${this.#parents.length}/RoleMap${ROLE_MAP}>>`,
    );
    return this.#root;
  }

  #create(type: StructType, parent: ObjectId, options: ElementOptions): Element {
    let attributes = '';
    if (options.alt !== undefined) attributes += `/Alt ${textString(options.alt)}`;
    if (options.attribute !== undefined) attributes += `/A<<${options.attribute}>>`;
    const element: Element = {
      id: this.#file.reserve(),
      type,
      parent,
      attributes,
      page: undefined,
      kids: [],
    };
    this.#stack.push(element);
    return element;
  }
}
