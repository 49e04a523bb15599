import { assert, assertEquals, assertLess } from "@std/assert";
import { type JsonSchema, jsonSchema } from "../../lib/config/schemas/json_schema.ts";
import { formatSchemaFile } from "../../lib/config/schemas/schema_file.ts";
import { parseConfig, readConfig } from "../../lib/config/read.ts";
import { configSchema } from "../../lib/config/schema.ts";
import { parseText } from "../../lib/config/text.ts";
import { plainValue } from "../../lib/config/tree.ts";
import { stageTable } from "../../pipelines/experiment/stage_table.ts";
import { rules, stages, TEXT } from "./example.ts";

/** The definitions of the schema that {@linkcode fits} is asked about. */
type Definitions = Readonly<Record<string, JsonSchema>>;

/** Returns whether a value conforms to a schema, by draft 7's meaning of the keywords used here. */
function fits(
  value: unknown,
  schema: JsonSchema,
  $defs: Definitions = schema.$defs ?? {},
): boolean {
  if (schema.$ref !== undefined) return fits(value, referred(schema.$ref, $defs), $defs);
  const {
    type,
    properties = {},
    required = [],
    additionalProperties = true,
    items = {},
    anyOf,
    oneOf,
    minimum = -Infinity,
    maximum = Infinity,
    exclusiveMinimum = -Infinity,
    exclusiveMaximum = Infinity,
    minLength = 0,
    maxLength = Infinity,
    minItems = 0,
    maxItems = Infinity,
    pattern = "",
  } = schema;
  if (schema.if !== undefined) {
    const branch = fits(value, schema.if, $defs) ? schema.then : schema.else;
    return fits(value, branch ?? {}, $defs);
  }
  if (type !== undefined && !hasType(value, type)) return false;
  if (schema.const !== undefined && value !== schema.const) return false;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  if (anyOf !== undefined && !anyOf.some((one) => fits(value, one, $defs))) return false;
  if (oneOf !== undefined && oneOf.filter((one) => fits(value, one, $defs)).length !== 1) {
    return false;
  }
  if (typeof value === "number") {
    return value >= minimum && value <= maximum && value > exclusiveMinimum &&
      value < exclusiveMaximum;
  }
  if (typeof value === "string") {
    return value.length >= minLength && value.length <= maxLength &&
      new RegExp(pattern).test(value);
  }
  if (Array.isArray(value)) {
    return value.length >= minItems && value.length <= maxItems &&
      value.every((item) => fits(item, items, $defs));
  }
  if (typeof value !== "object" || value === null) return true;
  return required.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, item]) => {
      const member = Object.hasOwn(properties, key) ? properties[key] : undefined;
      return member === undefined ? additionalProperties !== false : fits(item, member, $defs);
    });
}

function referred($ref: string, $defs: Definitions): JsonSchema {
  const name = $ref.replace("#/$defs/", "");
  assert(Object.hasOwn($defs, name), $ref);
  return $defs[name];
}

function hasType(value: unknown, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "array") return Array.isArray(value);
  if (type === "object") {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }
  const found: string = typeof value;
  return found === type;
}

/** The keywords that {@linkcode fits} knows, and those that only inform. */
const KEYWORDS = new Set([
  "$schema",
  "$ref",
  "$defs",
  "title",
  "description",
  "default",
  "type",
  "const",
  "enum",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "anyOf",
  "oneOf",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
  "if",
  "then",
  "else",
]);

/** Every keyword of a schema and of the schemas in it. */
function keywords(schema: JsonSchema): readonly string[] {
  const { properties = {}, $defs = {}, items, anyOf = [], oneOf = [], then, else: otherwise } =
    schema;
  const inner = [
    ...Object.values(properties),
    ...Object.values($defs),
    items,
    ...anyOf,
    ...oneOf,
    schema.if,
    then,
    otherwise,
  ];
  return [
    ...Object.keys(schema),
    ...inner.flatMap((part) => part === undefined ? [] : keywords(part)),
  ];
}

