import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { labelsOf, MOST_CLASSES, orderClasses } from "../formats/classes.ts";
import type { Delimiter } from "../formats/csv.ts";
import type { Dataset, Samples } from "../dataset.ts";
import type { StoredFile } from "../formats/gzip.ts";
import { expectColumns, readTable, type SampleTable } from "../formats/table.ts";
import { together } from "../together.ts";
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
  /** Whether the first line names the columns; if undefined, it does if it is no row of numbers. */
  readonly header?: boolean | undefined;
  /** What stands between two fields. */
  readonly delimiter?: Delimiter;
  /** Names of the classes in their order; else by value if all labels are numbers, else by name. */
  readonly classes?: readonly string[] | undefined;
  /** Shape of a sample, for example [8, 8]; else one row of all features. */
  readonly shape?: readonly number[] | undefined;
}

export const tableOptions = z.strictObject({
  label: z.union([z.string().min(1), z.int()]).default(-1)
    .describe("column of the classes, by name or index from 0; negative ones count from the end"),
  header: z.boolean().optional()
    .describe(
      "whether the first line names the columns; if missing, unless it is a row of numbers",
    ),
  delimiter: z.enum([",", ";", "\t"]).default(",").describe("what stands between two fields"),
});

const options = z.strictObject({
  path: z.string().min(1).optional().describe("file of the training samples"),
  test: z.string().min(1).optional().describe("file of test samples, with the same columns"),
  sha256: hashesOption("table", "test"),
  ...tableOptions.shape,
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
});

interface NamedTable extends SampleTable {
  readonly origin: string;
  readonly file: string;
}

/** The source that reads a table with a row for each sample: numbers, and its class as a text. */
export function csv(overrides: CsvTableOptions): GivenSource {
  const checked = withDefaults(options, overrides);
  const { path, test, sha256 } = checked;
  return {
    kind: "given",
    name: "csv",
    files: givenFiles({ table: path, test }, sha256),
    async load(files) {
      const read = async (file: StoredFile, i: number) => ({
        ...await readTable(file, checked),
        origin: file.origin,
        file: i === 0 ? "table" : "test",
      });
      const [train, test] = await together(files.map(read));
      if (!train) throw new TypeError("Cannot assemble a data set: expected a table");
      return assemble(train, test, checked);
    },
  };
}

function assemble(
  train: NamedTable,
  test: NamedTable | undefined,
  { classes, shape }: CsvTableOptions,
): Dataset {
  const names = classes ?? orderClasses(train.labels?.texts ?? []);
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
  doc: "Your own table as CSV, gzip or plain: a row for each sample, its class in one column",
  options,
  paths: ["path", "test"],
  create: csv,
});
