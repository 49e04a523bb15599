/**
 * JSON whose bytes are the same for the same value: −0 is 0, and what JSON cannot hold is refused
 * in place of becoming null.
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

/** One line without spaces, keys sorted by their UTF-16 code units: equal values, equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(asJson(value, "", true));
}

/** Text for people, two spaces a level, keys in the order of the value, a line break at the end. */
export function prettyJson(value: unknown): string {
  return `${JSON.stringify(asJson(value, "", false), null, 2)}\n`;
}

/** One line for each value (JSON Lines), keys in the order of the values. */
export function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(asJson(value, "", false))}\n`).join("");
}

/** The values of JSON Lines; every line must end, so that a cut file is noticed. */
export function parseJsonLines(text: string, what: string): readonly unknown[] {
  const lines = text.split("\n");
  if (lines.pop() !== "") {
    refuse(what, "a line break at the end", "none");
  }
  return lines.map((line, index) => parseJson(line, `line ${index + 1} of ${what}`));
}

/** The value of a text in JSON; `what` names the file in messages. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const received = text.length === 0 ? "nothing" : `${text.length} characters that are not`;
    throw new SyntaxError(`Cannot read ${what}: expected JSON: received ${received}`, { cause });
  }
}

/** A value that was parsed, if it has the form of a schema. */
export function takeValue<Value>(value: unknown, schema: z.ZodType<Value>, what: string): Value {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data as Value;
  const [issue] = error.issues;
  const path = issue.path.join(".");
  throw new SyntaxError(
    `Cannot read ${what}: expected another value${path && ` at "${path}"`}: ${issue.message}`,
  );
}

/** Returns a name from a file as messages have it: quoted and short. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}…` : name);
}

export function refuse(what: string, expected: string, received: unknown): never {
  throw new SyntaxError(`Cannot read ${what}: expected ${expected}: received ${received}`);
}

/** A copy of the value in plain JSON; `path` names the part in messages. */
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
  // fromEntries would move keys like "7" to the front; JSON.stringify shows such keys in any case
  // in rising order, the same for every insertion order, so equal values still give equal text
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
