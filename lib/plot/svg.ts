/**
 * SVG as text. Marks are strings made by {@link element}; user text enters only through
 * {@link escapeText}, here and in text.ts, so nothing in the data can become markup.
 *
 * @module
 */
import { visible } from "../format/visible.ts";
import { coordinate } from "./numbers.ts";

/** Attributes of an element, in the order in which they are written; numbers are coordinates. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** The attribute that names an image as SVG 1.1 has it: Inkscape 1.2 does not know `href`, all know this. */
export const HREF = "xlink:href";

/** An element with its children, which are markup already. Attributes of undefined are left out. */
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

/** The text that a pointer resting on a mark shows, and that a screen reader reads. */
export function hoverTitle(content: string): string {
  return element("title", {}, escapeText(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text for an element or an attribute; of control characters XML 1.0 cannot even hold escapes. */
export function escapeText(content: string): string {
  return visible(content).replace(/[&<>"]/g, (character) => ENTITIES[character]);
}
