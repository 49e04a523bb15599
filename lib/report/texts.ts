/**
 * Tables as texts, for pages and for terminals.
 *
 * @module
 */

/** A table of texts. */
export interface Texts {
  /** Its headings, and on which side the texts of each column stand. */
  readonly columns: readonly { readonly title: string; readonly align: "left" | "right" }[];
  /** One text for each column. */
  readonly rows: readonly (readonly string[])[];
}

/** A column of words. */
export function left(title: string): Texts["columns"][number] {
  return { title, align: "left" };
}

/** A column of numbers. */
export function right(title: string): Texts["columns"][number] {
  return { title, align: "right" };
}

/** What stands for a number or a value that there is not. */
export const NONE = "–";
