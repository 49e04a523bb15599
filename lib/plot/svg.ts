/**
 * Writes SVG as text. Marks are strings made by {@link element}; user text enters only through
 * {@link escapeText}, here and in text.ts, so that data cannot become markup.
 *
 * @module
 */
import { escapeControls } from "../format/visible.ts";
import { coordinate } from "./numbers.ts";

/** Attributes of an element, in the order in which they are written; numbers are coordinates. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** The SVG 1.1 attribute of an image's source: Inkscape 1.2 does not support `href`, all renderers support this. */
export const HREF = "xlink:href";

/** Returns an element with its children, which are markup already. Undefined attributes are omitted. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  let start = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    start += ` ${key}="${typeof value === "number" ? coordinate(value) : escapeText(value)}"`;
  }
  const content = children.join("");
  return content === "" ? `${start}/>` : `${start}>${content}</${name}>`;
}

export function translate(x: number, y: number, markup: string): string {
  if (markup === "" || (x === 0 && y === 0)) return markup;
  return element("g", { transform: `translate(${coordinate(x)},${coordinate(y)})` }, markup);
}

/** Returns the hover title of a mark, which screen readers read too. */
export function hoverTitle(content: string): string {
  return element("title", {}, escapeText(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Escapes text for an element or attribute; control characters are replaced, since XML 1.0 cannot escape them. */
export function escapeText(content: string): string {
  return escapeControls(content).replace(/[&<>"]/g, (character) => ENTITIES[character]);
}
