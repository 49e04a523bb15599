/**
 * The data set `csv`: the user's own tables.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { classIndices, classNames, MOST_CLASSES } from "../formats/classes.ts";
import type { Delimiter } from "../formats/csv.ts";
import { MOST_COLUMNS } from "../encode/encoding.ts";
import { type DecimalMark, detectDialect, type Dialect } from "../formats/dialect.ts";
import type { Dataset, Missing, Samples } from "../dataset.ts";
import type { StoredFile } from "../formats/gzip.ts";
import { checkColumnNames, NoNumberError, readTable, type SampleTable } from "../formats/table.ts";
import { loadMixedTable } from "./raw.ts";
import { awaitAll } from "../await_all.ts";
import { selectTableLines } from "./table_sample.ts";
import { unifyElementTypes } from "./arrays.ts";
import { filesWithPathOrHash, type Hashes, hashesOption } from "./given.ts";
import type { GivenSource } from "./source.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import { defined } from "../../config/defined.ts";

/** Options of {@link csv}. */
export interface CsvTableOptions {
  /** Path of the training table, compressed by gzip or not. Optional if `sha256` states its hash. */
  readonly path?: string | undefined;
  /**
   * Path of a table of test samples with the same columns. Without one, the data set has no test samples.
   */
  readonly test?: string | undefined;
  /** SHA-256 of the decompressed tables. Files with other content are rejected. */
  readonly sha256?: Hashes<"table" | "test"> | undefined;
  /**
   * Column of the labels: its name, or its index from 0. Negative indices count from the last column, −1.
   * Defaults to −1.
   */
  readonly label?: string | number;
  /** Whether the first line contains the names of the columns. Detected by default. */
  readonly header?: boolean | undefined;
  /** Character between two fields. Detected by default. */
  readonly delimiter?: Delimiter | undefined;
  /** Decimal mark of numbers. Detected by default. */
  readonly decimal?: DecimalMark | undefined;
  /**
   * Columns to use as features: their names or indices. Defaults to all columns except the label. Excludes
   * `ignore`.
   */
  readonly columns?: readonly (string | number)[] | undefined;
  /** Columns not to use as features: their names or indices. Excludes `columns`. */
  readonly ignore?: readonly (string | number)[] | undefined;
  /**
   * Columns of categories: their names or indices. Each category becomes a feature that is 1 or 0. Defaults
   * to the columns that have more texts than numbers.
   */
  readonly categorical?: readonly (string | number)[] | undefined;
  /** Treatment of missing values, which are empty, NA, N/A, ? or nan. Defaults to "refuse". */
  readonly missing?: Missing | undefined;
  /** Names of the classes, in order. Defaults to the labels in the table, sorted by value or name. */
  readonly classes?: readonly string[] | undefined;
  /** Shape of a sample, for example [8, 8]. Defaults to a row of all features. */
  readonly shape?: readonly number[] | undefined;
}

const column = z.union([z.string().min(1), z.int()]);

const someColumns = z.array(column).min(1).max(MOST_COLUMNS);

/** Schema of the options that all readers of tables share. */
export const tableOptions = z.strictObject({
  label: column.default(-1)
    .describe("column of the classes, by name or index from 0; negative ones count from the end"),
  header: z.boolean().optional()
    .describe(
      "whether the first line names the columns; by default unless it is a row of values",
    ),
  // declared defaults of detected options are those of plain tables, so that ids leave them out
  delimiter: z.enum([",", ";", "\t"]).optional().meta({ default: "," })
    .describe("character between two fields; detected by default"),
  decimal: z.enum([".", ","]).optional().meta({ default: "." })
    .describe("decimal mark of numbers; detected by default"),
});

const options = z.strictObject({
  path: z.string().min(1).optional().describe("file of the training samples"),
  test: z.string().min(1).optional().describe("file of test samples, with the same columns"),
  sha256: hashesOption("table", "test"),
  ...tableOptions.shape,
  columns: someColumns.optional()
    .describe("columns to use as features, by name or index; by default all but the label"),
  ignore: someColumns.optional().describe("columns to leave out"),
  categorical: z.array(column).max(MOST_COLUMNS).optional()
    .describe(
      "columns of which each value becomes a feature that is 1 or 0 (one-hot); by default those with " +
        "more texts than numbers",
    ),
  missing: z.enum(["mean", "median", "drop", "refuse"]).optional().meta({ default: "refuse" })
    .describe(
      "treatment of missing values (empty, NA, N/A, ? or nan): fill with the column's mean or median " +
        "over the training split, drop the row, or refuse the table; missing categories are 0 in all " +
        "features",
    ),
  classes: z.array(z.string().min(1)).min(1).max(MOST_CLASSES).optional()
    .describe("names of the classes in their order; by default sorted by value or name"),
  shape: z.array(z.int().min(1)).min(1).max(8).optional()
    .describe("shape of a sample, such as [8, 8] for images; by default a row"),
}).refine(({ label, header }) => typeof label === "number" || header !== false, {
  message: "expected an index, since without a header no column has a name",
  path: ["label"],
}).refine(({ path, sha256 }) => path !== undefined || sha256?.table !== undefined, {
  message: "expected a path, or the sha256 of the table",
  path: ["path"],
}).refine(({ columns, ignore }) => columns === undefined || ignore === undefined, {
  message: "expected either columns or ignore",
  path: ["ignore"],
}).refine(({ delimiter, decimal }) => delimiter !== "," || decimal !== ",", {
  message: "expected another mark than the delimiter",
  path: ["decimal"],
});

