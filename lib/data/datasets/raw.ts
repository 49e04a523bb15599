/**
 * Data sets built from tables that have categories, missing values, decimal commas or unused columns.
 *
 * Until the stage "split", a sample has one value for each used column. Only then are samples encoded as
 * features, since replacements of missing values and the list of categories are derived from the training
 * split alone.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import type { Dataset, Missing, Samples, TableColumn, TableEncoding } from "../dataset.ts";
import { encodeSamples, unknownCategories } from "../encode/encode.ts";
import { classIndices, classNames } from "../formats/classes.ts";
import type { Dialect } from "../formats/dialect.ts";
import type { StoredFile } from "../formats/gzip.ts";
import {
  type ColumnProfile,
  describeColumn,
  findColumn,
  missingValueError,
  type MixedTableReadOptions,
  type MixedTableValues,
  MOST_CATEGORIES,
  profileTable,
  readMixedTable,
  type TableProfile,
} from "../formats/raw_table.ts";
import { quoteText } from "../formats/table.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import { unifyElementTypes } from "./arrays.ts";

/** Name of a column, or its index from 0. Negative indices count from the end. */
type ColumnReference = string | number;

/** Options of a table with texts or missing values, as documented at {@link CsvTableOptions}. */
export interface MixedTableOptions {
  readonly label: ColumnReference;
  readonly header?: boolean | undefined;
  readonly columns?: readonly ColumnReference[] | undefined;
  readonly ignore?: readonly ColumnReference[] | undefined;
  readonly categorical?: readonly ColumnReference[] | undefined;
  readonly missing?: Missing | undefined;
  readonly classes?: readonly string[] | undefined;
  readonly shape?: readonly number[] | undefined;
}

/**
 * Converts the options of a data set to those of the functions that read its tables, given the tables'
 * delimiter and decimal mark.
 */
export function tableReadingOptions(
  { label, header, columns = [], ignore = [], categorical = [] }: MixedTableOptions,
  dialect: Dialect,
): MixedTableReadOptions {
  const named = [...columns, ...ignore, ...categorical].filter((each) => typeof each === "string");
  return { ...dialect, header, label, named };
}

/**
 * Loads a data set from a table of training samples, and a table of test samples if there is one. Columns
 * may contain numbers, texts and missing values. Features are not encoded yet.
 *
 * @param options options of the data set
 * @param dialect delimiter and decimal mark of the tables
 * @throws {SyntaxError | TypeError | RangeError} if the tables do not fit the options or each other
 */
export async function loadMixedTable(
  [table, testTable]: readonly StoredFile[],
  options: MixedTableOptions,
  dialect: Dialect,
): Promise<Dataset> {
  const { origin } = table;
  const { missing = "refuse" } = options;
  const reading = tableReadingOptions(options, dialect);
  const profile = await profileTable(table, reading);
  const chosen = selectColumns(profile, options, origin);
  const { label, names, columns: { length: width } } = profile;
  const choose = () => ({ columns: chosen, label });
  const train = await readMixedTable(table, reading, { choose, missing });
  const test = testTable && await readMixedTable(testTable, reading, {
    choose(beginning) {
      checkSameColumns(beginning, { names, width }, testTable.origin, origin);
      return { columns: train.columns, label };
    },
    missing,
  });
  const classes = options.classes ?? classNames(train.labels, origin);
  const shape = sampleShape(chosen, options.shape, origin);
  const samples = [
    tableSamples(train, classes, shape, origin),
    ...(test === undefined ? [] : [tableSamples(test, classes, shape, testTable.origin)]),
  ];
  const [first, second] = samples.every((each) => fitIn8Bits(each, chosen, missing))
    ? samples.map((each) => ({ ...each, values: copyToBytes(each) }))
    : samples;
  const categorical = chosen.flatMap(({ name, index, categories }) =>
    categories === undefined ? [] : [name ?? index]
  );
  const note = droppedRowsNote(train.dropped + (test?.dropped ?? 0));
  return {
    name: "csv",
    classes,
    table: { width, label, missing, columns: test?.columns ?? train.columns },
    found: { ...dialect, ...(categorical.length === 0 ? {} : { categorical }) },
    ...defined({ note }),
    hashes: [
      { file: "table", sha256: train.sha256 },
      ...(test === undefined ? [] : [{ file: "test", sha256: test.sha256 }]),
    ],
    ...(second === undefined ? { train: first } : unifyElementTypes(first, second)),
  };
}

