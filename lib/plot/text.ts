import { column, type Figure } from "./figure.ts";
import { coordinate } from "./numbers.ts";
import { type Attributes, element, escapeText, hoverTitle } from "./svg.ts";
import { fill, type Tone } from "./theme.ts";
import { type Font, textWidth, truncate, wrap } from "./text_width.ts";

/** How a line of text looks and where its anchor lies. */
export interface TextStyle {
  /** Font size in pixels; 12 unless told. */
  readonly size?: number;
  /** Whether the text is bold. */
  readonly bold?: boolean;
  /** Colour; ink unless told. */
  readonly tone?: Tone;
  /** Which end of the text, or its middle, stands at x; the start unless told. */
  readonly anchor?: "start" | "middle" | "end";
  /** Whether the text runs upwards. */
  readonly upwards?: boolean;
  /** A width to which the text is cut; the whole text is then its hover title. */
  readonly width?: number;
}

/** Font size of plots in pixels; the style sheet sets it, so texts of this size need not. */
export const TEXT_SIZE = 12;

/** From one baseline to the next, as a multiple of the font size. */
const LINE_HEIGHT = 1.45;

/** The part of a style on which the width of a text depends. */
export function fontOf({ size = TEXT_SIZE, bold = false }: TextStyle): Font {
  return { size, bold };
}

/** A line of text; (x, y) is where its anchor meets the baseline. */
export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = TEXT_SIZE, bold = false, tone = "ink", anchor = "start", width } = style;
  const shown = width === undefined ? content : truncate(content, width, fontOf(style));
  const attributes: Attributes = {
    class: fill(tone),
    x,
    y,
    "font-size": size === TEXT_SIZE ? undefined : size,
    "font-weight": bold ? "600" : undefined,
    "text-anchor": anchor === "start" ? undefined : anchor,
    transform: style.upwards === true ? `rotate(-90,${coordinate(x)},${coordinate(y)})` : undefined,
  };
  const title = shown === content ? "" : hoverTitle(content);
  return shown === "" ? "" : element("text", attributes, escapeText(shown) + title);
}

/** Lines of text broken at spaces to a width in pixels. */
export function paragraph(content: string, width: number, style: TextStyle = {}): Figure {
  const font = fontOf(style);
  const lines = wrap(content, width, font);
  const height = font.size * LINE_HEIGHT;
  return {
    width,
    height: lines.length * height,
    markup: lines.map((line, index) => text(0, baseline(font.size, index), line, style)).join(""),
  };
}

/** A line of text as a figure of its own. */
export function label(content: string, style: TextStyle = {}): Figure {
  const font = fontOf(style);
  return {
    width: Math.min(textWidth(content, font), style.width ?? Infinity),
    height: font.size * LINE_HEIGHT,
    markup: text(0, baseline(font.size, 0), content, style),
  };
}

/** What stands above a figure. */
export interface HeadingOptions {
  /** Width to which it is set, in pixels. */
  readonly width: number;
  /** What the figure shows. */
  readonly title: string;
  /** How to read it, in a sentence or two. */
  readonly caption?: string;
}

/** A title in bold and, below it, a caption broken to the width. */
export function heading({ width, title, caption }: HeadingOptions): Figure {
  const head = label(title, { size: 15, bold: true, width });
  if (caption === undefined) return head;
  return column([head, paragraph(caption, width, { tone: "muted" })], { gap: 2 });
}

/** A figure below its title and its caption. */
export function titled(figure: Figure, words: Omit<HeadingOptions, "width">): Figure {
  return column([heading({ ...words, width: figure.width }), figure], { gap: 12 });
}

function baseline(size: number, line: number): number {
  return size * (LINE_HEIGHT * line + 1.1);
}