/** A table of samples, with its file. */
interface NamedTable extends SampleTable {
  /** Path of the file in error messages. */
  readonly origin: string;
  /** Name of the file in the data set: "table" or "test". */
  readonly file: string;
}

/**
 * Returns a data source that reads tables with one row per sample: its features, and its class as a text.
 * The source rejects tables that do not fit the options when it is loaded.
 */
export function csv(overrides: CsvTableOptions): GivenSource {
  const checked = withDefaults(options, overrides);
  const { path, test, sha256 } = checked;
  const source: GivenSource = {
    kind: "given",
    name: "csv",
    files: filesWithPathOrHash({ table: path, test }, sha256),
    async load(files) {
      const [table] = files;
      if (table === undefined) throw new TypeError("Cannot assemble a data set: expected a table");
      const dialect = await detectDialect(table, checked);
      if (!canBeNumericTable(checked, dialect)) {
        return await loadMixedTable(files, checked, dialect);
      }
      const read = async (file: StoredFile, i: number) => ({
        ...await readTable(file, { ...checked, ...dialect }),
        origin: file.origin,
        file: i === 0 ? "table" : "test",
      });
      try {
        const [train, tested] = await awaitAll(files.map(read));
        const { delimiter } = dialect;
        return { ...assembleTables(train, tested, checked), found: { delimiter } };
      } catch (error) {
        // texts may be categories, and an error for a missing number should name the option `missing`
        if (error instanceof NoNumberError) return await loadMixedTable(files, checked, dialect);
        throw error;
      }
    },
    async outline(files) {
      const sampled = await awaitAll(files.map(selectTableLines));
      const dataset = await source.load(sampled.map(({ file }) => file));
      const [train, test] = sampled;
      return {
        dataset: {
          ...dataset,
          train: extrapolateSamples(dataset.train, train.share),
          ...defined({ test: dataset.test && extrapolateSamples(dataset.test, test.share) }),
        },
        share: Math.min(...sampled.map(({ share }) => share)),
      };
    },
  };
  return source;
}

/**
 * Estimates the number of all samples of a table from those in a fraction of its content, rounded to three
 * digits, and repeats their labels as often. The features are not extrapolated: the result has only those
 * of the fraction. A fraction of 1 changes nothing.
 */
function extrapolateSamples(samples: Samples, fraction: number): Samples {
  if (fraction === 1) return samples;
  const { count, labels } = samples;
  const exact = count / fraction;
  let unit = 1;
  while (exact / unit >= 1000) unit *= 10; // three digits; Math.log10 differs between engines
  const estimate = Math.round(exact / unit) * unit;
  const repeated = Uint16Array.from({ length: estimate }, (_, row) => labels[row % count]);
  return { ...samples, count: estimate, labels: repeated };
}

/**
 * Returns whether the options allow a table to be read as one whose feature columns all contain numbers
 * only. This is tried first, since it is fastest.
 */
function canBeNumericTable(
  { columns, ignore, categorical = [], missing = "refuse" }: CsvTableOptions,
  { decimal }: Dialect,
): boolean {
  return columns === undefined && ignore === undefined && categorical.length === 0 &&
    missing === "refuse" && decimal === ".";
}

/**
 * Builds a data set from a training table and a test table, if there is one. Throws an error if the tables
 * do not fit the options or each other.
 */
function assembleTables(
  train: NamedTable,
  test: NamedTable | undefined,
  { classes, shape }: CsvTableOptions,
): Dataset {
  const names = classes ?? classNames(train.labels, train.origin);
  const samples = tableSamples(train, names, shape);
  const hashes = [train, ...(test === undefined ? [] : [test])]
    .map(({ file, sha256 }) => ({ file, sha256 }));
  const columns = train.names;
  const common = { name: "csv", classes: names, ...defined({ columns }), hashes };
  if (test === undefined) return { ...common, train: samples };
  if (test.features !== train.features) {
    throw new TypeError(
      `Cannot read "${test.origin}": expected ${train.features} columns of features, as in ` +
        `"${train.origin}": received ${test.features}`,
    );
  }
  checkColumnNames(test, train.names, `"${train.origin}"`);
  return { ...common, ...unifyElementTypes(samples, tableSamples(test, names, shape)) };
}

/**
 * Converts a table to samples. The label of a sample is the index in `classes` of its text. `shape` is the
 * shape of a sample. Throws an error if it does not fit the number of features, or a label is not a class.
 */
function tableSamples(
  { origin, count, features, values, labels }: NamedTable,
  classes: readonly string[],
  shape: readonly number[] = [features],
): Samples {
  if (sizeOf(shape) !== features) {
    throw new TypeError(
      `Cannot read "${origin}": expected a shape whose product is ${features}, the number of ` +
        `features: received [${shape.join(", ")}]`,
    );
  }
  if (labels === undefined) throw new TypeError(`Cannot read "${origin}": expected labels`);
  return { count, shape, values, labels: classIndices(labels, classes, origin) };
}

export const csvEntry: Entry<CsvTableOptions, GivenSource> = entry({
  doc:
    "Your own table as CSV, compressed by gzip or not: one row per sample, its class in one column; " +
    "numbers, categories and gaps",
  options,
  paths: ["path", "test"],
  create: csv,
});
