/**
 * JSON with equal bytes for equal values: −0 becomes 0, and values that JSON cannot hold are errors
 * instead of null.
 *
 * @module
 */
import type { z } from "zod";

type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Formats a value on one line without spaces, keys sorted by their UTF-16 code units. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(asJson(value, "", true));
}

/** Formats a value for people: indented by two spaces, keys in their own order, a final line break. */
export function prettyJson(value: unknown): string {
  return `${JSON.stringify(asJson(value, "", false), null, 2)}\n`;
}

/** Formats values as JSON Lines, one per line, keys in their own order. */
export function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(asJson(value, "", false))}\n`).join("");
}

/**
 * Parses JSON Lines. Every line must end with a line break, so that a truncated file is an error.
 *
 * @param what name of the file in messages
 * @throws {SyntaxError} if a line is not JSON or the last line has no end
 */
export function parseJsonLines(text: string, what: string): readonly unknown[] {
  const lines = text.split("\n");
  if (lines.pop() !== "") {
    refuse(what, "a line break at the end", "none");
  }
  return lines.map((line, index) => parseJson(line, `line ${index + 1} of ${what}`));
}

/**
 * Parses JSON.
 *
 * @param what name of the file in messages
 * @throws {SyntaxError} if the text is not JSON
 */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const received = text.length === 0 ? "nothing" : `${text.length} characters that are not`;
    throw new SyntaxError(`Cannot read ${what}: expected JSON: received ${received}`, { cause });
  }
}

/**
 * Checks a parsed value against a schema and returns it.
 *
 * @param what name of the file in messages
 * @throws {SyntaxError} if the value does not match; the message has the path of the first mismatch
 */
export function takeValue<Value>(value: unknown, schema: z.ZodType<Value>, what: string): Value {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data as Value;
  const [issue] = error.issues;
  const path = issue.path.join(".");
  throw new SyntaxError(
    `Cannot read ${what}: expected another value${path && ` at "${path}"`}: ${issue.message}`,
  );
}

/** Returns a name read from a file in quotes for a message, cut to 60 characters. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}…` : name);
}

/** Throws the SyntaxError "Cannot read `what`: expected …: received …". */
export function refuse(what: string, expected: string, received: unknown): never {
  throw new SyntaxError(`Cannot read ${what}: expected ${expected}: received ${received}`);
}

/** Returns a copy of a value as plain JSON. Messages name the value inside it by its `path`. */
function asJson(value: unknown, path: string, sorted: boolean): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value === 0 ? 0 : value;
  if (Array.isArray(value)) {
    return Array.from(value, (item, index) => asJson(item, `${path}[${index}]`, sorted));
  }
  if (typeof value !== "object" || !isPlain(value)) {
    const what = path === "" ? "JSON" : `JSON: "${path.replace(/^\./, "")}"`;
    throw new TypeError(
      `Cannot write ${what}: expected finite numbers, strings, booleans, null, arrays and plain ` +
        `objects: received ${describe(value)}`,
    );
  }
  const entries = Object.entries(value);
  if (sorted) entries.sort(([a], [b]) => a < b ? -1 : 1);
  // JavaScript objects keep keys like "7" first and in rising order, whatever the order of insertion,
  // so equal values give equal text here too
  return Object.fromEntries(
    entries.map(([key, item]) => [key, asJson(item, `${path}.${key}`, sorted)]),
  );
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  return typeof value === "object" ? value?.constructor?.name ?? "an object" : String(value);
}
