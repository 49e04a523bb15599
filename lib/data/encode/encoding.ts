/**
 * Schema of a table's encoding in model files, and the number and names of its features.
 *
 * @module
 */
import { z } from "zod";
import type { TableEncoding } from "../dataset.ts";

/** Largest number of fields in a row of a table. */
export const MOST_COLUMNS = 2 ** 20;

/** Schema of an encoding in a model file. */
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

/** Texts of missing values: an empty field, NA, N/A, ? or nan, in upper or lower case. */
const MISSING = /^(|\?|na|n\/a|nan)$/i;

/** Returns whether a text stands for a missing value. */
export function isMissing(text: string): boolean {
  return MISSING.test(text);
}

/** A row of a table: a number, a text, or null where it is missing, by the name or index of its column. */
export type TableRow = Readonly<Record<string, number | string | null | undefined>>;

/**
 * Returns the features of one raw row of a table [features], as a network takes them that was trained on the
 * table. Columns that no feature is made of may be left out. A category that the training split did not
 * have is 0 in all features of its column.
 *
 * @param table the encoding of a model: `model.table`
 * @throws {TypeError} if a column is left out, or a text stands for a number
 * @throws {RangeError} if a value is missing that the model does not fill
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
    const isGap = value === null || isMissing(`${value}`);
    if (categories !== undefined) {
      return categories.map((category) => isGap ? 0 : Number(category === `${value}`));
    }
    if (typeof value === "number" && !isGap) return value;
    if (!isGap) throw new TypeError(refusal("a number", JSON.stringify(value)));
    if (fill === undefined) throw new RangeError(refusal("a value, as the model fills none"));
    return fill;
  }));
}

/** Returns the number of features of an encoding. */
export function encodedFeatures({ columns }: Pick<TableEncoding, "columns">): number {
  return columns.reduce((sum, { categories }) => sum + (categories?.length ?? 1), 0);
}

/** Returns the names of the features of an encoding; undefined if no column has a name. */
export function encodedNames({ columns }: TableEncoding): readonly string[] | undefined {
  if (columns.every(({ name, categories }) => name === undefined && categories === undefined)) {
    return undefined;
  }
  return columns.flatMap(({ name, index, categories }) => {
    const column = name ?? `${index}`;
    return categories?.map((category) => `${column} = ${category}`) ?? [column];
  });
}
