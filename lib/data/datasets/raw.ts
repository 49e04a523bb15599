/**
 * Data sets made of tables as people have them: some of the columns, categories, gaps, decimal commas.
 *
 * The samples keep a value for each column that is used; features are made of them once the split is
 * known, since gaps and categories are fitted on the training split alone.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import type { Dataset, Missing, Samples, TableColumn, TableEncoding } from "../dataset.ts";
import { encodeSamples, unknownCategories } from "../encode/encode.ts";
import { classesOf, labelsOf } from "../formats/classes.ts";
import type { Dialect } from "../formats/dialect.ts";
import type { StoredFile } from "../formats/gzip.ts";
import {
  columnAt,
  type ColumnProfile,
  columnText,
  missingValue,
  MOST_CATEGORIES,
  profileTable,
  type RawTableOptions,
  type RawValues,
  readRawTable,
  type TableProfile,
} from "../formats/raw_table.ts";
import { quoteText } from "../formats/table.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import { sameType } from "./arrays.ts";

/** A column of a table, by its name or its index; a negative one counts from the end. */
type ColumnName = string | number;

/** Options of a data set by which a raw table is read. */
export interface RawOptions {
  readonly label: ColumnName;
  readonly header?: boolean | undefined;
  readonly columns?: readonly ColumnName[] | undefined;
  readonly ignore?: readonly ColumnName[] | undefined;
  readonly categorical?: readonly ColumnName[] | undefined;
  readonly missing?: Missing | undefined;
  readonly classes?: readonly string[] | undefined;
  readonly shape?: readonly number[] | undefined;
}

/** Returns how a raw table is read, by the options of its data set. */
export function rawTableOptions(
  { label, header, columns = [], ignore = [], categorical = [] }: RawOptions,
  dialect: Dialect,
): RawTableOptions {
  const named = [...columns, ...ignore, ...categorical].filter((each) => typeof each === "string");
  return { ...dialect, header, label, named };
}

/**
 * Loads a table, and one of test samples if there is one.
 *
 * @throws {SyntaxError | TypeError | RangeError} if the tables do not fit the options or each other
 */
export async function loadRaw(
  [table, testTable]: readonly StoredFile[],
  options: RawOptions,
  dialect: Dialect,
): Promise<Dataset> {
  const { origin } = table;
  const { missing = "refuse" } = options;
  const reading = rawTableOptions(options, dialect);
  const profile = await profileTable(table, reading);
  const chosen = chosenColumns(profile, options, origin);
  const { label, names, columns: { length: width } } = profile;
  const choose = () => ({ columns: chosen, label });
  const train = await readRawTable(table, reading, { choose, missing });
  const test = testTable && await readRawTable(testTable, reading, {
    choose(beginning) {
      expectSame(beginning, { names, width }, testTable.origin, origin);
      return { columns: train.columns, label };
    },
    missing,
  });
  const classes = options.classes ?? classesOf(train.labels, origin);
  const shape = shapeOf(chosen, options.shape, origin);
  const samples = [
    samplesOf(train, classes, shape, origin),
    ...(test === undefined ? [] : [samplesOf(test, classes, shape, testTable.origin)]),
  ];
  const [first, second] = samples.every((each) => isPixels(each, chosen, missing))
    ? samples.map((each) => ({ ...each, values: bytesOf(each) }))
    : samples;
  const categorical = chosen.flatMap(({ name, index, categories }) =>
    categories === undefined ? [] : [name ?? index]
  );
  const note = droppedNote(train.dropped + (test?.dropped ?? 0));
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
    ...(second === undefined ? { train: first } : sameType(first, second)),
  };
}

/** Returns the columns that features are made of, with no categories yet of those that have texts. */
function chosenColumns(
  profile: TableProfile,
  { columns, ignore = [], categorical, missing = "refuse" }: RawOptions,
  origin: string,
): readonly TableColumn[] {
  const { label } = profile;
  const placesOf = (names: readonly ColumnName[]) =>
    names.map((name) => columnAt(name, profile, origin));
  const [kept, ignored] = [columns && placesOf(columns), placesOf(ignore)];
  const named = categorical && placesOf(categorical);
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
    expectReadable(column, isCategorical, missing, named !== undefined, origin, profile.rows);
    return { index, ...defined({ name, categories: isCategorical ? [] : undefined }) };
  });
}

/** Different texts from which on a column that was not named as categorical may be one of names. */
const MOST_GUESSED = 20;

