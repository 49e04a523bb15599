/**
 * Messages for the violations of a schema: "expected …: received …: did you mean …?".
 *
 * @module
 */
import type { JsonSchema } from "../schemas/json_schema.ts";
import { type Problem, quoteList, quoteText } from "./problem.ts";
import { didYouMean, nearest } from "./suggest.ts";
import { findPart, type Path, type Tree } from "../tree.ts";

/** A violation of a schema, as the library zod reports it. */
interface Issue {
  /** Kind of violation, for example `unrecognized_keys`. */
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
  /** Message of zod, or of the check that a schema adds by `refine`. */
  readonly message: string;
}

/**
 * Converts the violations that zod found in a config to problems with messages "expected …: received …".
 *
 * The text after "expected" is derived from the JSON Schema, which has the whole range of a number; zod
 * reports only the violated bound. If a check by `refine` failed, the text is the message of this check.
 */
export function describeIssues(
  issues: readonly Issue[],
  schema: JsonSchema,
  tree: Tree,
): readonly Problem[] {
  const problems = issues.flatMap((issue) => describeIssue(issue, schema, tree));
  const known = new Set<string>(); // one wrong number may break several rules of one wording
  return problems.filter(({ path, message }) => {
    const text = JSON.stringify([path, message]);
    return !known.has(text) && known.add(text);
  });
}

/** Converts one violation to problems: one for each unknown key, and otherwise one. */
function describeIssue(issue: Issue, schema: JsonSchema, tree: Tree): readonly Problem[] {
  const path = issue.path.map((step) => typeof step === "number" ? step : String(step));
  const found = findSchemaAtPath(schema, path, tree);
  if (issue.keys !== undefined) {
    const known = allowedKeys(found, findPart(tree, path));
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: unknownKeyMessage(key, known),
    }));
  }
  const received = findPart(tree, path);
  if (issue.code === "custom") {
    const expected = issue.message.replace(/^expected /, "");
    return [{ path, message: `expected ${expected}: received ${describeValue(received)}` }];
  }
  const expected = found === undefined ? "another value" : describeSchema(found);
  const suggestion = suggestCorrection(received, found);
  return [{
    path,
    message: `expected ${expected}: received ${describeValue(received)}${suggestion}`,
  }];
}

/** Returns the message for an unknown key, with the most similar allowed key or all of them. */
function unknownKeyMessage(key: string, known: readonly string[]): string {
  const hint = didYouMean(key, known);
  if (hint !== "") return `expected no such key${hint}`;
  return known.length === 0
    ? "expected no keys here"
    : `expected no such key, but ${quoteList(known)}`;
}

/**
 * Returns the text `: did you mean …?` for a misspelt value, or for a name or number where an object with a
 * name is expected. Returns an empty text if there is no suggestion.
 */
function suggestCorrection(received: Tree | undefined, schema: JsonSchema | undefined): string {
  if (received?.kind !== "scalar" || !schema) return "";
  if (typeof received.value === "number") return suggestEntryForNumber(received.value, schema);
  if (typeof received.value !== "string") return "";
  const [tag, names] = unionTag(schema) ?? [];
  const allowed = names ?? allowedValues(schema);
  const words = allowed.filter((choice) => typeof choice === "string");
  if (tag === undefined) return didYouMean(received.value, words);
  const near = nearest(received.value, words);
  return near === undefined ? "" : `: did you mean { "${tag}": "${near}" }?`;
}

/**
 * Returns the text `: did you mean { "name": "constant", "rate": 0.01 }?` for a number where such an object
 * is expected. Returns an empty text unless the first alternative of the schema has exactly one option, and
 * this is a number.
 */
function suggestEntryForNumber(value: number, schema: JsonSchema): string {
  const [tag] = unionTag(schema) ?? [];
  if (tag === undefined) return "";
  const [{ properties: { [tag]: name, ...options } = {} }] = alternatives(schema);
  const [[option, { type = "" }] = [undefined, {}], ...more] = Object.entries(options);
  if (type !== "number" || more.length > 0) return "";
  return `: did you mean { "${tag}": "${name.const}", "${option}": ${value} }?`;
}

/**
 * Returns the schema of the part at a path of a config. `tree` is the config, whose names of stages and
 * entries select the alternatives of unions. Returns undefined if the path leads nowhere.
 */
function findSchemaAtPath(schema: JsonSchema, path: Path, tree: Tree): JsonSchema | undefined {
  let found: JsonSchema | undefined = schema;
  let part: Tree | undefined = tree;
  for (const step of path) {
    if (found === undefined) return undefined;
    found = typeof step === "number" ? found.items : memberSchema(found, step, part);
    part = part && findPart(part, [step]);
  }
  return found;
}

/**
 * Returns the schema of the value under a key of an object. If the object's schema is a union, the key is
 * looked up in the alternative that the object selects by its name.
 */
