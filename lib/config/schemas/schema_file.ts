/**
 * Generates configs/schema.json, with which editors check and complete configs.
 *
 * @module
 */

import { type JsonSchema, jsonSchema } from "./json_schema.ts";
import type { Schema } from "../registry.ts";

/**
 * Returns the text of `configs/schema.json`. No keys are required of a config that extends another one,
 * since it may omit anything. A longer schema that occurs more than once is written to `$defs` once.
 */
export function formatSchemaFile(schema: Schema<unknown>): string {
  const { $schema, ...complete } = jsonSchema(schema);
  const all = hoistRequiredKeys(complete);
  const { shared: [whole, changes], $defs } = extractDefinitions([all, withoutRequiredKeys(all)]);
  const document = {
    $schema,
    title: "ann-mlp config",
    if: { required: ["extends"] },
    then: changes,
    else: whole,
    $defs,
  };
  return `${formatJson(document)}\n`;
}

/**
 * Returns a schema in which the keys that all alternatives of a union require, such as `name`, are required
 * by the union itself. The alternatives then equal those of {@linkcode withoutRequiredKeys}, so the file
 * has them only once. The union becomes `anyOf`, since a value without a name may match several
 * alternatives.
 */
function hoistRequiredKeys(schema: JsonSchema): JsonSchema {
  const { oneOf, anyOf, properties, items, ...rest } = schema;
  const alternatives = oneOf ?? anyOf ?? [];
  const common = (alternatives[0]?.required ?? []).filter((key) =>
    alternatives.every(({ required = [] }) => required.includes(key))
  );
  const others = alternatives.map(({ required = [], ...alternative }) => {
    const own = required.filter((key) => !common.includes(key));
    return hoistRequiredKeys(own.length === 0 ? alternative : { ...alternative, required: own });
  });
  return {
    ...rest,
    ...(properties === undefined ? {} : {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [key, hoistRequiredKeys(value)]),
      ),
    }),
    ...(items === undefined ? {} : { items: hoistRequiredKeys(items) }),
    ...(alternatives.length === 0 ? {} : { anyOf: others }),
    ...(common.length === 0 ? {} : { required: common }),
  };
}

/**
 * Returns a schema that requires no keys except the key `stage` of stages, and no least number of items in
 * lists. The items of other lists than the pipeline keep their schema.
 */
function withoutRequiredKeys(schema: JsonSchema): JsonSchema {
  const { required = [], anyOf, minItems: _, properties, items, ...rest } = schema;
  const kept = required.filter((key) => key === "stage");
  return {
    ...rest,
    ...(properties === undefined ? {} : {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [key, withoutRequiredKeys(value)]),
      ),
    }),
    // lists are replaced as a whole, so their items must be complete; stages are merged by name
    ...(items === undefined
      ? {}
      : { items: items.required?.includes("stage") ? withoutRequiredKeys(items) : items }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(withoutRequiredKeys) }),
    ...(kept.length === 0 ? {} : { required: kept }),
  };
}

/**
 * Length of JSON text (characters) from which a schema that occurs more than once is replaced by a
 * reference.
 */
const WORTH_SHARING = 70;

/**
 * Replaces every schema that occurs more than once by a JSON Schema reference (`$ref`), if its text is
 * longer than {@linkcode WORTH_SHARING}. Returns the changed schemas, and the definitions to which the
 * references lead (`$defs`).
 */
function extractDefinitions(schemas: readonly JsonSchema[]): {
  readonly shared: readonly unknown[];
  readonly $defs: Readonly<Record<string, unknown>>;
} {
  const counts = new Map<string, number>();
  const count = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const text = JSON.stringify(value);
    counts.set(text, (counts.get(text) ?? 0) + 1);
    if (counts.get(text) === 1) Object.values(value).forEach(count);
  };
  schemas.forEach(count);

  const $defs: Record<string, unknown> = {};
  const names = new Map<string, string>();
  const replaced = (value: unknown, key: string): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => replaced(item, key));
    const text = JSON.stringify(value);
    const isShared = (counts.get(text) ?? 0) > 1 && text.length > WORTH_SHARING && isSchema(value);
    const known = names.get(text);
    if (isShared && known !== undefined) return { $ref: `#/$defs/${known}` };
    const inner = Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, replaced(item, name)]),
    );
    if (!isShared) return inner;
    const name = unusedName(entryName(value) ?? key, $defs);
    names.set(text, name);
    $defs[name] = inner;
    return { $ref: `#/$defs/${name}` };
  };
  return { shared: schemas.map((schema) => replaced(schema, "config")), $defs };
}

/**
 * Returns whether an object inside a JSON Schema is a schema, and not a table of schemas by property name.
 */
function isSchema(value: object): boolean {
  return ["type", "anyOf", "oneOf", "const"].some((key) => {
    const item: unknown = Reflect.get(value, key);
    return typeof item === "string" || Array.isArray(item);
  });
}

/** Returns the name of the entry or stage that a schema describes, or undefined if it describes neither. */
function entryName({ properties = {} }: JsonSchema): string | undefined {
  const tag = properties.name?.const ?? properties.stage?.const;
  return typeof tag === "string" ? tag : undefined;
}

/** Returns a name that no key of an object has: the name itself, or the name followed by a number. */
function unusedName(name: string, existing: object): string {
  for (let number = 1;; number++) {
    const candidate = number === 1 ? name : `${name}${number}`;
    if (!Object.hasOwn(existing, candidate)) return candidate;
  }
}

/** Largest width of a line of the file (characters). */
const WIDTH = 140;

/** Formats a value as JSON. Each object or list is on one line if it fits into {@linkcode WIDTH}. */
function formatJson(value: unknown, indent = ""): string {
  const text = JSON.stringify(value);
  if (indent.length + text.length <= WIDTH || typeof value !== "object" || value === null) {
    return text;
  }
  const inner = `${indent} `;
  const isList = Array.isArray(value);
  const items = isList
    ? value.map((item) => formatJson(item, inner))
    : Object.entries(value).map(([key, item]) =>
      `${JSON.stringify(key)}: ${formatJson(item, inner)}`
    );
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  return `${open}\n${items.map((item) => inner + item).join(",\n")}\n${indent}${close}`;
}