/** Checks that a column can become features. */
function expectReadable(
  column: ColumnProfile,
  isCategorical: boolean,
  missing: Missing,
  isNamed: boolean,
  origin: string,
  rows: number,
): void {
  const { firstText, firstMissing, numbers, texts, distinct, name, index } = column;
  const where = (line: number) => `"${origin}", line ${line}, ${columnText(column)}`;
  const key = JSON.stringify(name ?? index);
  if (firstMissing !== undefined && missing === "refuse") {
    throw missingValue(firstMissing.text, where(firstMissing.line));
  }
  if (numbers + texts === 0) {
    throw new RangeError(
      `Cannot read "${origin}", ${columnText(column)}: expected at least 1 value: received none: ` +
        `leave it out by "ignore": [${key}]`,
    );
  }
  if (!isCategorical && firstText !== undefined) {
    throw new SyntaxError(
      `Cannot read ${where(firstText.line)}: expected a number: received ${
        quoteText(firstText.text)
      }: ` +
        `mend it, or name the column in "ignore" or "categorical"`,
    );
  }
  const isUnlikely = !isNamed && distinct > MOST_GUESSED && 2 * distinct > rows;
  if (isCategorical && (distinct > MOST_CATEGORIES || isUnlikely)) {
    throw new RangeError(
      `Cannot read "${origin}", ${columnText(column)}: expected ` +
        (distinct > MOST_CATEGORIES ? `at most ${MOST_CATEGORIES} categories` : "a category") +
        `: received ${distinct} different texts in ${rows} rows: leave it out by "ignore": [${key}]` +
        (distinct > MOST_CATEGORIES ? "" : ', or name all columns of texts in "categorical"'),
    );
  }
}

/** Checks that a table of test samples has the columns of the training table. */
function expectSame(
  { names, width }: { readonly names?: readonly string[]; readonly width: number },
  expected: { readonly names?: readonly string[] | undefined; readonly width: number },
  origin: string,
  asIn: string,
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
    `Cannot read "${origin}": expected ${wanted}, as in "${asIn}": received ${received}`,
  );
}

function shapeOf(
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

function samplesOf(
  { rows: count, values, labels }: RawValues,
  classes: readonly string[],
  shape: readonly number[],
  origin: string,
): Samples {
  if (labels === undefined) throw new TypeError(`Cannot read "${origin}": expected labels`);
  return { count, shape, values, labels: labelsOf(labels, classes, origin) };
}

/** Whether samples stay 8-bit, as they are in tables that have nothing else: nothing is filled in. */
function isPixels({ values }: Samples, columns: readonly TableColumn[], missing: Missing): boolean {
  return columns.every(({ categories }) => categories === undefined) &&
    (missing === "refuse" || missing === "drop") && isBytes(values);
}

function isBytes(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!(value >= 0 && value <= 255 && Number.isInteger(value))) return false;
  }
  return true;
}

function bytesOf({ values }: Pick<Samples, "values">): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(values.length));
  bytes.set(values);
  return bytes;
}

function droppedNote(dropped: number): string | undefined {
  if (dropped === 0) return undefined;
  return dropped === 1
    ? "1 row of the table was left out, since a value is missing"
    : `${dropped} rows of the table were left out, since a value is missing`;
}

/** Samples of a raw table without a fixed meaning of their labels, if they come with some. */
export interface EncodedSamples extends Omit<Samples, "labels"> {
  readonly labels?: readonly string[];
  /** What a person should know of them. */
  readonly warnings: readonly string[];
}

/**
 * Reads the rows of a raw table as features of a model: by the names of the columns, in any order and
 * beside others, or without names by their places. The column of labels need not be there.
 *
 * A category that the training split did not have is 0 in all features, with a warning.
 *
 * @throws {SyntaxError | TypeError | RangeError} if a column or a value is missing, or none of numbers
 */
export async function readEncoded(
  file: StoredFile,
  options: RawTableOptions,
  encoding: TableEncoding,
): Promise<EncodedSamples> {
  const { origin } = file;
  const named = encoding.columns.flatMap(({ name }) => name ?? []);
  // a row cannot be left out here: who predicts wants an answer for each
  const missing = encoding.missing === "drop" ? "refuse" : encoding.missing;
  const raw = await readRawTable(file, { ...options, named }, {
    choose: (beginning) => chosenAsTrained(beginning, encoding, options.label, origin),
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
    values: values === raw.values && isBytes(values) ? bytesOf(samples) : values,
    warnings: unknownCategories(raw, encoding).map(({ column, texts }) =>
      `${columnText(column)}: ${few(texts)} ${
        texts.length === 1 ? "was" : "were"
      } in no training ` +
      "row, and counts as no category"
    ),
    ...defined({ labels: texts }),
  };
}

/** Texts that a warning lists, at most. */
const MOST_LISTED = 5;

function few(texts: readonly string[]): string {
  const listed = texts.slice(0, MOST_LISTED).map(quoteText).join(", ");
  const more = texts.length - MOST_LISTED;
  return more > 0 ? `${listed} and ${more} more` : listed;
}

/** Returns the columns of a model in another table, and the column of labels if it has one. */
function chosenAsTrained(
  { names, width }: { readonly names?: readonly string[]; readonly width: number },
  { columns, width: trained, label }: TableEncoding,
  labelName: ColumnName,
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
          columnText(missing)
        }, as in training: received the ` +
          `columns ${few(names)}`,
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
