/**
 * Encoding of table columns as features. Missing numbers are replaced, and each category becomes a feature.
 *
 *     number     x, or the column's fill if it is missing
 *     category   1 in the feature of its text, 0 in the others (one-hot); all 0 if missing or unknown
 *
 * Replacements and categories are derived from the training split alone, and stored in the model.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import { sortClassNames } from "../formats/classes.ts";
import { LARGEST_FILE } from "../formats/content.ts";
import { countEncodedFeatures, encodedFeatureNames } from "./encoding.ts";
import { describeColumn } from "../formats/raw_table.ts";
import type { Dataset, Samples, Split, Splits, TableColumn, TableEncoding } from "../dataset.ts";

/**
 * Returns the names of the features of a data set after the stage "split", or undefined if they have no
 * names.
 */
export function featureNames(
  { columns }: Pick<Dataset, "columns">,
  { train: { samples: { encoded } } }: Pick<Splits, "train">,
): readonly string[] | undefined {
  return encoded === undefined ? columns : encodedFeatureNames(encoded);
}

/**
 * Encodes the columns of a table as features in all splits, with categories and replacements of missing
 * values from the training split. Returns the splits unchanged if `table` is undefined.
 *
 * @param table columns of the samples before the encoding
 * @throws {RangeError} if the training split has no value in a column, or the features need more than 8 GiB
 */
export function encodeSplits(splits: Splits, table: TableEncoding | undefined): Splits {
  if (table === undefined) return splits;
  const encoding = fitEncoding(splits.train, table);
  const done = new Map<Samples, Samples>();
  const encodedSplit = ({ samples, rows }: Split): Split => {
    const made = done.get(samples) ?? encodeSamples(samples, table, encoding);
    done.set(samples, made);
    return { samples: made, rows };
  };
  const { train, validation, test } = splits;
  return {
    train: encodedSplit(train),
    ...defined({
      validation: validation && encodedSplit(validation),
      test: test && encodedSplit(test),
    }),
  };
}

/**
 * Returns the encoding of a table with the categories, and the replacements for missing numbers, that occur
 * in its training split. Throws a RangeError if the split has no value in a column.
 */
function fitEncoding(train: Split, table: TableEncoding): TableEncoding {
  const columns = table.columns.map((column, place): TableColumn => {
    const { categories, ...rest } = column;
    const values = presentValues(train, place, table.columns.length);
    if (values.length === 0) {
      throw new RangeError(
        `Cannot encode ${
          describeColumn(column)
        }: expected at least 1 value in the training split: ` +
          'received none: leave it out by "ignore"',
      );
    }
    if (categories !== undefined) {
      const found = [...new Set(values)].map((code) => categories[code]);
      return { ...rest, categories: sortClassNames(found) };
    }
    return { ...rest, ...defined({ fill: missingValueReplacement(values, table.missing) }) };
  });
  return { ...table, columns };
}

/**
 * Returns the values of a column in a split, without missing values. `position` is the index of the column
 * among the `columns` columns of the samples.
 */
function presentValues(
  { samples: { values }, rows }: Split,
  position: number,
  columns: number,
): Float64Array<ArrayBuffer> {
  const known = Float64Array.from(rows, (row) => values[row * columns + position]);
  return known.filter((value) => !Number.isNaN(value));
}

/**
 * Returns the number that replaces missing values in a column: the mean or median of its other values, rounded to
 * 32 bits. Returns undefined if `missing` is another treatment.
 */
function missingValueReplacement(
  values: Float64Array<ArrayBuffer>,
  missing: TableEncoding["missing"],
): number | undefined {
  if (missing === "mean") {
    return Math.fround(values.reduce((sum, value) => sum + value, 0) / values.length) + 0;
  }
  if (missing !== "median") return undefined;
  const sorted = values.toSorted();
  const half = sorted.length >> 1;
  const middle = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  return Math.fround(middle) + 0; // −0 + 0 = 0
}

/**
 * Returns samples whose features encode the columns of a table, in shared memory. The features are
 * unchanged if all columns are numbers without replacements.
 *
 * @param samples one value of each column per row
 * @param raw columns of these values. A value in a column of categories is an index of these categories
 * @param encoding the same columns with the categories and replacements of the training split
 * @throws {RangeError} if the features need more than 8 GiB
 */
export function encodeSamples(
  samples: Samples,
  raw: Pick<TableEncoding, "columns">,
  encoding: TableEncoding,
): Samples {
  const isNumeric = encoding.columns.every(({ categories, fill }) =>
    categories === undefined && fill === undefined
  );
  if (isNumeric) return { ...samples, encoded: encoding };
  const { count, values } = samples;
  const features = countEncodedFeatures(encoding);
  if (4 * count * features > LARGEST_FILE) {
    throw new RangeError(
      `Cannot encode ${count} samples: expected features of at most ${LARGEST_FILE} bytes: ` +
        `received ${features} features`,
    );
  }
  const out = new Float32Array(new SharedArrayBuffer(4 * count * features));
  const { columns } = encoding;
  let start = 0;
  columns.forEach(({ categories, fill = NaN }, place) => {
    const places = categories && new Map(categories.map((text, place) => [text, place]));
    const codes = places && raw.columns[place].categories?.map((text) => places.get(text) ?? -1);
    for (let row = 0; row < count; row++) {
      const value = values[row * columns.length + place];
      const at = row * features + start;
      if (codes === undefined) out[at] = Number.isNaN(value) ? fill : value;
      else if (!Number.isNaN(value) && codes[value] >= 0) out[at + codes[value]] = 1;
    }
    start += categories?.length ?? 1;
  });
  const shape = columns.some(({ categories }) => categories !== undefined)
    ? [features]
    : samples.shape;
  return { ...samples, shape, values: out, encoded: encoding };
}

/** The texts in a column of a table that are not among its categories. */
export interface UnknownCategories {
  /** The column, with the categories of the training split. */
  readonly column: TableColumn;
  /** The unknown texts, in the order of their first occurrence. */
  readonly texts: readonly string[];
}

/**
 * Returns the texts of a table that are not among the categories of the training split, by column. `raw`
 * lists the texts of each column as its categories. The second argument is the encoding from training, with
 * the same columns. Columns without unknown texts are left out.
 */
export function unknownCategories(
  raw: Pick<TableEncoding, "columns">,
  { columns }: Pick<TableEncoding, "columns">,
): readonly UnknownCategories[] {
  return columns.flatMap((column, place) => {
    if (column.categories === undefined) return [];
    const known = new Set(column.categories);
    const texts = raw.columns[place].categories?.filter((text) => !known.has(text)) ?? [];
    return texts.length === 0 ? [] : [{ column, texts }];
  });
}
