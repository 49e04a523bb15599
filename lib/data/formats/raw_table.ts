/**
 * Tables that mix numbers, texts and missing values: statistics of their columns, and values of selected
 * columns.
 *
 * Such a table is read twice: first to find the columns of numbers, then for the values. `readTable()`
 * reads tables that have only numbers in one pass, ten times as fast.
 *
 * @module
 */
import { didYouMean } from "../../config/messages/suggest.ts";
import { defined } from "../../config/defined.ts";
import type { Missing, TableColumn } from "../dataset.ts";
import { isMissingValue, MOST_COLUMNS } from "../encode/encoding.ts";
import type { TextLabels } from "./classes.ts";
import { LARGEST_FILE } from "./content.ts";
import type { CsvRecord } from "./csv.ts";
import { type Dialect, parseNumber } from "./dialect.ts";
import type { StoredFile } from "./gzip.ts";
import { createLabelCollector } from "./labels.ts";
import {
  expectDistinctNames,
  findLabelColumn,
  noRowsError,
  quoteText,
  readRecords,
} from "./table.ts";

/** Number of distinct values of a column at which counting stops. */
export const MOST_DISTINCT = 10_000;

/** Largest accepted number of categories of a column in a training table. */
export const MOST_CATEGORIES = 1000;

/** Options of reading a table whose columns may contain numbers, texts and missing values. */
export interface MixedTableReadOptions extends Dialect {
  /** Whether the first line contains the names of the columns. Detected by default. */
  readonly header?: boolean | undefined;
  /**
   * Column of the labels: its name, or its index from 0. Negative indices count from the last column, −1.
   */
  readonly label: string | number;
  /**
   * Names of columns that the options mention. A first line that contains one of them is a line of names.
   */
  readonly named?: readonly string[];
}

/** The text of a field in a table, with the line of its row. */
export interface FieldText {
  /** Line of the file on which the row of the field begins, from 1. */
  readonly line: number;
  /** Text of the field. */
  readonly text: string;
}

/** Statistics of a column of a table. */
export interface ColumnProfile {
  /** Name of the column, if the first line of the table contains names. */
  readonly name?: string;
  /** Index of the column, from 0. */
  readonly index: number;
  /** Number of values that are numbers. */
  readonly numbers: number;
  /** Number of values that are texts and neither numbers nor missing. */
  readonly texts: number;
  /** Number of missing values. */
  readonly missing: number;
  /** Number of missing values that are empty fields. */
  readonly empty: number;
  /** Smallest number, or Infinity if the column has no numbers. */
  readonly min: number;
  /** Largest number, or −Infinity if the column has no numbers. */
  readonly max: number;
  /** Whether all numbers are integers. */
  readonly isWhole: boolean;
  /** Number of distinct values that are not missing, at most {@linkcode MOST_DISTINCT}. */
  readonly distinct: number;
  /** First distinct values that are not missing, at most three. */
  readonly examples: readonly string[];
  /** First value that is a text, if there is one. */
  readonly firstText?: FieldText;
  /** First missing value, if there is one. */
  readonly firstMissing?: FieldText;
}

/** Statistics of a table and its columns. */
export interface TableProfile {
  /** Number of rows, not counting the line of names. */
  readonly rows: number;
  /** Names of all columns, if the first line of the table contains names. */
  readonly names?: readonly string[];
  /** Index of the label column. */
  readonly label: number;
  /** Statistics of all columns, including the label column. */
  readonly columns: readonly ColumnProfile[];
  /** SHA-256 of the decompressed content. */
  readonly sha256: string;
}

/** The number of columns of a table, and their names if its first line contains names. */
interface TableStart {
  readonly names?: readonly string[];
  readonly width: number;
}

/**
 * Computes statistics of all columns of a table.
 *
 * @throws {SyntaxError | TypeError | RangeError} if the file is not a table, or the table has no rows or no
 *     such label column
 */
export async function profileTable(
  file: StoredFile,
  options: MixedTableReadOptions,
): Promise<TableProfile> {
  const { origin } = file;
  let columns: readonly ReturnType<typeof createColumnProfiler>[] = [];
  let label = 0;
  let names: readonly string[] | undefined;
  const { rows, sha256 } = await readRows(file, options, {
    begin(beginning) {
      names = beginning.names;
      const texts = names ?? Array.from({ length: beginning.width }, () => "");
      label = findLabelColumn(texts, options, origin) ?? 0;
      columns = texts.map((_, index) => createColumnProfiler(index, names?.[index], options));
    },
    row(fields, line) {
      fields.forEach((text, index) => columns[index].add(text, line));
    },
  });
  return { rows, label, sha256, columns: columns.map((each) => each.end()), ...defined({ names }) };
}

