/** Characters that move the cursor, ring, reorder letters or break lines; also lone surrogates. */
const INVISIBLE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;

/**
 * Escapes the control characters of a text, ESC as `\u001b`, so that displayed data cannot manipulate the
 * terminal, log or drawing. Line breaks and tabs are kept.
 *
 * Terminal, log and SVG text pass all output through this function; nothing else needs to call it.
 */
export function visible(text: string): string {
  return text.replace(
    INVISIBLE,
    (character) => character === "\n" || character === "\t" ? character : escaped(character),
  );
}

/** Escapes like {@linkcode visible}, and also line breaks and tabs, for a field of a row. */
export function visibleField(text: string): string {
  return visible(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** Escapes a character as in JSON, with two escapes beyond U+FFFF. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");
}
