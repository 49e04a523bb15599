/**
 * Tests the contract of every entry of every registry: documentation, defaults and strict options.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";

/** The parts of a registry that its entries are judged by. */
interface Table {
  readonly kind: string;
  readonly schema: z.ZodType;
  [Symbol.iterator](): Iterator<readonly [string, Documented]>;
}

interface Documented {
  readonly doc: string;
  readonly options: z.ZodType;
  create(options: object): unknown;
}

/**
 * Registers the tests that documentation, defaults and strictness need.
 *
 * @param required options without which an entry cannot be made, by its name
 */
export function testEntries(table: Table, required: Readonly<Record<string, object>> = {}): void {
  for (const [name, { doc, options, create }] of table) {
    Deno.test(`${table.kind} "${name}" is documented, with each option`, () => {
      assert(doc.length > 0 && !doc.endsWith("."), `documentation of ${name}: "${doc}"`);
      for (const [option, described] of Object.entries(propertiesOf(options))) {
        assert(described.description, `option "${option}" of ${name} has no documentation`);
      }
    });

    Deno.test(`${table.kind} "${name}" has valid defaults`, () => {
      const filled = table.schema.parse({ name, ...required[name] });
      assertEquals(table.schema.parse(filled), filled);
      assertEquals(requiredOf(options), Object.keys(required[name] ?? {}));
    });

    Deno.test(`${table.kind} "${name}" can be made without the options that have defaults`, () => {
      create({ ...required[name] });
    });

    Deno.test(`${table.kind} "${name}" rejects an option that it does not have`, () => {
      const misspelt = { name, ...required[name], notAnOption: 1 };
      assertThrows(() => table.schema.parse(misspelt), z.ZodError, "notAnOption");
    });
  }
}

interface Property {
  readonly description?: string;
}

/** The options without which an entry cannot be made. */
function requiredOf(options: z.ZodType): readonly string[] {
  return z.toJSONSchema(options, { io: "input" }).required ?? [];
}

function propertiesOf(options: z.ZodType): Readonly<Record<string, Property>> {
  const schema = z.toJSONSchema(options, { io: "input" });
  return (schema.properties ?? {}) as Readonly<Record<string, Property>>;
}
