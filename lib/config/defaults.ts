import type { JsonSchema } from "./schemas/json_schema.ts";

/**
 * Returns a copy of a config value without the options, at any depth, that equal their defaults in its JSON
 * Schema. The value must be valid by this schema.
 */
export function withoutDefaults(value: unknown, schema: JsonSchema): unknown {
  if (Array.isArray(value)) {
    return value.map((item) =>
      schema.items === undefined ? item : withoutDefaults(item, schema.items)
    );
  }
  if (typeof value !== "object" || value === null) return value;
  const { properties = {} } = matchingAlternative(schema, value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const member = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (member === undefined) return [[key, item]];
      return isDefault(item, member) ? [] : [[key, withoutDefaults(item, member)]];
    }),
  );
}

/**
 * Returns the alternative of a union schema that describes a value: the one whose constant key, `name` or
 * `stage`, equals that of the value. A schema that is not a union, or has no such alternative, is returned
 * unchanged.
 */
function matchingAlternative(schema: JsonSchema, value: object): JsonSchema {
  const found = (schema.oneOf ?? schema.anyOf ?? []).find(({ properties = {} }) => {
    const tags = Object.entries(properties).filter(([, member]) => member.const !== undefined);
    return tags.length > 0 &&
      tags.every(([key, member]) =>
        Object.entries(value).some(([name, item]) => name === key && item === member.const)
      );
  });
  return found ?? schema;
}

/**
 * Returns whether a value equals the default of its schema. The value and the default may omit options that
 * are at their own defaults.
 */
function isDefault(value: unknown, schema: JsonSchema): boolean {
  if (schema.default === undefined) return false;
  const { default: byDefault, ...rest } = schema;
  return equalJson(withoutDefaults(value, rest), withoutDefaults(byDefault, rest));
}

/** Returns whether two JSON values are equal. The order of keys does not matter. */
function equalJson(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return Array.isArray(a) === Array.isArray(b) && keys.length === Object.keys(b).length &&
    keys.every((key) =>
      Object.hasOwn(b, key) && equalJson(Reflect.get(a, key), Reflect.get(b, key))
    );
}
