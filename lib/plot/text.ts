import { column, type Figure } from "./figure.ts";
import { formatCoordinate } from "./numbers.ts";
import { type Attributes, element, escapeText, hoverTitle } from "./svg.ts";
import { fillClass, type Tone } from "./theme.ts";
import { type Font, textWidth, truncate, wrap } from "./text_width.ts";

/** Style of a line of text, and the place of its anchor point. */
export interface TextStyle {
  /** Font size in pixels. Defaults to 12. */
  readonly size?: number;
  /** Whether the text is bold. Defaults to false. */
  readonly bold?: boolean;
  /** Colour. Defaults to ink. */
  readonly tone?: Tone;
  /** Part of the text that is placed at the x coordinate. Defaults to the start. */
  readonly anchor?: "start" | "middle" | "end";
  /** Whether the text is rotated so that it runs upwards. Defaults to false. */
  readonly upwards?: boolean;
  /**
   * Width [px] to which the text is cut. A cut text has the whole text as its hover title. Defaults to no
   * limit.
   */
  readonly width?: number;
}

/** Default font size [px]. The style sheet sets it, so texts of this size have no attribute for it. */
export const TEXT_SIZE = 12;

/** Distance between the baselines of two lines, as a multiple of the font size. */
const LINE_HEIGHT = 1.45;

/** Returns the properties of a style on which the width of a text depends: font size and boldness. */
export function textFont({ size = TEXT_SIZE, bold = false }: TextStyle): Font {
  return { size, bold };
}

/** Returns the markup of a line of text whose anchor point, on the baseline, is at (x, y) [px]. */
export function drawText(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = TEXT_SIZE, bold = false, tone = "ink", anchor = "start", width } = style;
  const shown = width === undefined ? content : truncate(content, width, textFont(style));
  const attributes: Attributes = {
    class: fillClass(tone),
    x,
    y,
    "font-size": size === TEXT_SIZE ? undefined : size,
    "font-weight": bold ? "600" : undefined,
    "text-anchor": anchor === "start" ? undefined : anchor,
    transform: style.upwards === true
      ? `rotate(-90,${formatCoordinate(x)},${formatCoordinate(y)})`
      : undefined,
  };
  const title = shown === content ? "" : hoverTitle(content);
  return shown === "" ? "" : element("text", attributes, escapeText(shown) + title);
}

/** Draws text in lines of at most a width [px], wrapped at spaces. */
export function paragraph(content: string, width: number, style: TextStyle = {}): Figure {
  const font = textFont(style);
  const lines = wrap(content, width, font);
  const height = font.size * LINE_HEIGHT;
  return {
    width,
    height: lines.length * height,
    markup: lines.map((line, index) => drawText(0, baselineY(font.size, index), line, style)).join(
      "",
    ),
  };
}

/** Draws one line of text as a figure, which is as wide as the text. */
export function label(content: string, style: TextStyle = {}): Figure {
  const font = textFont(style);
  return {
    width: Math.min(textWidth(content, font), style.width ?? Infinity),
    height: font.size * LINE_HEIGHT,
    markup: drawText(0, baselineY(font.size, 0), content, style),
  };
}

/** Title and caption of a figure. */
export interface HeadingOptions {
  /** Width [px] to which the caption is wrapped. */
  readonly width: number;
  /** Title of the figure. */
  readonly title: string;
  /** Caption of the figure, one or two sentences. */
  readonly caption?: string;
}

/**
 * Draws a bold title and, below it, a caption if there is one. The title is cut to the width, the caption
 * wrapped.
 */
export function heading({ width, title, caption }: HeadingOptions): Figure {
  const head = label(title, { size: 15, bold: true, width });
  if (caption === undefined) return head;
  return column([head, paragraph(caption, width, { tone: "muted" })], { gap: 2 });
}

/** Returns a figure with a title and a caption above it. */
export function titled(figure: Figure, words: Omit<HeadingOptions, "width">): Figure {
  return column([heading({ ...words, width: figure.width }), figure], { gap: 12 });
}

/** Returns the y coordinate [px] of the baseline of a line, counted from 0, in text of a font size [px]. */
function baselineY(size: number, line: number): number {
  return size * (LINE_HEIGHT * line + 1.1);
}
