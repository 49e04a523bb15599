/**
 * Writes SVG as text. Marks are strings made by {@link element}; user text enters only through
 * {@link escapeText}, here and in text.ts, so that data cannot become markup.
 *
 * @module
 */
import { escapeControls } from "../format/visible.ts";
import { formatCoordinate } from "./numbers.ts";

/**
 * Attributes of an SVG element, in the order in which they are written. Numbers are written as coordinates.
 */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/**
 * Attribute with the source of an image in SVG 1.1. All renderers support it; Inkscape 1.2 does not support
 * `href`.
 */
export const HREF = "xlink:href";

/**
 * Returns the markup of an SVG element. Attributes that are undefined are omitted.
 *
 * @param children markup of the element's content
 */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  let start = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    start += ` ${key}="${typeof value === "number" ? formatCoordinate(value) : escapeText(value)}"`;
  }
  const content = children.join("");
  return content === "" ? `${start}/>` : `${start}>${content}</${name}>`;
}

/** Returns markup moved by (x, y) pixels. */
export function translate(x: number, y: number, markup: string): string {
  if (markup === "" || (x === 0 && y === 0)) return markup;
  return element(
    "g",
    { transform: `translate(${formatCoordinate(x)},${formatCoordinate(y)})` },
    markup,
  );
}

/**
 * Returns an SVG title element: browsers show it when a pointer is on the mark, and screen readers read it.
 */
export function hoverTitle(content: string): string {
  return element("title", {}, escapeText(content));
}

/** XML entities of the characters that are escaped. */
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/**
 * Escapes text for the content or an attribute of an XML element. Control characters are replaced by visible
 * escapes, since XML 1.0 cannot contain them.
 */
export function escapeText(content: string): string {
  return escapeControls(content).replace(/[&<>"]/g, (character) => ENTITIES[character]);
}
