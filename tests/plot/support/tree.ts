/**
 * Reads the SVG that our plots write into a tree, for tests to look at. It knows elements, quoted
 * attributes, text and the five entities, and refuses everything else: so it checks as it reads.
 *
 * @module
 */

/** An element of a file, with the text that stands directly in it. */
export interface Tree {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Tree[];
  readonly text: string;
}

/** A tree while it is read. */
interface Open extends Tree {
  readonly children: Tree[];
  text: string;
}

const TAG = /^<(\/?)([a-zA-Z]+)((?: [a-zA-Z0-9:-]+="[^"<]*")*)(\/?)>/;
const ENTITY = /&(?:amp|lt|gt|quot|apos);/g;

/**
 * The root of a file.
 *
 * @throws {SyntaxError} if the file is not well formed
 */
export function readSvg(svg: string): Tree {
  const top: Open = { name: "", attributes: {}, children: [], text: "" };
  const open: Open[] = [top];
  let rest = svg;
  while (rest !== "") {
    const parent = open[open.length - 1];
    const text = rest.slice(0, rest.indexOf("<") < 0 ? rest.length : rest.indexOf("<"));
    parent.text += unescape(text);
    rest = rest.slice(text.length);
    if (rest === "") break;
    const tag = TAG.exec(rest);
    if (tag === null) throw new SyntaxError(`Cannot read SVG: received "${rest.slice(0, 80)}"`);
    const [whole, closing, name = "", attributes = "", empty] = tag;
    rest = rest.slice(whole.length);
    if (closing === "/") {
      const closed = open.pop();
      if (closed?.name !== name || open.length === 0) {
        throw new SyntaxError(`Cannot read SVG: "${closed?.name}" is closed by "${name}"`);
      }
      continue;
    }
    const element: Open = { name, attributes: readAttributes(attributes), children: [], text: "" };
    parent.children.push(element);
    if (empty !== "/") open.push(element);
  }
  const [root] = top.children;
  if (open.length !== 1 || top.children.length !== 1 || root === undefined) {
    throw new SyntaxError("Cannot read SVG: expected one root element, closed");
  }
  return root;
}

/** The element and all that it holds, in the order of the file. */
export function* walk(tree: Tree): Generator<Tree> {
  yield tree;
  for (const child of tree.children) yield* walk(child);
}

function readAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, key = "", value = ""] of source.matchAll(/ ([a-zA-Z0-9:-]+)="([^"]*)"/g)) {
    if (key in attributes) throw new SyntaxError(`Cannot read SVG: two attributes "${key}"`);
    attributes[key] = unescape(value);
  }
  return attributes;
}

function unescape(source: string): string {
  if (source.replace(ENTITY, "").includes("&")) {
    throw new SyntaxError(`Cannot read SVG: "&" outside an entity in "${source.slice(0, 80)}"`);
  }
  const characters = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'" };
  return source.replace(ENTITY, (entity) => characters[entity as keyof typeof characters]);
}