/** Returns an accumulator for the statistics of one column, to which the texts of its fields are added. */
function createColumnProfiler(
  index: number,
  name: string | undefined,
  { decimal }: MixedTableReadOptions,
): { add(text: string, line: number): void; end(): ColumnProfile } {
  let [numbers, texts, missing, empty] = [0, 0, 0, 0];
  let [min, max, isWhole] = [Infinity, -Infinity, true];
  let firstText: FieldText | undefined;
  let firstMissing: FieldText | undefined;
  const values = new Set<string>();
  return {
    add(text, line) {
      if (isMissingValue(text)) {
        missing++;
        if (text === "") empty++;
        firstMissing ??= { line, text };
        return;
      }
      if (values.size < MOST_DISTINCT) values.add(text);
      const value = parseNumber(text, decimal);
      if (Number.isNaN(value)) {
        texts++;
        firstText ??= { line, text };
        return;
      }
      numbers++;
      [min, max] = [Math.min(min, value), Math.max(max, value)];
      isWhole &&= Number.isInteger(value);
    },
    end() {
      const examples = [...values].slice(0, 3);
      const found = {
        index,
        numbers,
        texts,
        missing,
        empty,
        min,
        max,
        isWhole,
        distinct: values.size,
      };
      return { ...found, examples, ...defined({ name, firstText, firstMissing }) };
    },
  };
}

/** Values of selected columns of a table, and its labels. */
export interface MixedTableValues {
  /** Number of rows, not counting dropped rows. */
  readonly rows: number;
  /** Number of rows that were dropped because a value is missing in them. */
  readonly dropped: number;
  /**
   * Values [rows, columns], row-major, in shared memory. A value of a column of categories is the index of
   * its text in the `categories` of the column. A missing value is NaN.
   */
  readonly values: Float32Array<ArrayBufferLike>;
  /**
   * Columns of `values`. A column of categories lists all its texts: first those that `choose` of
   * {@linkcode ColumnSelection} returned for it, then the others in the order of their first occurrence.
   */
  readonly columns: readonly TableColumn[];
  /** Labels of the rows, if the selection has a label column. */
  readonly labels?: TextLabels;
  /** SHA-256 of the decompressed content. */
  readonly sha256: string;
}

/** Selection of the columns to read, and the treatment of missing values. */
export interface ColumnSelection {
  /**
   * Returns the columns to read, and the index of the label column or undefined to read no labels, given
   * the number and names of the table's columns. Categories that a column lists keep their indices; other
   * texts are appended to them.
   */
  choose(beginning: TableStart): {
    readonly columns: readonly TableColumn[];
    readonly label: number | undefined;
  };
  /** Treatment of missing values. */
  readonly missing: Missing;
}

/**
 * Reads the values of selected columns of a table, and its labels.
 *
 * @throws {SyntaxError} if a number is malformed, or if a value is missing and `missing` is "refuse"
 * @throws {TypeError} if the rows do not have the same number of fields, or two columns have the same name
 * @throws {RangeError} if no rows are left, a number is too large for 32 bits, or there are too many
 *     columns, categories or classes
 */
export async function readMixedTable(
  file: StoredFile,
  options: MixedTableReadOptions,
  { choose, missing }: ColumnSelection,
): Promise<MixedTableValues> {
  const { origin } = file;
  let columns: readonly TableColumn[] = [];
  let texts: readonly (Map<string, number> | undefined)[] = []; // codes by text
  let label: number | undefined;
  let values = new Float32Array(2 ** 12);
  let [rows, dropped] = [0, 0];
  const labels = createLabelCollector(origin);
  const { sha256 } = await readRows(file, options, {
    begin(beginning) {
      ({ columns, label } = choose(beginning));
      texts = columns.map(({ categories }) =>
        categories && new Map(categories.map((text, code) => [text, code]))
      );
    },
    row(fields, line) {
      const where = (column: TableColumn) => `"${origin}", line ${line}, ${describeColumn(column)}`;
      const start = rows * columns.length;
      if (start + columns.length > values.length) {
        values = growValues(values, columns.length, origin);
      }
      for (const [place, column] of columns.entries()) {
        const text = fields[column.index];
        const known = texts[place];
        const isGap = isMissingValue(text);
        if (isGap && missing === "drop") {
          dropped++;
          return;
        }
        if (isGap && missing === "refuse") throw missingValueError(text, where(column));
        values[start + place] = isGap
          ? NaN
          : known === undefined
          ? parseFloat32(text, options, () => where(column))
          : categoryCode(text, known, () => where(column));
      }
      if (label !== undefined) {
        const index = label;
        labels.append(fields[index], () => `line ${line}`, () => where({ index }));
      }
      rows++;
    },
  });
  if (rows === 0) {
    throw new RangeError(
      `Cannot read "${origin}": expected at least 1 row without a missing value: received ${dropped} ` +
        "with one",
    );
  }
  const kept = new Float32Array(new SharedArrayBuffer(4 * rows * columns.length));
  kept.set(values.subarray(0, kept.length));
  return {
    rows,
    dropped,
    values: kept,
    columns: columns.map((column, place) => ({
      ...column,
      ...defined({ categories: texts[place] && [...texts[place].keys()] }),
    })),
    sha256,
    ...defined({ labels: label === undefined ? undefined : labels.take() }),
  };
}

