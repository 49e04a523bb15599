/**
 * The encoding of a table as models keep it, and the features that it makes.
 *
 * @module
 */
import { z } from "zod";
import type { TableEncoding } from "../dataset.ts";

/** The most fields of a row of a table. */
export const MOST_COLUMNS = 2 ** 20;

/** Schema of an encoding as models have it. */
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

/** Returns the number of features that an encoding makes. */
export function encodedFeatures({ columns }: Pick<TableEncoding, "columns">): number {
  return columns.reduce((sum, { categories }) => sum + (categories?.length ?? 1), 0);
}

/** Returns the names of the features that an encoding makes; none if no column has a name. */
export function encodedNames({ columns }: TableEncoding): readonly string[] | undefined {
  if (columns.every(({ name, categories }) => name === undefined && categories === undefined)) {
    return undefined;
  }
  return columns.flatMap(({ name, index, categories }) => {
    const column = name ?? `${index}`;
    return categories?.map((category) => `${column} = ${category}`) ?? [column];
  });
}
