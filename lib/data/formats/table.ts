import { createHash } from "node:crypto";
import { didYouMean } from "../../config/messages/suggest.ts";
import { MOST_COLUMNS } from "../encode/encoding.ts";
import type { TextLabels } from "./classes.ts";
import { LARGEST_FILE } from "./content.ts";
import { csvReader, type CsvRecord, type Delimiter } from "./csv.ts";
import { type StoredFile, unpack } from "./gzip.ts";
import { isDecimal } from "./decimal.ts";
import { collectLabels } from "./labels.ts";
import { collectRows } from "./rows.ts";
import { convertHint, describeContent, isUtf16 } from "./sniff.ts";
import { defined } from "../../config/defined.ts";

/** How a table is read. */
export interface TableOptions {
  /** What stands between two fields. */
  readonly delimiter: Delimiter;
  /** Whether the first line names the columns; if undefined, it does if it is no row of numbers. */
  readonly header?: boolean | undefined;
  /** The column of labels, by its name or its index; negative ones count from the end. */
  readonly label: string | number;
  /**
   * The number of features, if the column of labels may be missing: there is none in a table of so
   * many columns.
   */
  readonly features?: number | undefined;
}

/** A table as it was read. */
export interface SampleTable {
  /** Names of the columns of features, if the first line has them. */
  readonly names?: readonly string[];
  /** Number of rows. */
  readonly count: number;
  /** Number of columns of features. */
  readonly features: number;
  /** The features, row-major [count, features], in shared memory; 8-bit if all of them are. */
  readonly values: Uint8Array<SharedArrayBuffer> | Float32Array<SharedArrayBuffer>;
  /** The labels, if the table has a column of them. */
  readonly labels?: TextLabels;
  /** SHA-256 of the content, unpacked. */
  readonly sha256: string;
}

/** A zero among so many first bytes says what a file is instead of a table. */
const BEGINNING = 256;

/** What stands for numbers that are missing or none; a first line with these names no columns. */
const NO_NUMBERS = /^(|\?|-|na|n\/a|nan|null|none|[+-]?inf(inity)?)$/i;

/**
 * Reads a table in the CSV format, packed by gzip or plain.
 *
 * It is read as its bytes come in, and only its numbers are kept. A field of a feature is a decimal
 * number; labels are texts.
 *
 * @throws {SyntaxError} if the file is no such text, or a feature is missing or no number
 * @throws {TypeError} if a row has another number of fields than the first, or a column is missing
 * @throws {RangeError} if a number is too large for f32, there are no rows or too many classes, or
 *     the content is longer than 8 GiB
 */
export async function readTable(file: StoredFile, options: TableOptions): Promise<SampleTable> {
  const { origin } = file;
  let rows: TableRows | undefined;
  const sha256 = await readRecords(file, options.delimiter, (record) => {
    if (rows !== undefined) rows.append(record);
    else rows = firstRecord(record, options, origin);
  });
  const table = rows?.end();
  if (table === undefined || table.count === 0) throw noRows(origin, rows !== undefined);
  return { ...table, sha256 };
}

/** Returns the error of a table without rows, with or without a line of names. */
export function noRows(origin: string, hasNames: boolean): RangeError {
  return new RangeError(
    `Cannot read "${origin}": expected at least 1 row of numbers: received ` +
      (hasNames ? "a line of names alone" : "an empty file"),
  );
}

/**
 * Reads the records of a table, one after the other.
 *
 * @returns the SHA-256 of the content, unpacked
 * @throws {SyntaxError} if the file is no text in the CSV format
 * @throws {RangeError} if the content is longer than 8 GiB
 */
