import { SealError } from '../error.ts';

/** One element of a small XML document, its name split into namespace and local part. */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Text directly inside, without white space at its ends. */
  readonly text: string;
}

const NAME = String.raw`(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*`;
const ATTRIBUTE = String.raw`\s+${NAME}\s*=\s*(?:"[^<"]*"|'[^<']*')`;
const DECLARATION = /^\uFEFF?<\?xml\s[^?<>]*\?>/;
const MOST_DEPTH = 8;
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Parses the small XML that ASiC manifests are made of: elements, attributes, namespaces, text, comments.
 * No document type, processing instruction or CDATA: a manifest needs none, and they are how XML readers are fooled.
 *
 * @throws SealError MALFORMED with the character position.
 */
export function parseXml(text: string, what: string): XmlElement {
  const token = new RegExp(
    String.raw`<(/)?(${NAME})((?:${ATTRIBUTE})*)\s*(/)?>|<!--((?:(?!--)[^])*)-->|([^<]+)`,
    'y',
  );
  const root: Building = {
    namespace: '',
    name: '',
    attributes: new Map(),
    children: [],
    text: '',
    qualified: '',
    scope: new Map(),
  };
  const open: Building[] = [root];
  let at = DECLARATION.exec(text)?.[0].length ?? 0;
  const stop = (reason: string): never => {
    throw new SealError(
      'MALFORMED',
      `cannot read ${what}: ${reason} at character ${at}. The file is damaged or was altered`,
    );
  };
  while (at < text.length) {
    token.lastIndex = at;
    const found = token.exec(text) ?? stop('it is not the XML of a manifest');
    const [whole, closing, qualified, attributes, empty, , characters] = found;
    const parent = open[open.length - 1] as Building;
    if (characters !== undefined) {
      if (parent === root && characters.trim() !== '') stop('there is text outside of the document');
      parent.text += decode(characters, stop);
    } else if (qualified !== undefined && closing) {
      if (parent === root || parent.qualified !== qualified || attributes || empty)
        stop(`"${qualified}" is closed without being open`);
      open.pop();
    } else if (qualified !== undefined) {
      if (open.length > MOST_DEPTH) stop('its elements are nested too deeply');
      const element = start(qualified, attributes ?? '', parent.scope, stop);
      parent.children.push(element);
      if (!empty) open.push(element);
    }
    at += whole.length;
  }
  const [document] = root.children;
  if (open.length !== 1 || document === undefined || root.children.length !== 1)
    return stop('it has not exactly one complete document');
  return trimmed(document);
}

interface Building {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: Building[];
  text: string;
  readonly qualified: string;
  /** Namespace by prefix; the empty prefix is the default namespace. */
  readonly scope: ReadonlyMap<string, string>;
}

type Stop = (reason: string) => never;

function start(qualified: string, source: string, outer: ReadonlyMap<string, string>, stop: Stop): Building {
  const attributes = new Map<string, string>();
  const scope = new Map(outer);
  for (const [, name = '', quoted = ''] of source.matchAll(/\s+([\w.:-]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
    const value = decode(quoted.slice(1, -1), stop);
    const prefix = name === 'xmlns' ? '' : name.startsWith('xmlns:') ? name.slice(6) : null;
    if (prefix !== null) scope.set(prefix, value);
    else if (attributes.has(name)) stop(`attribute "${name}" appears twice`);
    else attributes.set(name, value);
  }
  const [prefix, name] = qualified.includes(':')
    ? (qualified.split(':') as [string, string])
    : ['', qualified];
  const namespace =
    scope.get(prefix) ?? (prefix === '' ? '' : stop(`the prefix "${prefix}" is not declared`));
  return { namespace, name, attributes, children: [], text: '', qualified, scope };
}

function decode(text: string, stop: Stop): string {
  return text.replace(/&([^;&]*);?/g, (whole, entity: string) => {
    const plain = ENTITIES[entity];
    if (plain !== undefined && whole.endsWith(';')) return plain;
    const code = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));$/.exec(whole.slice(1));
    const point = code ? Number.parseInt(code[1] ?? code[2] ?? '', code[1] ? 16 : 10) : Number.NaN;
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : stop('an entity is not allowed');
  });
}

function trimmed(element: Building): XmlElement {
  const { namespace, name, attributes, children, text } = element;
  return { namespace, name, attributes, children: children.map(trimmed), text: text.trim() };
}

/** Text or attribute value as XML. */
export const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
