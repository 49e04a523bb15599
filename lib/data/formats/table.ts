/**
 * Tables of numbers with a column of labels, which are read in one pass.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { didYouMean } from "../../config/messages/suggest.ts";
import { MOST_COLUMNS } from "../encode/encoding.ts";
import type { TextLabels } from "./classes.ts";
import { LARGEST_FILE } from "./content.ts";
import { createCsvReader, type CsvRecord, type Delimiter } from "./csv.ts";
import { decompress, type StoredFile } from "./gzip.ts";
import { isDecimal } from "./decimal.ts";
import { createLabelCollector } from "./labels.ts";
import { createRowCollector } from "./rows.ts";
import { describeContent, encodingHint, isUtf16 } from "./sniff.ts";
import { defined } from "../../config/defined.ts";

/** Options of {@linkcode readTable}. */
export interface TableOptions {
  /** Character between two fields. */
  readonly delimiter: Delimiter;
  /** Whether the first line contains the names of the columns. Detected by default. */
  readonly header?: boolean | undefined;
  /**
   * Column of the labels: its name, or its index from 0. Negative indices count from the last column, −1.
   */
  readonly label: string | number;
  /** Expected number of features. A table with exactly as many columns has no labels. */
  readonly features?: number | undefined;
}

/** Samples that were read from a table. */
export interface SampleTable {
  /** Names of the features, if the first line of the table contains names. */
  readonly names?: readonly string[];
  /** Number of rows. */
  readonly count: number;
  /** Number of features. */
  readonly features: number;
  /**
   * Features [count, features], row-major, in shared memory. They are 8-bit if all are integers from 0 to
   * 255.
   */
  readonly values: Uint8Array<SharedArrayBuffer> | Float32Array<SharedArrayBuffer>;
  /** Labels, if the table has them. */
  readonly labels?: TextLabels;
  /** SHA-256 of the decompressed content. */
  readonly sha256: string;
}

/**
 * Number of bytes at the start of a file that are checked for a zero byte, which no CSV file contains.
 */
const BEGINNING = 256;

/**
 * Texts that stand for missing or infinite numbers. A first line that contains only such texts and numbers,
 * besides the label, is not a line of names.
 */
const MISSING_OR_INFINITE = /^(|\?|-|na|n\/a|nan|null|none|[+-]?inf(inity)?)$/i;

/**
 * Reads the samples of a CSV file, compressed by gzip or not. Features are decimal numbers, and labels are
 * texts. The file is read in pieces, and only its numbers and labels are held in memory.
 *
 * @throws {SyntaxError} if the file is not CSV, or a feature is missing or not a number
 * @throws {TypeError} if rows differ in their number of fields, or there is no column of labels as the
 *     options describe it
 * @throws {RangeError} if a number is too large for 32 bits, there are no rows or too many classes, or the
 *     content is longer than 8 GiB
 */
export async function readTable(file: StoredFile, options: TableOptions): Promise<SampleTable> {
  const { origin } = file;
  let rows: TableRows | undefined;
  const sha256 = await readRecords(file, options.delimiter, (record) => {
    if (rows !== undefined) rows.append(record);
    else rows = startTableRows(record, options, origin);
  });
  const table = rows?.end();
  if (table === undefined || table.count === 0) throw noRowsError(origin, rows !== undefined);
  return { ...table, sha256 };
}

/** Returns the error for a table without rows. `hasNames` states that the file has a line of names. */
export function noRowsError(origin: string, hasNames: boolean): RangeError {
  return new RangeError(
    `Cannot read "${origin}": expected at least 1 row of numbers: received ` +
      (hasNames ? "a line of names alone" : "an empty file"),
  );
}

/**
 * Reads a CSV file and calls `onRecord` with each record, which is valid only during that call.
 *
 * @returns the SHA-256 of the decompressed content
 * @throws {SyntaxError} if the file is not CSV
 * @throws {RangeError} if a record is longer than 64 MiB, or the content than 8 GiB
 */