/** Returns a description of a column for messages: its name or index. */
export function describeColumn({ name, index }: Pick<TableColumn, "name" | "index">): string {
  return name === undefined ? `column ${index}, counted from 0` : `column ${quoteText(name)}`;
}

/**
 * Returns the error for a missing value, given the text of its field and its file, line and column. The
 * message names the options that accept missing values.
 */
export function missingValueError(fieldText: string, position: string): Error {
  return new SyntaxError(
    `Cannot read ${position}: expected a value: received ${
      fieldText === "" ? "nothing" : quoteText(fieldText)
    }: ` +
      'set "missing" to "mean", "median" or "drop" in the options of the data set',
  );
}

/**
 * Parses a text as a decimal number and rounds it to single precision. Throws an error if it is not a
 * number, or not finite in 32 bits. `where` returns the file, line and column for the message.
 */
function parseFloat32(text: string, { decimal }: Dialect, where: () => string): number {
  const value = Math.fround(parseNumber(text, decimal));
  if (Number.isNaN(value)) {
    throw new SyntaxError(`Cannot read ${where()}: expected a number: received ${quoteText(text)}`);
  }
  if (Number.isFinite(value)) return value;
  throw new RangeError(
    `Cannot read ${where()}: expected a finite 32-bit number: received ${quoteText(text)}`,
  );
}

/**
 * Largest number of distinct texts in a column of categories of any table, which limits the memory that
 * reading takes.
 */
const MOST_CODES = 65_536;

/**
 * Returns the index of a category, given the indices of the known categories by text. A new category is
 * added to them. `where` returns the file, line and column for the error if there are too many.
 */
function categoryCode(text: string, known: Map<string, number>, where: () => string): number {
  const code = known.get(text);
  if (code !== undefined) return code;
  if (known.size === MOST_CODES) {
    throw new RangeError(
      `Cannot read ${where()}: expected at most ${MOST_CODES} categories: received more`,
    );
  }
  known.set(text, known.size);
  return known.size - 1;
}

/**
 * Returns a copy of values with room for at least twice as many, and for another row of `columns` values.
 * Throws a RangeError if these need more than 8 GiB.
 */
function growValues(
  values: Float32Array,
  columns: number,
  origin: string,
): Float32Array<ArrayBuffer> {
  if (8 * values.length > LARGEST_FILE) {
    throw new RangeError(
      `Cannot read "${origin}": expected features of at most ${LARGEST_FILE} bytes: received more`,
    );
  }
  const grown = new Float32Array(2 * Math.max(values.length, columns));
  grown.set(values);
  return grown;
}

/** Callbacks that receive the rows of a table. */
interface RowReader {
  /** Called once before the first row, with the number and names of the columns. */
  begin(beginning: TableStart): void;
  /** Called for each row, with the texts of its fields and the line of the file on which it begins. */
  row(fields: readonly string[], line: number): void;
}

/**
 * Reads a table and passes its rows, as texts, to `reader`. Detects from the first two lines whether the
 * first one contains the names of the columns, unless the options set it. Returns the number of rows and
 * the SHA-256 of the decompressed content.
 */
