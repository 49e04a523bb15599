/**
 * The examples of a page of the documents.
 *
 * @module
 */

/** Returns the blocks of code in a section of a page, by its heading: those of a language, in their order. */
export function codeBlocks(page: string, heading: string, language: string): readonly string[] {
  const [, section = ""] = `${page}\n## `.split(`\n## ${heading}\n`);
  const [text = ""] = section.split("\n## ");
  const pattern = new RegExp(`^\`\`\`${language}(?: ignore)?\\n([^]*?)^\`\`\`$`, "gm");
  return [...text.matchAll(pattern)].map(([, code = ""]) => code);
}
