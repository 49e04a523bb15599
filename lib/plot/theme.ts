/**
 * Defines the colours and the font of drawings, for a light and a dark theme, and returns them as a style
 * sheet.
 *
 * Series use the blue, vermilion, bluish green, reddish purple and black of Okabe and Ito ("Color universal
 * design", 2002), which colour-blind readers can distinguish, darkened or lightened until they have a
 * contrast of 4.5 : 1 to the paper (WCAG 2.2, 1.4.3) and differ in lightness. Their yellow and sky blue,
 * equally dark, would be too similar to others. Some colours are alike in grey, so no chart relies on colour
 * alone. The style sheet has plain class rules without variables, since librsvg and Inkscape do not support
 * var().
 *
 * @module
 */

/** Name of a colour, whose value depends on the theme. */
export type Tone = "ink" | "muted" | "faint" | "paper" | "blue" | "orange" | "green" | "purple";

/** Colours of a theme: a hexadecimal sRGB value for each name of a colour. */
export type Theme = Readonly<Record<Tone, string>>;

/** Dark ink on white paper. */
export const LIGHT: Theme = {
  ink: "#1b1e23",
  muted: "#5f6670",
  faint: "#e3e6ea",
  paper: "#ffffff",
  blue: "#0064a8",
  orange: "#c24e00",
  green: "#006b4f",
  purple: "#a8548a",
};

/** Light ink on near-black paper. */
export const DARK: Theme = {
  ink: "#e8eaed",
  muted: "#9aa3ae",
  faint: "#2d3239",
  paper: "#14171b",
  blue: "#4f9fe0",
  orange: "#f0934a",
  green: "#45bf95",
  purple: "#c77ba6",
};

/** The system's interface font. */
const FONT = `system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif`;

/** Digits of equal width, so that columns of numbers align. */
const TABULAR = `font-variant-numeric:tabular-nums`;

/**
 * Returns the style sheet of an SVG file. Every rule is limited to the class of the root element, so that
 * web pages can contain the file. Some properties have two values: renderers that do not support the
 * second one use the first. Printing always uses the light theme, and shrinks drawings wider than the
 * paper, which browsers would clip.
 */
export function styleSheet(): string {
  return `
.plot{font-family:${FONT};font-size:12px;${TABULAR}}
.plot .pixels{image-rendering:optimizeSpeed;image-rendering:pixelated}
${colourRules(LIGHT)}
@media print{.plot{max-width:100%;height:auto}}
@media screen and (prefers-color-scheme:dark){
${colourRules(DARK)}
.plot .pixels.paper{filter:invert(1)}
}
`;
}

/** Returns the style rules of the colours of a theme. */
function colourRules(theme: Theme): string {
  return Object.entries(theme)
    .map(([tone, colour]) =>
      `.plot .f-${tone}{fill:${colour}}.plot .s-${tone}{stroke:${colour};fill:none}`
    )
    .join("\n");
}

/** Returns the CSS class of an SVG element that is filled with a colour. */
export function fillClass(tone: Tone): string {
  return `f-${tone}`;
}

/** Returns the CSS class of an SVG element whose strokes have a colour. */
export function strokeClass(tone: Tone): string {
  return `s-${tone}`;
}
