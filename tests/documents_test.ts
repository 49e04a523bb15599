/**
 * The pages in lib/docs as a whole: each has its line in the index, and the messages that they explain are
 * those of the program.
 *
 * @module
 */
import { assertEquals, assertGreater } from "@std/assert";

/** A word that the program inserts into one of the messages: the pass in which training diverged. */
const INSERTED = "forward";

const ROOT = new URL("../", import.meta.url);

Deno.test("the index of documents has one line for each page", () => {
  const pages = [...Deno.readDirSync(new URL("lib/docs", ROOT))].map(({ name }) => name);
  const others = pages.filter((name) => name.endsWith(".md") && name !== "index.md").sort();
  const items = read("lib/docs/index.md").split("\n- ").slice(1);
  const listed = items.flatMap((item) => /^\[[^\]]+\]\(([^)]+)\): \S/.exec(item)?.[1] ?? []);
  assertEquals(listed.toSorted(), others);
});

Deno.test("the messages on the page on troubleshooting occur in the program", () => {
  const [explained = ""] = read("lib/docs/troubleshooting.md").split("## Limits");
  const messages = [...explained.matchAll(/^```text\n([^]*?)\n```$/gm)].map(([, text = ""]) =>
    text
  );
  assertEquals(messages.length, 20);
  const program = sourcesBelow("lib/") + sourcesBelow("pipelines/");
  for (const message of messages) {
    const groups = wordGroups(message);
    const missing = groups.filter((text) => !program.includes(text) && !text.includes(INSERTED));
    assertEquals(missing, [], message);
    assertGreater(groups.length, 0, message);
  }
});

/** Returns the groups of two or three successive words of a message, without quoted text and numbers. */
function wordGroups(message: string): readonly string[] {
  const parts = message.split(/"[^"]*"|--[\w.=-]+|\d+|: |[…,;()[\]\n]/).map((part) => part.trim());
  return parts.filter((part) => /^[A-Za-z' -]+$/.test(part)).flatMap((part) => {
    const words = part.split(" ");
    if (words.length === 2) return [part];
    return words.slice(2).map((_, first) => words.slice(first, first + 3).join(" "));
  });
}

/** Returns the TypeScript below a folder, in which texts over several lines are joined. */
function sourcesBelow(folder: string): string {
  return [...Deno.readDirSync(new URL(folder, ROOT))].map(({ name, isDirectory }) => {
    const path = `${folder}${name}`;
    if (isDirectory) return sourcesBelow(`${path}/`);
    return name.endsWith(".ts") ? read(path) : "";
  }).join("\n").replaceAll(/["'`] \+\s+["'`]/g, "");
}

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}
