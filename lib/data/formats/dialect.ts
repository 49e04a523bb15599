/**
 * Detection of the delimiter and the decimal mark of a CSV file.
 *
 * Both are detected from the first records. The delimiter is the one that divides all of these into the
 * same number of fields. If several do, it is the one by which most fields are numbers.
 *
 * @module
 */
import { createCsvReader, type Delimiter } from "./csv.ts";
import { isDecimal } from "./decimal.ts";
import { decompress, type StoredFile } from "./gzip.ts";
import { delimiters } from "./table.ts";

/** Mark between the integer part of a number and its decimals. */
export type DecimalMark = "." | ",";

/** The delimiter and the decimal mark of a CSV file. */
export interface Dialect {
  /** Character between two fields. */
  readonly delimiter: Delimiter;
  /** Decimal mark of numbers. */
  readonly decimal: DecimalMark;
}

/**
 * Limits of the detection. At most the first `MOST_BYTES` bytes and `MOST_RECORDS` records are read, and no
 * more records once these have `ENOUGH_FIELDS` fields together.
 */
const [MOST_BYTES, MOST_RECORDS, ENOUGH_FIELDS] = [2 ** 14, 100, 1000] as const;

/**
 * Detects the delimiter and the decimal mark of a CSV file. A mark that the options set is returned
 * unchanged. If no delimiter divides all records into the same number of fields, the delimiter is a comma.
 */
export async function detectDialect(
  file: StoredFile,
  options: { readonly [Key in keyof Dialect]?: Dialect[Key] | undefined },
): Promise<Dialect> {
  const { delimiter, decimal } = options;
  if (delimiter !== undefined && decimal !== undefined) return { delimiter, decimal };
  const { bytes, isWhole } = await readBeginning(file);
  const readings = (delimiter === undefined ? delimiters : [delimiter]).map((mark) =>
    measureDelimiter(bytes, isWhole, mark)
  );
  const even = readings.filter(({ isEven }) => isEven);
  const best = even.reduce<DelimiterStatistics | undefined>(
    (best, each) => best === undefined || isBetterDelimiter(each, best) ? each : best,
    undefined,
  );
  const found = best ?? readings[0];
  return {
    delimiter: found.delimiter,
    decimal: decimal ?? (found.points === 0 && found.commas > 0 ? "," : "."),
  };
}

/** Statistics of the first records of a file, divided into fields by one delimiter. */
interface DelimiterStatistics {
  readonly delimiter: Delimiter;
  /** Whether all records have the same number of fields, and more than one. */
  readonly isEven: boolean;
  /** Number of fields in the first record. */
  readonly fields: number;
  /** Number of fields that are decimal numbers with a decimal point or an exponent. */
  readonly points: number;
  /** Number of fields that are decimal numbers with a decimal comma. 0 if the delimiter is a comma. */
  readonly commas: number;
  /** Fraction of the fields that are numbers, from 0 to 1. */
  readonly numbers: number;
}

/**
 * Returns whether the delimiter of `a` fits a file better than that of `b`: a larger fraction of the fields
 * are numbers. If the fractions are equal, the delimiter that gives more fields fits better.
 */
function isBetterDelimiter(a: DelimiterStatistics, b: DelimiterStatistics): boolean {
  return a.numbers > b.numbers || (a.numbers === b.numbers && a.fields > b.fields);
}

/**
 * Computes the statistics of the first records of a file for one delimiter. `isWholeFile` states that
 * `bytes` are the whole file, and not only its start.
 */
function measureDelimiter(
  bytes: Uint8Array,
  isWholeFile: boolean,
  delimiter: Delimiter,
): DelimiterStatistics {
  const records = firstRecords(bytes, isWholeFile, delimiter);
  const [{ length: fields } = []] = records;
  const all = records.flat();
  const [wholes, points, commas] = [isWholeNumber, isPointDecimal, isCommaDecimal].map((is) =>
    all.filter(is).length
  );
  return {
    delimiter,
    isEven: fields > 1 && records.every(({ length }) => length === fields),
    fields,
    points,
    commas: delimiter === "," ? 0 : commas,
    numbers: (wholes + points + (delimiter === "," ? 0 : commas)) / Math.max(1, all.length),
  };
}

const isWholeNumber = (text: string) => /^[+-]?\d+$/.test(text);

const isPointDecimal = (text: string) => !isWholeNumber(text) && isDecimal(text);

const isCommaDecimal = (text: string) =>
  text.includes(",") && !Number.isNaN(parseNumber(text, ","));

/**
 * Parses a text as a decimal number with a given decimal mark. Returns NaN if the text is not one. With a
 * decimal comma, a text that contains a point is not a number.
 */
export function parseNumber(text: string, decimalMark: DecimalMark): number {
  if (decimalMark === ",") {
    if (text.includes(".")) return NaN; // possibly a thousands separator
    return parseNumber(text.replace(",", "."), ".");
  }
  return isDecimal(text) ? Number(text) + 0 : NaN; // −0 + 0 = 0
}

/**
 * Returns the texts of the fields of a file's first records, [records][fields]. Returns an empty list if
 * the bytes are not CSV with this delimiter. `isWhole` states that `bytes` are the whole file, and not only
 * its start.
 */
function firstRecords(
  bytes: Uint8Array,
  isWhole: boolean,
  delimiter: Delimiter,
): readonly (readonly string[])[] {
  const records: string[][] = [];
  const reader = createCsvReader({ delimiter, origin: "" });
  let fields = 0;
  const isEnough = () => records.length === MOST_RECORDS || fields >= ENOUGH_FIELDS;
  const append = (found: ReturnType<typeof reader.push>) => {
    for (const record of found) {
      if (isEnough()) return;
      fields += record.length;
      records.push(Array.from({ length: record.length }, (_, field) => record.text(field)));
    }
  };
  try {
    append(reader.push(bytes));
    if (isWhole && !isEnough()) append(reader.end());
  } catch {
    return []; // if this delimiter is chosen, reading the file reports the problem
  }
  return records;
}

/**
 * Reads the first bytes of a file's decompressed content, at most `MOST_BYTES`. `isWhole` states that they
 * are the whole content.
 */
async function readBeginning(
  file: StoredFile,
): Promise<{ readonly bytes: Uint8Array; readonly isWhole: boolean }> {
  const bytes = new Uint8Array(MOST_BYTES);
  let length = 0;
  for await (const piece of (await decompress(file)).pieces) {
    const part = piece.subarray(0, MOST_BYTES - length);
    bytes.set(part, length);
    length += part.length;
    if (length === MOST_BYTES) return { bytes, isWhole: false };
  }
  return { bytes: bytes.subarray(0, length), isWhole: true };
}