export async function readRecords(
  file: StoredFile,
  delimiter: Delimiter,
  append: (record: CsvRecord) => void,
): Promise<string> {
  const { origin } = file;
  const reader = csvReader({ delimiter, origin });
  const hash = createHash("sha256");
  let length = 0;
  const { pieces } = await unpack(file);
  for await (const piece of pieces) {
    if (length === 0 && piece.subarray(0, BEGINNING).includes(0)) {
      const hint = isUtf16(piece) ? `: ${convertHint("UTF-16")}` : "";
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
    for (const record of reader.push(piece)) append(record);
  }
  for (const record of reader.end()) append(record);
  return hash.digest("hex");
}

/**
 * Sees to it that the features of a table have the names that are expected, where both have names.
 */
export function expectColumns(
  { names, origin }: Pick<SampleTable, "names"> & { readonly origin: string },
  expected: readonly string[] | undefined,
  asIn: string,
): void {
  if (names === undefined || expected === undefined) return;
  const other = names.findIndex((name, column) => name !== expected[column]);
  if (other < 0) return;
  throw new TypeError(
    `Cannot read "${origin}": expected a column ${shown(expected[other] ?? "")}, as in ${asIn}: ` +
      `received ${shown(names[other])}`,
  );
}

interface TableRows {
  append(record: CsvRecord): void;
  end(): Omit<SampleTable, "sha256">;
}

/** What the first line says: columns, and names of them or the first row. */
function firstRecord(record: CsvRecord, options: TableOptions, origin: string): TableRows {
  if (record.length > MOST_COLUMNS) {
    throw new RangeError(
      `Cannot read "${origin}", line ${record.line}: expected at most ${MOST_COLUMNS} fields: ` +
        `received ${record.length}`,
    );
  }
  const texts = Array.from({ length: record.length }, (_, field) => record.text(field));
  const label = labelColumn(texts, options, origin);
  const isHeader = options.header ??
    (typeof options.label === "string" && label !== undefined ||
      texts.some((text, field) => field !== label && !isDecimal(text) && !NO_NUMBERS.test(text)));
  if (isHeader) expectDifferent(texts, origin, record.line);
  const rows = tableRows({
    origin,
    label,
    columns: texts.length,
    line: record.line,
    ...(isHeader ? { names: texts } : {}),
  });
  if (!isHeader) rows.append(record);
  return rows;
}

export function labelColumn(
  texts: readonly string[],
  { label, features, delimiter }: Pick<TableOptions, "label" | "features" | "delimiter">,
  origin: string,
): number | undefined {
  const columns = texts.length;
  if (columns === features) return undefined;
  const wrong = (expected: string, received: string) =>
    new TypeError(`Cannot read "${origin}": expected ${expected}: received ${received}`);
  const other = delimiters.find((mark) => mark !== delimiter && texts[0]?.includes(mark));
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
    ? texts.indexOf(label)
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
    `"${label}"${didYouMean(label, texts)}`,
  );
}

export const delimiters: readonly Delimiter[] = [",", ";", "\t"];

export function expectDifferent(names: readonly string[], origin: string, line: number): void {
  if (new Set(names).size === names.length) return;
  const twice = names.find((name, column) => names.indexOf(name) !== column) ?? "";
  throw new TypeError(
    `Cannot read "${origin}", line ${line}: expected each column under a name of its own: ` +
      `received ${shown(twice)} twice`,
  );
}

interface Columns {
  readonly origin: string;
  readonly label: number | undefined;
  readonly columns: number;
  readonly line: number;
  readonly names?: readonly string[];
}

function tableRows({ origin, label, columns, line, names }: Columns): TableRows {
  const features = columns - (label === undefined ? 0 : 1);
  const row = new Float64Array(features);
  const rows = collectRows(features, origin);
  const labels = collectLabels(origin);
  let count = 0;
  const where = (record: CsvRecord, field: number) =>
    `"${origin}", line ${record.line}, ` +
    (names === undefined ? `field ${field + 1} of ${columns}` : `column ${shown(names[field])}`);
  return {
    append(record) {
      if (record.length !== columns) {
        const isSecond = count === (names === undefined ? 1 : 0);
        const isTitled = isSecond && record.length > columns;
        const hint = isTitled ? `: if line ${line} is no line of the table, delete it` : "";
        throw new TypeError(
          `Cannot read "${origin}", line ${record.line}: expected ${columns} fields, as in line ` +
            `${line}: received ${record.length}${hint}`,
        );
      }
      record.numbers(row, label);
      const wrong = rows.append(row);
      if (wrong >= 0) {
        const field = label !== undefined && wrong >= label ? wrong + 1 : wrong;
        throw wrongNumber(record.text(field), row[wrong], where(record, field));
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

/** A field of a feature that is no number: missing, or a text. */
export class NoNumberError extends SyntaxError {}

function wrongNumber(text: string, value: number, where: string): Error {
  const received = text === "" ? "nothing" : shown(text);
  return Number.isNaN(value)
    ? new NoNumberError(`Cannot read ${where}: expected a number: received ${received}`)
    : new RangeError(`Cannot read ${where}: expected a finite 32-bit number: received ${received}`);
}

/** A text in quotes, as long as it fits a line. */
export function shown(text: string): string {
  return text.length > 40 ? `${JSON.stringify(text.slice(0, 40))}…` : JSON.stringify(text);
}
