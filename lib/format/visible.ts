/**
 * Characters that are escaped: those that move the cursor, ring the bell, reorder letters or break lines,
 * and lone surrogates.
 */
const INVISIBLE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;

/**
 * Escapes the control characters of a text, such as ESC as `\u001b`, so that displayed data cannot
 * manipulate the terminal, log or drawing. Line breaks and tabs are not escaped.
 *
 * Terminal, log and SVG text pass all output through this function; nothing else needs to call it.
 */
export function escapeControls(text: string): string {
  return text.replace(
    INVISIBLE,
    (character) =>
      character === "\n" || character === "\t" ? character : escapeCharacter(character),
  );
}

/**
 * Escapes the control characters of a text, including line breaks and tabs, so that it fits on one line.
 */
export function escapeForOneLine(text: string): string {
  return escapeControls(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** Escapes a character as JSON does: `\u` and four hexadecimal digits for each UTF-16 code unit. */
function escapeCharacter(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");
}
