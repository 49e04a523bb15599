/** The words of comments, messages and documentation: tell-tale phrases that the style guide rules out. */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);

/** A phrase that is not plain English, with what to write instead. */
interface Tell {
  readonly pattern: RegExp;
  readonly instead: string;
}

/** Phrases of comments, strings and pages; words may be on two lines. */
const PHRASES: readonly Tell[] = [
  { pattern: /\bunless (?:told|given|asked|said)\b/, instead: "Defaults to …" },
  { pattern: /\bif (?:it is |they are |)not given\b/, instead: "Defaults to …" },
  { pattern: /\b(?:is|are|was|were) told\b/, instead: "receives, is passed, is notified" },
  { pattern: /\b(?:takes?|took|taken) down\b/, instead: "records, logs" },
  { pattern: /\b(?:comes?|came) to (?:be\b|the\b|\$\{|\d)/, instead: "is, adds up to, reaches" },
  { pattern: /\b(?:goes|went|going|go) on\b/, instead: "continues, resumes" },
  { pattern: /\bby way of\b/, instead: "through, with" },
  { pattern: /\bmade out of\b/, instead: "built from" },
  {
    pattern: /(?<!there )\b(?:is|are) no (?!longer|better|more|less|worse|evidence|\w+er\b)/,
    instead: "is not a",
  },
  { pattern: /\bwhat (?:it|they) (?:is|are) made of\b/, instead: "its parts, by name" },
  { pattern: /\b(?:begins?|ends?) so\b/, instead: "begins with it" },
  { pattern: /\bis (?:there|here) (?:already|no more)\b/, instead: "exists, no longer exists" },
  { pattern: /\bno such thing\b/, instead: "the name of what is missing" },
  { pattern: /\bat all events\b|\bhence\b|\bthereof\b|\bwherein\b/, instead: "a plain word" },
];

/** Beginnings of the sentence that says what a module is for. */
const OPENING: Tell = {
  pattern: /^(?:What|Who|Whose|How|That|Whether|Where|When|Which)\b/,
  instead: "a noun or a verb in the third person",
};

Deno.test("comments, messages and pages use none of the phrases that the style guide excludes", async () => {
  const found: string[] = [];
  let files = 0;
  for await (const path of ["lib", "pipelines"].map(filesBelow).reduce(chain)) {
    files++;
    found.push(...tellsOf(path, await Deno.readTextFile(new URL(path, ROOT))));
  }
  assert(files > 100);
  assertEquals(found, []);
});

Deno.test("phrases are found in comments, strings and pages, across line ends, and not in code", () => {
  const code = [
    "/**",
    " * What a thing is, by way",
    " * of example.",
    " */",
    "const tall = 1; // made out of wood",
    "const text = `comes to ${tall}`;",
  ].join("\n");
  assertEquals(tellsOf("a.ts", code), [
    'a.ts:2: "What": write a noun or a verb in the third person',
    'a.ts:2: "by way of": write through, with',
    'a.ts:5: "made out of": write built from',
    'a.ts:6: "comes to ${": write is, adds up to, reaches',
  ]);
  assertEquals(tellsOf("a.md", "It goes\non. `goes on`"), [
    'a.md:1: "goes on": write continues, resumes',
  ]);
});

/** Returns the phrases of a file that are to be rewritten, each with its line. */
function tellsOf(path: string, text: string): readonly string[] {
  const prose = path.endsWith(".md") ? proseOfPage(text) : proseOfCode(text);
  const found: { index: number; message: string }[] = [];
  const add = (index: number, phrase: string, instead: string) => {
    const line = text.slice(0, index).split("\n").length;
    const quoted = phrase.replace(/\s+/g, " ");
    found.push({ index, message: `${path}:${line}: "${quoted}": write ${instead}` });
  };
  const start = /^\/\*\*[\s*]*/.exec(text)?.[0].length;
  const opening = start === undefined ? null : OPENING.pattern.exec(text.slice(start));
  if (start !== undefined && opening !== null) add(start, opening[0], OPENING.instead);
  for (const { pattern, instead } of PHRASES) {
    const spaced = new RegExp(pattern.source.replaceAll(" ", "\\s+"), "gi");
    for (const { index, 0: phrase } of prose.matchAll(spaced)) add(index, phrase, instead);
  }
  return found.toSorted((a, b) => a.index - b.index).map(({ message }) => message);
}

/** Blanks everything of a module but its comments and strings; what remains keeps its place. */
function proseOfCode(text: string): string {
  const prose = /\/\*[^]*?\*\/|\/\/.*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
  let blanked = "";
  let end = 0;
  for (const { index, 0: found } of text.matchAll(prose)) {
    blanked += blank(text.slice(end, index)) + found.replace(/\n *(?:\*|\/\/)(?!\/)/g, blank);
    end = index + found.length;
  }
  return blanked + blank(text.slice(end));
}

/** Blanks the code of a page; what remains keeps its place. */
function proseOfPage(text: string): string {
  return text.replace(/^(```|~~~)[^]*?^\1|`[^`\n]*`/gm, blank);
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

/** Lists modules and pages below a folder, as paths from the project's folder. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* filesBelow(path);
    else if (/\.(?:ts|md)$/.test(name)) yield path;
  }
}

async function* chain(
  a: AsyncGenerator<string>,
  b: AsyncGenerator<string>,
): AsyncGenerator<string> {
  yield* a;
  yield* b;
}
