/**
 * The JSON Schema of a config, for editors and for the wording of messages.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "./registry.ts";

/** The parts of JSON Schema (draft 7) that this project's schemas use. */
export type JsonSchema = {
  readonly $schema?: string;
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

/** The JSON Schema (draft 7) of what a schema takes in, defaults and documentation included. */
export function jsonSchema(schema: Schema<unknown>): JsonSchema {
  return z.toJSONSchema(schema, { target: "draft-7", io: "input", reused: "inline" }) as JsonSchema;
}

/**
 * The text of `configs/schema.json`: what editors check configs against.
 *
 * A config that extends another one may leave out anything: for it nothing is required.
 */
export function schemaText(schema: Schema<unknown>): string {
  const { $schema, ...complete } = jsonSchema(schema);
  const document: JsonSchema = {
    ...($schema === undefined ? {} : { $schema }),
    title: "ann-mlp config",
    if: { required: ["extends"] },
    then: partial(complete),
    else: complete,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The schema without what it requires, but for the names of stages. */
function partial(schema: JsonSchema): JsonSchema {
  const { required, oneOf, anyOf, minItems: _, properties, items, ...rest } = schema;
  const kept = (required ?? []).filter((key) => key === "stage");
  // without its name a thing may fit several of the alternatives: any will do
  const alternatives = oneOf ?? anyOf;
  return {
    ...rest,
    ...(properties === undefined ? {} : {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [key, partial(value)]),
      ),
    }),
    // lists are replaced as a whole, so their items must be complete; stages are merged by name
    ...(items === undefined ? {} : { items: isStage(items) ? partial(items) : items }),
    ...(alternatives === undefined ? {} : { anyOf: alternatives.map(partial) }),
    ...(kept.length === 0 ? {} : { required: kept }),
  };
}

function isStage({ oneOf, anyOf }: JsonSchema): boolean {
  return (oneOf ?? anyOf ?? []).some(({ required = [] }) => required.includes("stage"));
}
