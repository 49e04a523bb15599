/**
 * The encoding of table columns as features in model files: its schema, the number and names of the
 * features, and the encoding of a single row.
 *
 * @module
 */
import { z } from "zod";
import type { TableEncoding } from "../dataset.ts";

/** Largest number of fields in a row of a table. */
export const MOST_COLUMNS = 2 ** 20;

/** Schema of the encoding of table columns in a model file. */
export const encodingSchema: z.ZodType<TableEncoding> = z.strictObject({
  width: z.int().min(2).max(MOST_COLUMNS),
  label: z.int().min(0),
  missing: z.enum(["mean", "median", "drop", "refuse"]),
  columns: z.array(z.strictObject({
    name: z.string().optional(),
    index: z.int().min(0),
    fill: z.number().optional(),
    categories: z.array(z.string()).min(1).optional(),
  })).min(1).max(MOST_COLUMNS),
}).refine(
  ({ width, label, columns }) => label < width && columns.every(({ index }) => index < width),
  {
    message: "expected indices of columns below the width of the table",
  },
) as z.ZodType<TableEncoding>;

/** Texts that stand for a missing value: an empty field, NA, N/A, ? or nan, in upper or lower case. */
const MISSING = /^(|\?|na|n\/a|nan)$/i;

/** Returns whether the text of a field stands for a missing value. */
export function isMissingValue(text: string): boolean {
  return MISSING.test(text);
}

/**
 * A row of a table, by the name of each column, or by its index if it has no name. A value is a number, a
 * text, or null if it is missing.
 */
export type TableRow = Readonly<Record<string, number | string | null | undefined>>;

/**
 * Encodes one row of a table as the features [features] that a network trained on the table expects.
 * Columns that are not used as features may be left out. A text that was no category in the training split
 * becomes 0 in all features of its column.
 *
 * @param table encoding of the table, in a model: `model.table`
 * @throws {TypeError} if a used column is left out, or a value is not a number where one is expected
 * @throws {RangeError} if a value is missing and the model has no replacement for it
 */
export function encodeRow(
  { columns }: Pick<TableEncoding, "columns">,
  row: TableRow,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(columns.flatMap((column) => {
    const { name, index, categories, fill } = column;
    const value = row[name ?? index];
    const refusal = (expected: string, received = "none") =>
      `Cannot encode a row: expected in column ${JSON.stringify(name ?? index)} ${expected}: ` +
      `received ${received}`;
    if (value === undefined) throw new TypeError(refusal("a value, or null where it is missing"));
    const isGap = value === null || isMissingValue(`${value}`);
    if (categories !== undefined) {
      return categories.map((category) => isGap ? 0 : Number(category === `${value}`));
    }
    if (typeof value === "number" && !isGap) return value;
    if (!isGap) throw new TypeError(refusal("a number", JSON.stringify(value)));
    if (fill === undefined) throw new RangeError(refusal("a value, as the model fills none"));
    return fill;
  }));
}

/**
 * Returns the number of features as which columns of a table are encoded: one for a column of numbers, and
 * one for each category of the others.
 */
export function countEncodedFeatures({ columns }: Pick<TableEncoding, "columns">): number {
  return columns.reduce((sum, { categories }) => sum + (categories?.length ?? 1), 0);
}

/**
 * Returns the names of the features as which columns of a table are encoded, such as "age" or "colour =
 * red". Returns undefined if no column has a name or categories.
 */
export function encodedFeatureNames({ columns }: TableEncoding): readonly string[] | undefined {
  if (columns.every(({ name, categories }) => name === undefined && categories === undefined)) {
    return undefined;
  }
  return columns.flatMap(({ name, index, categories }) => {
    const column = name ?? `${index}`;
    return categories?.map((category) => `${column} = ${category}`) ?? [column];
  });
}