export async function readRecords(
  file: StoredFile,
  delimiter: Delimiter,
  onRecord: (record: CsvRecord) => void,
): Promise<string> {
  const { origin } = file;
  const reader = createCsvReader({ delimiter, origin });
  const hash = createHash("sha256");
  let length = 0;
  const { pieces } = await decompress(file);
  for await (const piece of pieces) {
    if (length === 0 && piece.subarray(0, BEGINNING).includes(0)) {
      const hint = isUtf16(piece) ? `: ${encodingHint("UTF-16")}` : "";
      throw new SyntaxError(
        `Cannot read "${origin}": expected a table as text: received ${
          describeContent(piece)
        }${hint}`,
      );
    }
    length += piece.length;
    if (length > LARGEST_FILE) {
      throw new RangeError(
        `Cannot read "${origin}": expected at most ${LARGEST_FILE} bytes of content: received more`,
      );
    }
    hash.update(piece);
    for (const record of reader.push(piece)) onRecord(record);
  }
  for (const record of reader.end()) onRecord(record);
  return hash.digest("hex");
}

/**
 * Throws a TypeError if the name of a feature column differs from the expected name in the same position.
 * Does nothing if the names of the table or the expected names are undefined.
 *
 * @param expectedSource origin of the expected names in the error message
 */
export function checkColumnNames(
  { names, origin }: Pick<SampleTable, "names"> & { readonly origin: string },
  expected: readonly string[] | undefined,
  expectedSource: string,
): void {
  if (names === undefined || expected === undefined) return;
  const other = names.findIndex((name, column) => name !== expected[column]);
  if (other < 0) return;
  throw new TypeError(
    `Cannot read "${origin}": expected a column ${
      quoteText(expected[other] ?? "")
    }, as in ${expectedSource}: ` +
      `received ${quoteText(names[other])}`,
  );
}

/** A collection of the rows of a table. */
interface TableRows {
  /**
   * Appends a row. Throws an error if it has another number of fields than the first record, a feature that
   * is not a finite number, or an invalid label.
   */
  append(record: CsvRecord): void;
  /** Returns all rows, and empties the collection. */
  end(): Omit<SampleTable, "sha256">;
}

/**
 * Creates the collection of a table's rows, given the first record of the table. The first record is either
 * a line of names, or the first row and appended to the collection.
 */
function startTableRows(firstRecord: CsvRecord, options: TableOptions, origin: string): TableRows {
  if (firstRecord.length > MOST_COLUMNS) {
    throw new RangeError(
      `Cannot read "${origin}", line ${firstRecord.line}: expected at most ${MOST_COLUMNS} fields: ` +
        `received ${firstRecord.length}`,
    );
  }
  const texts = Array.from({ length: firstRecord.length }, (_, field) => firstRecord.text(field));
  const label = findLabelColumn(texts, options, origin);
  const isHeader = options.header ??
    (typeof options.label === "string" && label !== undefined ||
      texts.some((text, field) =>
        field !== label && !isDecimal(text) && !MISSING_OR_INFINITE.test(text)
      ));
  if (isHeader) expectDistinctNames(texts, origin, firstRecord.line);
  const rows = createTableRows({
    origin,
    label,
    columns: texts.length,
    line: firstRecord.line,
    ...(isHeader ? { names: texts } : {}),
  });
  if (!isHeader) rows.append(firstRecord);
  return rows;
}

/**
 * Returns the index of the label column, given the first record of a table. Returns undefined if the record
 * has exactly `features` fields, since the table then has no labels.
 *
 * @throws {TypeError} if the table has no such column, if it has neither `features` nor `features` + 1
 *     columns, or if it has fewer than 2
 */
export function findLabelColumn(
  firstRecord: readonly string[],
  { label, features, delimiter }: Pick<TableOptions, "label" | "features" | "delimiter">,
  origin: string,
): number | undefined {
  const columns = firstRecord.length;
  if (columns === features) return undefined;
  const wrong = (expected: string, received: string) =>
    new TypeError(`Cannot read "${origin}": expected ${expected}: received ${received}`);
  const other = delimiters.find((mark) => mark !== delimiter && firstRecord[0]?.includes(mark));
  const hint = other === undefined ? "" : `: did you mean "delimiter": ${JSON.stringify(other)}?`;
  if (features !== undefined && columns !== features + 1) {
    throw wrong(
      `${features} columns of features, as in training, with one of labels or without`,
      `${columns} columns${hint}`,
    );
  }
  if (columns < 2) {
    const title = hint === "" ? ": if line 1 is a title and no line of the table, delete it" : hint;
    throw wrong("a column of labels and others of features", `1 column${title}`);
  }
  const column = typeof label === "string"
    ? firstRecord.indexOf(label)
    : label < 0
    ? columns + label
    : label;
  if (column >= 0 && column < columns) return column;
  if (typeof label === "number") {
    const range = `from ${-columns} to ${columns - 1}, as there are ${columns} columns`;
    throw wrong(`as label an index ${range}`, `${label}`);
  }
  throw wrong(
    `as label the name of a column in the first line`,
    `"${label}"${didYouMean(label, firstRecord)}`,
  );
}

