/**
 * JSON with equal bytes for equal values: −0 becomes 0, and values that JSON cannot hold are errors
 * instead of null.
 *
 * @module
 */
import type { z } from "zod";

/** A JSON value. */
type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * Formats a value as JSON on one line, without spaces. Keys that are array indices, such as "7", come first
 * in rising order, then the others sorted by their UTF-16 code units.
 *
 * @throws {TypeError} if JSON cannot hold the value
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(toPlainJson(value, "", true));
}

/**
 * Formats a value as JSON for people: indented by two spaces, with keys in their original order and a line
 * break at the end.
 *
 * @throws {TypeError} if JSON cannot hold the value
 */
export function prettyJson(value: unknown): string {
  return `${JSON.stringify(toPlainJson(value, "", false), null, 2)}\n`;
}

/**
 * Formats values as JSON Lines: one value per line, with keys in their original order.
 *
 * @throws {TypeError} if JSON cannot hold a value
 */
export function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(toPlainJson(value, "", false))}\n`).join("");
}

/**
 * Parses JSON Lines and returns the value of each line. Every line must end with a line break, so that a
 * truncated file is an error.
 *
 * @param source name of the file in error messages
 * @throws {SyntaxError} if a line is not JSON, or the last line has no line break
 */
export function parseJsonLines(text: string, source: string): readonly unknown[] {
  const lines = text.split("\n");
  if (lines.pop() !== "") {
    throwReadError(source, "a line break at the end", "none");
  }
  return lines.map((line, index) => parseJson(line, `line ${index + 1} of ${source}`));
}

/**
 * Parses a text as JSON.
 *
 * @param source name of the file in error messages
 * @throws {SyntaxError} if the text is not JSON
 */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const received = text.length === 0 ? "nothing" : `${text.length} characters that are not`;
    throw new SyntaxError(`Cannot read ${source}: expected JSON: received ${received}`, { cause });
  }
}

/**
 * Validates a value that was read from a file against a schema, and returns it as the type of the schema.
 *
 * @param source name of the file in error messages
 * @throws {SyntaxError} if the value does not match; the message has the path of the first mismatch
 */
export function validateValue<Value>(
  value: unknown,
  schema: z.ZodType<Value>,
  source: string,
): Value {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data as Value;
  const [issue] = error.issues;
  const path = issue.path.join(".");
  throw new SyntaxError(
    `Cannot read ${source}: expected another value${path && ` at "${path}"`}: ${issue.message}`,
  );
}

/**
 * Returns a name in quotes for an error message. A name of more than 60 characters is truncated, since it
 * may come from an untrusted file.
 */
export function quoteName(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}…` : name);
}

/**
 * Throws the SyntaxError "Cannot read …: expected …: received …", in which `source` names what was read.
 */
export function throwReadError(source: string, expected: string, received: unknown): never {
  throw new SyntaxError(`Cannot read ${source}: expected ${expected}: received ${received}`);
}

/**
 * Returns a copy of a value as plain JSON, with −0 replaced by 0. Throws a TypeError if JSON cannot hold
 * the value.
 *
 * @param path position of the value in the whole, for error messages
 * @param sortKeys whether the keys of objects are sorted
 */
function toPlainJson(value: unknown, path: string, sortKeys: boolean): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value === 0 ? 0 : value;
  if (Array.isArray(value)) {
    return Array.from(value, (item, index) => toPlainJson(item, `${path}[${index}]`, sortKeys));
  }
  if (typeof value !== "object" || !isPlainObject(value)) {
    const what = path === "" ? "JSON" : `JSON: "${path.replace(/^\./, "")}"`;
    throw new TypeError(
      `Cannot write ${what}: expected finite numbers, strings, booleans, null, arrays and plain ` +
        `objects: received ${describeType(value)}`,
    );
  }
  const entries = Object.entries(value);
  if (sortKeys) entries.sort(([a], [b]) => a < b ? -1 : 1);
  // JavaScript objects keep keys like "7" first and in rising order, whatever the order of insertion,
  // so equal values give equal text here too
  return Object.fromEntries(
    entries.map(([key, item]) => [key, toPlainJson(item, `${path}.${key}`, sortKeys)]),
  );
}

/** Returns whether an object is a plain object and not an instance of a class. */
function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Describes the type of a value that JSON cannot hold, for error messages. */
function describeType(value: unknown): string {
  return typeof value === "object" ? value?.constructor?.name ?? "an object" : String(value);
}