function memberSchema(
  schema: JsonSchema,
  key: string,
  tree: Tree | undefined,
): JsonSchema | undefined {
  const [tag, names] = unionTag(schema) ?? [];
  if (tag !== undefined && key === tag) return { enum: names ?? [] };
  const { properties, additionalProperties } = selectedAlternative(schema, tree) ?? {};
  return properties?.[key] ??
    (typeof additionalProperties === "object" ? additionalProperties : undefined);
}

/** Returns the keys that a schema allows in the object `tree`, or an empty list if there is no schema. */
function allowedKeys(schema: JsonSchema | undefined, tree: Tree | undefined): readonly string[] {
  return Object.keys((schema && selectedAlternative(schema, tree)?.properties) ?? {});
}

/**
 * Returns the alternative of a tagged union that the value `tree` selects by its tag, the key `stage` or
 * `name`. Returns undefined if the tag is missing or unknown. A schema that is not a tagged union is
 * returned unchanged.
 */
function selectedAlternative(schema: JsonSchema, tree: Tree | undefined): JsonSchema | undefined {
  const [tag] = unionTag(schema) ?? [];
  if (tag === undefined) return schema;
  const name = tree && findPart(tree, [tag]);
  return alternatives(schema).find(({ properties }) =>
    name?.kind === "scalar" && properties?.[tag]?.const === name.value
  );
}

/** Returns the alternatives of a union schema, or an empty list for another schema. */
function alternatives({ oneOf, anyOf }: JsonSchema): readonly JsonSchema[] {
  return oneOf ?? anyOf ?? [];
}

/**
 * Returns the key by which a value selects an alternative of a union schema, `stage` or `name`, with all
 * values that the key may have. Returns undefined if the schema is not such a union.
 */
function unionTag(
  schema: JsonSchema,
): readonly [tag: string, names: readonly string[]] | undefined {
  for (const tag of ["stage", "name"]) {
    const names = alternatives(schema).map(({ properties }) => properties?.[tag]?.const);
    if (names.length > 0 && names.every((name) => typeof name === "string")) return [tag, names];
  }
  return undefined;
}

/** Returns the values that a schema lists. Returns an empty list for a schema that lists none. */
function allowedValues(schema: JsonSchema): readonly unknown[] {
  return schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
}

/** Describes the values that a schema accepts: `a number >= 0 and < 1`. */
function describeSchema(schema: JsonSchema): string {
  const allowed = allowedValues(schema);
  if (allowed.length === 1) return JSON.stringify(allowed[0]);
  if (allowed.length > 1) {
    return `one of ${allowed.map((choice) => JSON.stringify(choice)).join(", ")}`;
  }
  const [tag, names] = unionTag(schema) ?? [];
  if (tag !== undefined) return `an object with "${tag}" one of ${quoteList(names ?? [])}`;
  if (alternatives(schema).length > 0) return alternatives(schema).map(describeSchema).join(" or ");
  if (schema.type === "number") return `a number${formatBounds(schema)}`;
  if (schema.type === "integer") return `a whole number${formatBounds(schema)}`;
  if (schema.type === "string") {
    return `a string${formatLengthBounds(schema.minLength, schema.maxLength, "characters")}${
      schema.pattern === undefined ? "" : ` that matches ${schema.pattern}`
    }`;
  }
  if (schema.type === "array") {
    return `a list${formatLengthBounds(schema.minItems, schema.maxItems, "items")}`;
  }
  if (schema.type === "boolean") return "true or false";
  return schema.type === "object" ? "an object" : "another value";
}

/** Formats the bounds of a number: ` >= 0 and < 1`. The smallest and largest safe integer are omitted. */
function formatBounds(schema: JsonSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const bounds = [
    exclusiveMinimum === undefined ? undefined : `> ${exclusiveMinimum}`,
    minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? undefined : `>= ${minimum}`,
    exclusiveMaximum === undefined ? undefined : `< ${exclusiveMaximum}`,
    maximum === undefined ? undefined : `<= ${maximum}`,
  ].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? "" : ` ${bounds.join(" and ")}`;
}

/** Formats the bounds of a length: ` of 1 to 64 characters`. */
function formatLengthBounds(
  least: number | undefined,
  most: number | undefined,
  unit: string,
): string {
  if (least === undefined && most === undefined) return "";
  if (most === undefined) return ` of at least ${least} ${unit}`;
  return ` of ${least === undefined ? "at most" : `${least} to`} ${most} ${unit}`;
}

/** Describes a value of a config for a message: `"adm"`, `a list of 3`, `nothing`. */
function describeValue(tree: Tree | undefined): string {
  if (tree === undefined) return "nothing";
  if (tree.kind === "list") {
    return tree.items.length === 0 ? "an empty list" : `a list of ${tree.items.length}`;
  }
  if (tree.kind === "dictionary") return tree.members.size === 0 ? "an empty object" : "an object";
  return typeof tree.value === "string" ? quoteText(tree.value) : String(tree.value);
}