/**
 * Returns the columns of a table that are used as features, in the order of the table. A column of
 * categories has an empty list of them for now. Throws an error if there are none, or one cannot be
 * encoded.
 */
function selectColumns(
  profile: TableProfile,
  { columns, ignore = [], categorical, missing = "refuse" }: MixedTableOptions,
  origin: string,
): readonly TableColumn[] {
  const { label } = profile;
  const indicesOf = (names: readonly ColumnReference[]) =>
    names.map((name) => findColumn(name, profile, origin));
  const [kept, ignored] = [columns && indicesOf(columns), indicesOf(ignore)];
  const named = categorical && indicesOf(categorical);
  const used = profile.columns.filter(({ index }) =>
    index !== label && !ignored.includes(index) && (kept?.includes(index) ?? true)
  );
  if (used.length === 0) {
    throw new TypeError(
      `Cannot read "${origin}": expected at least 1 column of features: received none besides the label`,
    );
  }
  return used.map((column): TableColumn => {
    const { name, index } = column;
    const isCategorical = named?.includes(index) ?? column.texts > column.numbers;
    checkColumn(column, isCategorical, missing, named !== undefined, origin, profile.rows);
    return { index, ...defined({ name, categories: isCategorical ? [] : undefined }) };
  });
}

/** Number of distinct texts up to which a column of texts always counts as a column of categories. */
const MOST_CERTAIN_CATEGORIES = 20;

/**
 * Throws an error if a column cannot be encoded as features: if it has neither numbers alone nor few enough
 * categories, no values, or missing ones that are refused. `areCategoriesListed` states that the options
 * list the columns of categories, `rows` is the number of rows of the table.
 */
function checkColumn(
  column: ColumnProfile,
  isCategorical: boolean,
  missing: Missing,
  areCategoriesListed: boolean,
  origin: string,
  rows: number,
): void {
  const { firstText, firstMissing, numbers, texts, distinct, name, index } = column;
  const where = (line: number) => `"${origin}", line ${line}, ${describeColumn(column)}`;
  const key = JSON.stringify(name ?? index);
  if (firstMissing !== undefined && missing === "refuse") {
    throw missingValueError(firstMissing.text, where(firstMissing.line));
  }
  if (numbers + texts === 0) {
    throw new RangeError(
      `Cannot read "${origin}", ${
        describeColumn(column)
      }: expected at least 1 value: received none: ` +
        `leave it out by "ignore": [${key}]`,
    );
  }
  if (!isCategorical && firstText !== undefined) {
    throw new SyntaxError(
      `Cannot read ${where(firstText.line)}: expected a number: received ${
        quoteText(firstText.text)
      }: ` +
        `correct it, or name the column in "ignore" or "categorical"`,
    );
  }
  const isUnlikely = !areCategoriesListed && distinct > MOST_CERTAIN_CATEGORIES &&
    2 * distinct > rows;
  if (isCategorical && (distinct > MOST_CATEGORIES || isUnlikely)) {
    throw new RangeError(
      `Cannot read "${origin}", ${describeColumn(column)}: expected ` +
        (distinct > MOST_CATEGORIES ? `at most ${MOST_CATEGORIES} categories` : "a category") +
        `: received ${distinct} different texts in ${rows} rows: leave it out by "ignore": [${key}]` +
        (distinct > MOST_CATEGORIES ? "" : ', or name all columns of texts in "categorical"'),
    );
  }
}