/** Supported delimiters of CSV files. */
export const delimiters: readonly Delimiter[] = [",", ";", "\t"];

/**
 * Throws a TypeError if two columns have the same name. `line` is the line of the names, for the message.
 */
export function expectDistinctNames(names: readonly string[], origin: string, line: number): void {
  if (new Set(names).size === names.length) return;
  const twice = names.find((name, column) => names.indexOf(name) !== column) ?? "";
  throw new TypeError(
    `Cannot read "${origin}", line ${line}: expected each column under a name of its own: ` +
      `received ${quoteText(twice)} twice`,
  );
}

/** The columns of a table, as its first record shows them. */
interface ColumnLayout {
  /** Name of the file in error messages. */
  readonly origin: string;
  /** Index of the label column. Undefined if the table has no labels. */
  readonly label: number | undefined;
  /** Number of columns, including the label column. */
  readonly columns: number;
  /** Line of the first record. */
  readonly line: number;
  /** Names of all columns, if the first record contains names. */
  readonly names?: readonly string[];
}

/** Returns an empty collection of the rows of a table, given its columns. */
function createTableRows({ origin, label, columns, line, names }: ColumnLayout): TableRows {
  const features = columns - (label === undefined ? 0 : 1);
  const row = new Float64Array(features);
  const rows = createRowCollector(features, origin);
  const labels = createLabelCollector(origin);
  let count = 0;
  const where = (record: CsvRecord, field: number) =>
    `"${origin}", line ${record.line}, ` +
    (names === undefined
      ? `field ${field + 1} of ${columns}`
      : `column ${quoteText(names[field])}`);
  return {
    append(record) {
      if (record.length !== columns) {
        const isSecond = count === (names === undefined ? 1 : 0);
        const isTitled = isSecond && record.length > columns;
        const hint = isTitled ? `: if line ${line} is not a line of the table, delete it` : "";
        throw new TypeError(
          `Cannot read "${origin}", line ${record.line}: expected ${columns} fields, as in line ` +
            `${line}: received ${record.length}${hint}`,
        );
      }
      record.writeNumbers(row, label);
      const wrong = rows.append(row);
      if (wrong >= 0) {
        const field = label !== undefined && wrong >= label ? wrong + 1 : wrong;
        throw invalidNumberError(record.text(field), row[wrong], where(record, field));
      }
      if (label !== undefined) {
        const [text, place] = [record.text(label), () => `line ${record.line}`];
        labels.append(text, place, () => where(record, label));
      }
      count++;
    },
    end: () => ({
      count,
      features,
      values: rows.take(),
      ...defined({
        names: names?.filter((_, field) => field !== label),
        labels: label === undefined ? undefined : labels.take(),
      }),
    }),
  };
}

/** The error for a feature that is not a number, since its field is empty or contains a text. */
export class NoNumberError extends SyntaxError {}

/**
 * Returns the error for a feature that is not a finite number, given the text of its field, the value to
 * which it was parsed, and its position.
 */
function invalidNumberError(text: string, value: number, where: string): Error {
  const received = text === "" ? "nothing" : quoteText(text);
  return Number.isNaN(value)
    ? new NoNumberError(`Cannot read ${where}: expected a number: received ${received}`)
    : new RangeError(`Cannot read ${where}: expected a finite 32-bit number: received ${received}`);
}

/**
 * Returns a text in double quotes, escaped as in JSON, for a message. A text of more than 40 characters is
 * truncated and followed by an ellipsis.
 */
export function quoteText(text: string): string {
  return text.length > 40 ? `${JSON.stringify(text.slice(0, 40))}…` : JSON.stringify(text);
}