async function readRows(
  file: StoredFile,
  options: MixedTableReadOptions,
  reader: RowReader,
): Promise<{ readonly rows: number; readonly sha256: string }> {
  const { origin } = file;
  let first: { readonly fields: readonly string[]; readonly line: number } | undefined;
  let hasReadRows = false;
  let rows = 0;
  const row = (fields: readonly string[], line: number) => {
    rows++;
    reader.row(fields, line);
  };
  const begin = (second?: readonly string[]) => {
    const { fields, line } = first as { fields: readonly string[]; line: number };
    hasReadRows = true;
    const isHeader = options.header ?? isHeaderLine(fields, second, options);
    if (isHeader) expectDistinctNames(fields, origin, line);
    reader.begin({ width: fields.length, ...(isHeader ? { names: fields } : {}) });
    if (!isHeader) row(fields, line);
  };
  const sha256 = await readRecords(file, options.delimiter, (record: CsvRecord) => {
    const { length, line } = record;
    if (first === undefined && length > MOST_COLUMNS) {
      throw new RangeError(
        `Cannot read "${origin}", line ${line}: expected at most ${MOST_COLUMNS} fields: ` +
          `received ${length}`,
      );
    }
    if (first !== undefined && length !== first.fields.length) {
      throw new TypeError(
        `Cannot read "${origin}", line ${line}: expected ${first.fields.length} fields, as in line ` +
          `${first.line}: received ${length}${titleHint(hasReadRows, length, first)}`,
      );
    }
    const fields = Array.from({ length }, (_, field) => record.text(field));
    if (first === undefined) {
      first = { fields, line };
      return;
    }
    if (!hasReadRows) begin(fields);
    row(fields, line);
  });
  if (first !== undefined && !hasReadRows) begin();
  if (rows === 0) throw noRowsError(origin, first !== undefined);
  return { rows, sha256 };
}

/**
 * Returns a hint that the first line may be a title, for the error about a record whose number of fields
 * differs from that of the first record. Returns an empty text if the record has fewer fields, or if rows
 * have been read before (`hasReadRows`).
 */
function titleHint(
  hasReadRows: boolean,
  fieldCount: number,
  firstRecord: { readonly fields: readonly string[]; readonly line: number },
): string {
  const isTitled = !hasReadRows && fieldCount > firstRecord.fields.length;
  return isTitled ? `: if line ${firstRecord.line} is not a line of the table, delete it` : "";
}

/**
 * Returns whether the first line of a table contains the names of the columns, given the fields of the
 * first line and of the second one, if there is one. It does if a field is a name from the options. A label
 * column whose index is set is ignored in the other tests: a field is a text above a number; or no field is
 * a number, at least one is a text, and no two fields of the line are equal. A missing value counts as
 * neither text nor number.
 */
function isHeaderLine(
  fields: readonly string[],
  second: readonly string[] | undefined,
  { label, named = [], decimal }: MixedTableReadOptions,
): boolean {
  const names = typeof label === "string" ? [label, ...named] : named;
  if (names.some((name) => fields.includes(name))) return true;
  const labelIndex = typeof label === "number" ? label < 0 ? fields.length + label : label : -1;
  const isNumber = (text: string) => !Number.isNaN(parseNumber(text, decimal));
  const isText = (text: string) => !isNumber(text) && !isMissingValue(text);
  const others = fields.map((text, field) => ({ text, field })).filter(({ field }) =>
    field !== labelIndex
  );
  if (others.some(({ text, field }) => isText(text) && isNumber(second?.[field] ?? ""))) {
    return true;
  }
  return !others.some(({ text }) => isNumber(text)) && others.some(({ text }) => isText(text)) &&
    new Set(fields).size === fields.length;
}

/**
 * Returns the index of a column of a table, from 0, given its name or an index that may be negative to
 * count from the end.
 *
 * @param origin name of the file in error messages
 * @throws {TypeError} if the table has no such column
 */
export function findColumn(
  nameOrIndex: string | number,
  { names, columns }: Pick<TableProfile, "names" | "columns">,
  origin: string,
): number {
  const { length } = columns;
  const index = typeof nameOrIndex === "string"
    ? names?.indexOf(nameOrIndex) ?? -1
    : nameOrIndex < 0
    ? length + nameOrIndex
    : nameOrIndex;
  if (index >= 0 && index < length) return index;
  const received = typeof nameOrIndex === "string"
    ? `"${nameOrIndex}"${didYouMean(nameOrIndex, names ?? [])}`
    : `${nameOrIndex}`;
  const expected = typeof nameOrIndex === "string"
    ? names === undefined ? "an index, since no line names the columns" : "the name of a column"
    : `an index from ${-length} to ${length - 1}, as there are ${length} columns`;
  throw new TypeError(`Cannot read "${origin}": expected ${expected}: received ${received}`);
}
