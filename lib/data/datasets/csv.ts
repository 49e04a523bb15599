import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { classesOf, labelsOf, MOST_CLASSES } from "../formats/classes.ts";
import type { Delimiter } from "../formats/csv.ts";
import { MOST_COLUMNS } from "../encode/encoding.ts";
import { type DecimalMark, type Dialect, findDialect } from "../formats/dialect.ts";
import type { Dataset, Missing, Samples } from "../dataset.ts";
import type { StoredFile } from "../formats/gzip.ts";
import { expectColumns, NoNumberError, readTable, type SampleTable } from "../formats/table.ts";
import { loadRaw } from "./raw.ts";
import { awaitAll } from "../await_all.ts";
import { sameType } from "./arrays.ts";
import { givenFiles, type Hashes, hashesOption } from "./given.ts";
import type { GivenSource } from "./source.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import { defined } from "../../config/defined.ts";

/** Options of {@link csv}. */
export interface CsvTableOptions {
  /** Path of the table of the training samples, gzip or plain; may be missing if it has a hash. */
  readonly path?: string | undefined;
  /** Path of a table of test samples with the same columns. */
  readonly test?: string | undefined;
  /** SHA-256 of the tables, unpacked. Other content is refused. */
  readonly sha256?: Hashes<"table" | "test"> | undefined;
  /** The column of the labels, by its name or its index; negative ones count from the end. */
  readonly label?: string | number;
  /** Whether the first line names the columns; if undefined, it does if it is no row of values. */
  readonly header?: boolean | undefined;
  /** What stands between two fields; found if undefined. */
  readonly delimiter?: Delimiter | undefined;
  /** The decimal mark; found if undefined. */
  readonly decimal?: DecimalMark | undefined;
  /** The columns that features are made of, by names or indices; all but the labels if undefined. */
  readonly columns?: readonly (string | number)[] | undefined;
  /** Columns that no features are made of. */
  readonly ignore?: readonly (string | number)[] | undefined;
  /** Columns of which each value becomes a feature; those with more texts than numbers if undefined. */
  readonly categorical?: readonly (string | number)[] | undefined;
  /** What is done where a value is missing: empty, NA, N/A, ? or nan. */
  readonly missing?: Missing | undefined;
  /** Names of the classes in their order; else by value if all labels are numbers, else by name. */
  readonly classes?: readonly string[] | undefined;
  /** Shape of a sample, for example [8, 8]; else one row of all features. */
  readonly shape?: readonly number[] | undefined;
}

const column = z.union([z.string().min(1), z.int()]);

const someColumns = z.array(column).min(1).max(MOST_COLUMNS);

export const tableOptions = z.strictObject({
  label: column.default(-1)
    .describe("column of the classes, by name or index from 0; negative ones count from the end"),
  header: z.boolean().optional()
    .describe(
      "whether the first line names the columns; if missing, unless it is a row of values",
    ),
  // the defaults of options that are found are those of plain tables, which ids leave out
  delimiter: z.enum([",", ";", "\t"]).optional().meta({ default: "," })
    .describe("what stands between two fields; found in the table if missing"),
  decimal: z.enum([".", ","]).optional().meta({ default: "." })
    .describe("decimal mark of numbers; found in the table if missing"),
});

const options = z.strictObject({
  path: z.string().min(1).optional().describe("file of the training samples"),
  test: z.string().min(1).optional().describe("file of test samples, with the same columns"),
  sha256: hashesOption("table", "test"),
  ...tableOptions.shape,
  columns: someColumns.optional()
    .describe("columns that features are made of, by name or index; all but the label if missing"),
  ignore: someColumns.optional().describe("columns that no features are made of"),
  categorical: z.array(column).max(MOST_COLUMNS).optional()
    .describe(
      "columns of which each value becomes a feature that is 1 or 0 (one-hot); if missing, those " +
        "with more texts than numbers",
    ),
  missing: z.enum(["mean", "median", "drop", "refuse"]).optional().meta({ default: "refuse" })
    .describe(
      "what is done where a value is missing (empty, NA, N/A, ? or nan): filled by the column's mean " +
        "or median over the training split, its row dropped, or the table refused; missing categories " +
        "are 0 in all features",
    ),
  classes: z.array(z.string().min(1)).min(1).max(MOST_CLASSES).optional()
    .describe("names of the classes in their order; by value or name if missing"),
  shape: z.array(z.int().min(1)).min(1).max(8).optional()
    .describe("shape of a sample, such as [8, 8] for images; one row if missing"),
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

interface NamedTable extends SampleTable {
  readonly origin: string;
  readonly file: string;
}

/** The source that reads a table with a row for each sample: its features, and its class as a text. */
export function csv(overrides: CsvTableOptions): GivenSource {
  const checked = withDefaults(options, overrides);
  const { path, test, sha256 } = checked;
  return {
    kind: "given",
    name: "csv",
    files: givenFiles({ table: path, test }, sha256),
    async load(files) {
      const [table] = files;
      if (table === undefined) throw new TypeError("Cannot assemble a data set: expected a table");
      const dialect = await findDialect(table, checked);
      if (!isPlain(checked, dialect)) return await loadRaw(files, checked, dialect);
      const read = async (file: StoredFile, i: number) => ({
        ...await readTable(file, { ...checked, ...dialect }),
        origin: file.origin,
        file: i === 0 ? "table" : "test",
      });
      try {
        const [train, tested] = await awaitAll(files.map(read));
        const { delimiter } = dialect;
        return { ...assemble(train, tested, checked), found: { delimiter } };
      } catch (error) {
        // texts may be categories, and a missing number has a remedy
        if (error instanceof NoNumberError) return await loadRaw(files, checked, dialect);
        throw error;
      }
    },
  };
}

/** Whether a table is read as numbers, all its columns, until one is found that is none. */
function isPlain(
  { columns, ignore, categorical = [], missing = "refuse" }: CsvTableOptions,
  { decimal }: Dialect,
): boolean {
  return columns === undefined && ignore === undefined && categorical.length === 0 &&
    missing === "refuse" && decimal === ".";
}

function assemble(
  train: NamedTable,
  test: NamedTable | undefined,
  { classes, shape }: CsvTableOptions,
): Dataset {
  const names = classes ?? classesOf(train.labels, train.origin);
  const samples = samplesOf(train, names, shape);
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
  expectColumns(test, train.names, `"${train.origin}"`);
  return { ...common, ...sameType(samples, samplesOf(test, names, shape)) };
}

function samplesOf(
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
  return { count, shape, values, labels: labelsOf(labels, classes, origin) };
}

export const csvEntry: Entry<CsvTableOptions, GivenSource> = entry({
  doc:
    "Your own table as CSV, gzip or plain: a row for each sample, its class in one column; numbers, " +
    "categories and gaps",
  options,
  paths: ["path", "test"],
  create: csv,
});
