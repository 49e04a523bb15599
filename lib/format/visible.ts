/** What moves a cursor, rings, reorders letters or breaks a line; U+D800 to U+DFFF alone are no letters. */
const INVISIBLE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;

/**
 * Returns a text with its control characters as escapes, `\u001b` for ESC, so that data shown to a person
 * can do nothing to the terminal, the log or the drawing that shows it. Line breaks and tabs stay.
 *
 * Terminal, log and SVG text pass all that leaves through this function, and nothing else needs to.
 */
export function visible(text: string): string {
  return text.replace(
    INVISIBLE,
    (character) => character === "\n" || character === "\t" ? character : escaped(character),
  );
}

/** Returns a text as {@linkcode visible} does, on one line and without tabs: for a field of a row. */
export function visibleField(text: string): string {
  return visible(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** As JSON has it, two escapes beyond U+FFFF. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");
}
