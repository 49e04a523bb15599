/**
 * How a table writes its fields: the delimiter between two, and the decimal mark of numbers.
 *
 * Both are found in the first records: the delimiter is the one that cuts all of them into the same
 * number of fields, of several the one that leaves most numbers.
 *
 * @module
 */
import { csvReader, type Delimiter } from "./csv.ts";
import { isDecimal } from "./decimal.ts";
import { type StoredFile, unpack } from "./gzip.ts";
import { delimiters } from "./table.ts";

/** The mark between a number's whole part and its decimals. */
export type DecimalMark = "." | ",";

/** How a table writes its fields. */
export interface Dialect {
  /** What stands between two fields. */
  readonly delimiter: Delimiter;
  /** The decimal mark. */
  readonly decimal: DecimalMark;
}

/** Bytes and records in which the dialect is found, at most, and fields from which on no more is read. */
const [MOST_BYTES, MOST_RECORDS, ENOUGH_FIELDS] = [2 ** 14, 100, 1000] as const;

/** Returns the dialect of a table; what is given is taken as it is. */
export async function findDialect(
  file: StoredFile,
  options: { readonly [Key in keyof Dialect]?: Dialect[Key] | undefined },
): Promise<Dialect> {
  const { delimiter, decimal } = options;
  if (delimiter !== undefined && decimal !== undefined) return { delimiter, decimal };
  const { bytes, isWhole } = await beginningOf(file);
  const readings = (delimiter === undefined ? delimiters : [delimiter]).map((mark) =>
    readingOf(bytes, isWhole, mark)
  );
  const even = readings.filter(({ isEven }) => isEven);
  const best = even.reduce<Reading | undefined>(
    (best, each) => best === undefined || isBetter(each, best) ? each : best,
    undefined,
  );
  const found = best ?? readings[0];
  return {
    delimiter: found.delimiter,
    decimal: decimal ?? (found.points === 0 && found.commas > 0 ? "," : "."),
  };
}

/** Records that were cut at some delimiter. */
interface Reading {
  readonly delimiter: Delimiter;
  /** Whether all records have one number of fields, and more than one. */
  readonly isEven: boolean;
  readonly fields: number;
  /** Fields that are whole numbers or have a decimal point, and those that have a decimal comma. */
  readonly points: number;
  readonly commas: number;
  /** Share of the fields that are numbers, 0 to 1. */
  readonly numbers: number;
}

function isBetter(a: Reading, b: Reading): boolean {
  return a.numbers > b.numbers || (a.numbers === b.numbers && a.fields > b.fields);
}

function readingOf(bytes: Uint8Array, isWhole: boolean, delimiter: Delimiter): Reading {
  const records = recordsOf(bytes, isWhole, delimiter);
  const [{ length: fields } = []] = records;
  const all = records.flat();
  const [wholes, points, commas] = [isWholeNumber, isPointed, hasComma].map((is) =>
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

const isPointed = (text: string) => !isWholeNumber(text) && isDecimal(text);

const hasComma = (text: string) => text.includes(",") && !Number.isNaN(parseNumber(text, ","));

/** Returns the number that a text is in some notation; NaN if it is none. */
export function parseNumber(text: string, decimal: DecimalMark): number {
  if (decimal === ",") {
    if (text.includes(".")) return NaN; // a separator of thousands, perhaps
    return parseNumber(text.replace(",", "."), ".");
  }
  return isDecimal(text) ? Number(text) + 0 : NaN; // −0 + 0 = 0
}

/** The first records; none if the bytes cannot be cut so. */
function recordsOf(
  bytes: Uint8Array,
  isWhole: boolean,
  delimiter: Delimiter,
): readonly (readonly string[])[] {
  const records: string[][] = [];
  const reader = csvReader({ delimiter, origin: "" });
  let fields = 0;
  const isEnough = () => records.length === MOST_RECORDS || fields >= ENOUGH_FIELDS;
  const take = (found: ReturnType<typeof reader.push>) => {
    for (const record of found) {
      if (isEnough()) return;
      fields += record.length;
      records.push(Array.from({ length: record.length }, (_, field) => record.text(field)));
    }
  };
  try {
    take(reader.push(bytes));
    if (isWhole && !isEnough()) take(reader.end());
  } catch {
    return []; // who reads the file with this delimiter says what is wrong with it
  }
  return records;
}

async function beginningOf(
  file: StoredFile,
): Promise<{ readonly bytes: Uint8Array; readonly isWhole: boolean }> {
  const bytes = new Uint8Array(MOST_BYTES);
  let length = 0;
  for await (const piece of (await unpack(file)).pieces) {
    const part = piece.subarray(0, MOST_BYTES - length);
    bytes.set(part, length);
    length += part.length;
    if (length === MOST_BYTES) return { bytes, isWhole: false };
  }
  return { bytes: bytes.subarray(0, length), isWhole: true };
}
