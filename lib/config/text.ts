/**
 * Parser of JSON with comments and trailing commas. It returns a tree with the source location of each
 * part, and rejects repeated keys.
 *
 * The text may be untrusted, so its length and depth are limited.
 *
 * @module
 */
import { type JSONVisitor, printParseErrorCode, visit } from "jsonc-parser";
import { type Problem, quoteText } from "./messages/problem.ts";
import type { Member, Path, SourceLocation, Tree } from "./tree.ts";

/** Length of the longest text that is parsed (UTF-16 code units). */
export const LONGEST_TEXT = 2 ** 20;

/** Largest depth of nested lists and objects. */
export const DEEPEST = 64;

/** The tree of a valid text, or the problems of an invalid one. */
type ParsedText =
  | { readonly tree: Tree; readonly problems: readonly [] }
  | { readonly tree?: undefined; readonly problems: readonly Problem[] };

/**
 * Parses a text as JSON with comments and trailing commas. `source` is the path of the file or the
 * command-line argument, which source locations contain.
 */
export function parseText(source: string, text: string): ParsedText {
  if (text.length > LONGEST_TEXT) {
    return parseFailure(
      source,
      1,
      `expected at most ${LONGEST_TEXT} characters: received ${text.length}`,
    );
  }
  const mistakes = new Map<number, Problem>(); // the first of each line; others often follow from it
  const builder = createTreeBuilder(source);
  try {
    visit(text.replace(/^\uFEFF/, " "), {
      ...builder.visitor,
      onError(code, _offset, _length, line, column) {
        if (mistakes.has(line)) return;
        const message = `expected ${EXPECTED.get(printParseErrorCode(code)) ?? "a value of JSON"}`;
        const location = { source, line: line + 1, column: column + 1 };
        mistakes.set(line, { path: [], message, location });
      },
    }, { allowTrailingComma: true });
  } catch (error) {
    if (error instanceof TooDeep) return parseFailure(source, error.line, error.message);
    throw error;
  }
  if (mistakes.size > 0) return { problems: [...mistakes.values()] };
  const { tree, problems } = builder.result();
  return tree === undefined || problems.length > 0 ? { problems } : { tree, problems: [] };
}

/** Returns the result for a text whose only problem is on a line, counted from 1. */
function parseFailure(source: string, line: number, message: string): ParsedText {
  return { problems: [{ path: [], message, location: { source, line } }] };
}

/** Text after "expected" in the message of a syntax error, by the error code of the parser. */
const EXPECTED: ReadonlyMap<string, string> = new Map([
  ["PropertyNameExpected", "a key in double quotes"],
  ["ValueExpected", "a value"],
  ["ColonExpected", 'a ":" after the key'],
  ["CommaExpected", 'a "," before the next item'],
  ["CloseBraceExpected", 'a "}"'],
  ["CloseBracketExpected", 'a "]"'],
  ["EndOfFileExpected", "nothing after the value"],
  ["UnexpectedEndOfComment", 'the end "*/" of the comment'],
  ["UnexpectedEndOfString", "the end of the string on its line"],
  ["UnexpectedEndOfNumber", "the digits of the number"],
  ["InvalidUnicode", "four hexadecimal digits after \\u"],
  ["InvalidEscapeCharacter", "one of the escapes of JSON after the backslash"],
  ["InvalidCharacter", "control characters to be escaped"],
]);

/** The error for a text with too many nested lists and objects. */
class TooDeep extends Error {
  constructor(readonly line: number) {
    super(`expected at most ${DEEPEST} levels of nesting: received more`);
  }
}

/**
 * A list or object of which the parser has not reached the end. For an object, `key` is the key of its next
 * value.
 */
interface OpenContainer {
  readonly location: SourceLocation;
  readonly items?: Tree[];
  readonly members?: Map<string, Member>;
  key?: { readonly name: string; readonly location: SourceLocation };
}

/**
 * Returns a visitor for the parser of JSON, and a function that returns the tree that the visitor has
 * built.
 */
function createTreeBuilder(source: string): {
  readonly visitor: JSONVisitor;
  result(): { readonly tree: Tree | undefined; readonly problems: readonly Problem[] };
} {
  let tree: Tree | undefined;
  const problems: Problem[] = [];
  const open: OpenContainer[] = [];
  const path = (): Path =>
    open.flatMap(({ key, items }) => key?.name ?? (items === undefined ? [] : items.length));
  const put = (value: Tree): void => {
    const around = open.at(-1) as OpenContainer;
    if (around === undefined) tree ??= value;
    else if (around.items !== undefined) around.items.push(value);
    else if (around.key !== undefined) {
      around.members?.set(around.key.name, { location: around.key.location, value });
      delete around.key;
    }
  };
  const begin = (line: number, content: Pick<OpenContainer, "items" | "members">): void => {
    if (open.length === DEEPEST) throw new TooDeep(line + 1);
    open.push({ location: { source, line: line + 1 }, ...content });
  };
  const visitor: JSONVisitor = {
    onObjectBegin: (_offset, _length, line) => begin(line, { members: new Map() }),
    onArrayBegin: (_offset, _length, line) => begin(line, { items: [] }),
    onObjectEnd: () => {
      const { location, members = new Map() } = open.pop() as OpenContainer;
      put({ kind: "dictionary", location, members });
    },
    onArrayEnd: () => {
      const { location, items = [] } = open.pop() as OpenContainer;
      put({ kind: "list", location, items });
    },
    onObjectProperty: (name, _offset, _length, line) => {
      const around = open.at(-1) as OpenContainer;
      const location = { source, line: line + 1 };
      const first = around.members?.get(name);
      around.key = { name, location };
      if (first !== undefined) {
        const message = `expected each key once: received ${quoteText(name)} again, ` +
          `after line ${first.location.line}`;
        problems.push({ path: path(), message, location });
      }
      if (!name.isWellFormed()) problems.push({ path: path(), message: BROKEN, location });
    },
    onLiteralValue: (value: string | number | boolean | null, _offset, _length, line) => {
      const location = { source, line: line + 1 };
      if (typeof value === "number" && !Number.isFinite(value)) {
        problems.push({ path: path(), message: TOO_LARGE, location });
      }
      if (typeof value === "string" && !value.isWellFormed()) {
        problems.push({ path: path(), message: BROKEN, location });
      }
      put({ kind: "scalar", location, value: value === 0 ? 0 : value }); // −0 becomes 0
    },
  };
  return { visitor, result: () => ({ tree, problems }) };
}

const TOO_LARGE = "expected a number below 1.8e308 in size: received a larger one";
const BROKEN = "expected Unicode text: received one half of a surrogate pair";