/**
 * Throws a TypeError if a table of test samples, from `origin`, has other columns than `expected`, those of
 * the table of training samples. Names are compared only if both tables have them.
 */
function checkSameColumns(
  { names, width }: { readonly names?: readonly string[]; readonly width: number },
  expected: { readonly names?: readonly string[] | undefined; readonly width: number },
  origin: string,
  trainingOrigin: string,
): void {
  const other =
    names?.findIndex((name, index) =>
      expected.names !== undefined && name !== expected.names[index]
    ) ?? -1;
  if (width === expected.width && other < 0) return;
  const [wanted, received] = width !== expected.width
    ? [`${expected.width} columns`, `${width}`]
    : [`a column ${quoteText(expected.names?.[other] ?? "")}`, quoteText(names?.[other] ?? "")];
  throw new TypeError(
    `Cannot read "${origin}": expected ${wanted}, as in "${trainingOrigin}": received ${received}`,
  );
}

/**
 * Returns the shape of a sample: the one in the options, or by default a row of all columns. Throws a
 * TypeError if the shape does not fit the columns.
 */
function sampleShape(
  columns: readonly TableColumn[],
  shape: readonly number[] | undefined,
  origin: string,
): readonly number[] {
  if (shape === undefined) return [columns.length];
  const isNumeric = columns.every(({ categories }) => categories === undefined);
  if (isNumeric && sizeOf(shape) === columns.length) return shape;
  throw new TypeError(
    `Cannot read "${origin}": expected ` +
      (isNumeric
        ? `a shape whose product is ${columns.length}, the number of features`
        : "no shape for columns with categories") +
      `: received [${shape.join(", ")}]`,
  );
}

/**
 * Converts the rows of a table to samples of a shape. The label of a sample is the index in `classes` of
 * its text. Throws a RangeError if a label is not a class.
 */
function tableSamples(
  { rows: count, values, labels }: MixedTableValues,
  classes: readonly string[],
  shape: readonly number[],
  origin: string,
): Samples {
  if (labels === undefined) throw new TypeError(`Cannot read "${origin}": expected labels`);
  return { count, shape, values, labels: classIndices(labels, classes, origin) };
}

/**
 * Returns whether the features of samples can be stored in 8 bits: all are whole numbers from 0 to 255, no
 * column has categories, and missing values are not filled.
 */
function fitIn8Bits(
  { values }: Samples,
  columns: readonly TableColumn[],
  missing: Missing,
): boolean {
  return columns.every(({ categories }) => categories === undefined) &&
    (missing === "refuse" || missing === "drop") && areBytes(values);
}

/** Returns whether all values are whole numbers from 0 to 255. */
function areBytes(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!(value >= 0 && value <= 255 && Number.isInteger(value))) return false;
  }
  return true;
}

/** Copies features to 8-bit integers in shared memory. */
function copyToBytes({ values }: Pick<Samples, "values">): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(values.length));
  bytes.set(values);
  return bytes;
}

/**
 * Returns a note for the report about the number of rows that were left out. Returns undefined if it is 0.
 */
function droppedRowsNote(droppedRows: number): string | undefined {
  if (droppedRows === 0) return undefined;
  return droppedRows === 1
    ? "1 row of the table was left out, since a value is missing"
    : `${droppedRows} rows of the table were left out, since a value is missing`;
}

/** Features of samples that were encoded from a table, with labels if the table has them. */
export interface EncodedSamples extends Omit<Samples, "labels"> {
  /** Label of each sample, as a text. Absent if the table has no labels. */
  readonly labels?: readonly string[];
  /** Warnings for the user. */
  readonly warnings: readonly string[];
}

