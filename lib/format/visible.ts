/**
 * Characters that {@linkcode escapeControls} looks for. It escapes all of them but the line feed and the tab.
 * They are control characters, which can move the cursor or ring the bell; characters that reorder letters
 * (bidirectional controls) or break lines (U+2028, U+2029); lone surrogates and noncharacters; and U+FFF9
 * to U+FFFB, which hide annotations.
 */
const UNSAFE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;

/**
 * Escapes the control characters and other unsafe characters of a text, such as ESC as `\u001b`, so that
 * displayed data cannot manipulate the terminal, log or drawing. Line feeds and tabs are not escaped.
 *
 * Terminal, log and SVG text pass all output through this function; no other code needs to call it.
 */
export function escapeControls(text: string): string {
  return text.replace(
    UNSAFE,
    (character) =>
      character === "\n" || character === "\t" ? character : escapeCharacter(character),
  );
}

/**
 * Escapes a text as {@linkcode escapeControls} does, and also line feeds and tabs, so that the text fits on
 * one line.
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
