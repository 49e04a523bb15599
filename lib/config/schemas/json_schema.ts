import { z } from "zod";
import type { Schema } from "../registry.ts";

/** The subset of JSON Schema (draft 7) that this project's schemas use. */
export type JsonSchema = {
  readonly $schema?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly else?: JsonSchema;
};

/**
 * Returns the JSON Schema (draft 7) of the values that a zod schema accepts. Options with defaults may be
 * absent from them. The JSON Schema has the defaults and descriptions.
 */
export function jsonSchema(schema: Schema<unknown>): JsonSchema {
  const made = jsonSchemas.get(schema) ??
    z.toJSONSchema(schema, { target: "draft-7", io: "input", reused: "inline" }) as JsonSchema;
  jsonSchemas.set(schema, made);
  return made;
}

/** Cache of the JSON Schema of each zod schema, which the messages of every invalid config need. */
const jsonSchemas = new WeakMap<Schema<unknown>, JsonSchema>();