/**
 * Reads the rows of a table as samples for a trained model, encoded as in training. The columns of the
 * encoding are found by their names, in any order and among other columns. Without names, they are found by
 * their indices. The label column may be missing.
 *
 * A text that was no category in the training split becomes 0 in all features of its column, and a warning
 * lists it.
 *
 * @param encoding encoding of the table that the model was trained on
 * @throws {SyntaxError | TypeError | RangeError} if a column or a value is missing, or a value is not a
 *     number where one is expected
 */
export async function readEncodedSamples(
  file: StoredFile,
  options: MixedTableReadOptions,
  encoding: TableEncoding,
): Promise<EncodedSamples> {
  const { origin } = file;
  const named = encoding.columns.flatMap(({ name }) => name ?? []);
  // a row cannot be left out here: who predicts wants an answer for each
  const missing = encoding.missing === "drop" ? "refuse" : encoding.missing;
  const raw = await readMixedTable(file, { ...options, named }, {
    choose: (beginning) => matchTrainedColumns(beginning, encoding, options.label, origin),
    missing,
  });
  const { rows: count, labels } = raw;
  const { labels: _, ...samples } = encodeSamples(
    { count, shape: [encoding.columns.length], values: raw.values, labels: new Uint16Array() },
    raw,
    encoding,
  );
  const { values } = samples;
  const texts = labels && Array.from(labels.indices, (index) => labels.texts[index]);
  return {
    ...samples,
    values: values === raw.values && areBytes(values) ? copyToBytes(samples) : values,
    warnings: unknownCategories(raw, encoding).map(({ column, texts }) =>
      `${describeColumn(column)}: ${quoteSome(texts)} ${
        texts.length === 1 ? "was" : "were"
      } in no training ` +
      "row, and counts as no category"
    ),
    ...defined({ labels: texts }),
  };
}

/** Largest number of texts that a message lists. */
const MOST_LISTED = 5;

/** Returns the first five texts in quotes, separated by commas, and the number of the others. */
function quoteSome(texts: readonly string[]): string {
  const listed = texts.slice(0, MOST_LISTED).map(quoteText).join(", ");
  const more = texts.length - MOST_LISTED;
  return more > 0 ? `${listed} and ${more} more` : listed;
}

/**
 * Finds the columns that a model was trained on, and the label column, in another table, given the names of
 * its columns if it has any and their number. The label is undefined if the table has none. Throws a
 * TypeError if a column is missing.
 */
function matchTrainedColumns(
  { names, width }: { readonly names?: readonly string[]; readonly width: number },
  { columns, width: trained, label }: TableEncoding,
  labelName: ColumnReference,
  origin: string,
): { readonly columns: readonly TableColumn[]; readonly label: number | undefined } {
  const start = columns.map((column): TableColumn =>
    column.categories === undefined ? column : { ...column, categories: [] }
  );
  const named = start.filter(({ name }) => name !== undefined);
  if (names !== undefined && named.length === start.length) {
    const missing = named.find(({ name }) => !names.includes(name as string));
    if (missing !== undefined) {
      throw new TypeError(
        `Cannot read "${origin}": expected a ${
          describeColumn(missing)
        }, as in training: received the ` +
          `columns ${quoteSome(names)}`,
      );
    }
    const place = typeof labelName === "string"
      ? names.indexOf(labelName)
      : width === trained
      ? label
      : -1;
    return {
      columns: start.map((column) => ({ ...column, index: names.indexOf(column.name as string) })),
      label: place < 0 ? undefined : place,
    };
  }
  if (width === trained) return { columns: start, label };
  if (width === trained - 1) {
    const shifted = (index: number) => index > label ? index - 1 : index;
    return {
      columns: start.map((column) => ({ ...column, index: shifted(column.index) })),
      label: undefined,
    };
  }
  throw new TypeError(
    `Cannot read "${origin}": expected ${trained} columns, as in training, or ${
      trained - 1
    } without ` +
      `the label: received ${width}`,
  );
}