const value = (text: string): unknown => {
  const { tree } = parseText("x", text);
  if (tree === undefined) throw new Error("the example is JSON");
  return plainValue(tree);
};

const document: JsonSchema = JSON.parse(formatSchemaFile(configSchema(stages)));

Deno.test("formatSchemaFile() is a schema that accepts the example", () => {
  assertEquals(fits(value(TEXT), document), true);
});

Deno.test("formatSchemaFile() rejects misspelt keys and wrong values at every depth", () => {
  for (
    const [from, to] of [
      ['"seed"', '"sed"'],
      ["42", "-1"],
      ["42", "1.5"],
      ['"epochs"', '"epoch"'],
      ['"epochs": 10', '"epochs": 0'],
      ['"epochs": 10', '"epochs": "10"'],
      ['"units": 128', '"unit": 128'],
      ['"relu"', '"rely"'],
      ['"decay": 0.5', '"decay": 1'],
      ['"stage": "report"', '"stage": "reprt"'],
      ['"stage": "report"', '"stage": "report", "x": 1'],
    ] as const
  ) {
    assertEquals(fits(value(TEXT.replace(from, to)), document), false, to);
  }
});

Deno.test("formatSchemaFile() requires only the stages' names in a config that extends another", () => {
  const over = (pipeline: string) =>
    fits(value(`{ "extends": "b.json", "pipeline": [${pipeline}] }`), document);
  assertEquals(over('{ "stage": "train", "optimizer": { "decay": 0.5 } }'), true);
  assertEquals(over(""), true);
  assertEquals(over('{ "stage": "train", "layers": [{ "name": "dense" }] }'), false);
  assertEquals(over('{ "stage": "train", "optimizer": { "decai": 0.5 } }'), false);
  assertEquals(over('{ "epochs": 3 }'), false);
});

Deno.test("jsonSchema() keeps documentation and defaults", () => {
  const train = jsonSchema(configSchema(stages)).properties?.["pipeline"]?.items?.oneOf?.[3];
  assertEquals(train?.description, "trains");
  assertEquals(train?.properties?.["batchSize"], {
    type: "integer",
    minimum: 1,
    maximum: 1_000_000,
    default: 64,
    description: "samples a step",
  });
});

Deno.test("formatSchemaFile() of the real stages uses only keywords that these tests know", () => {
  const real: JsonSchema = JSON.parse(formatSchemaFile(configSchema(stageTable)));
  assertEquals(keywords(real).filter((keyword) => !KEYWORDS.has(keyword)), []);
});

Deno.test("configs/schema.json is up to date", async () => {
  const text = await Deno.readTextFile(new URL("../../configs/schema.json", import.meta.url));
  assertEquals(text, formatSchemaFile(configSchema(stageTable)));
  assertLess(new TextEncoder().encode(text).length, 80_000);
});

const folder = new URL("../../configs/", import.meta.url);
for (const name of ["", "sweeps/", "sweeps/base/"].flatMap(configsIn).sort()) {
  Deno.test(`configs/${name} is valid for this program and for editors`, async () => {
    const real = { stages: stageTable, checks: rules.checks };
    const readText = (path: string) => Deno.readTextFileSync(new URL(path, folder));
    const config = readConfig(name, [], { ...real, readText });
    assertEquals(parseConfig(config, real), config);
    const schema: JsonSchema = JSON.parse(await Deno.readTextFile(new URL("schema.json", folder)));
    assertEquals(fits(value(readText(name)), schema), true);
  });
}

/** The configs in a folder below configs/, with its path. */
function configsIn(path: string): readonly string[] {
  return [...Deno.readDirSync(new URL(path, folder))]
    .filter(({ name, isFile }) => isFile && name !== "schema.json")
    .map(({ name }) => path + name);
}
