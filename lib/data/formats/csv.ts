/**
 * Parser of comma-separated values that reads a file piece by piece.
 *
 *   record   fields with a delimiter between them, ended by LF, CR LF or the end of the file
 *   field    anything but delimiters, line ends and quotes; or in quotes anything, quotes doubled
 *
 * Source: RFC 4180, sections 2.1 to 2.7. In addition, a byte order mark, empty lines, blanks around a
 * field's content and a missing end of the last line are accepted. A file whose lines end in CR alone, as
 * on old Macintoshes, is rejected.
 *
 * The standard library's `CsvParseStream` needs 2.4 s for MNIST as a table (110 MB, 47 million fields),
 * including the conversion to numbers, and does not report line numbers. This parser needs 0.6 s.
 *
 * @module
 */
import { parseDecimal } from "./decimal.ts";
import { encodingHint } from "./sniff.ts";

/** Character between two fields. */
export type Delimiter = "," | ";" | "\t";

/** A record of a CSV file. It is valid until the next record is read. */
export interface CsvRecord {
  /** Line of the file on which the record begins, from 1. */
  readonly line: number;
  /** Number of fields. */
  readonly length: number;
  /** Returns the text of a field, without surrounding quotes and blanks. */
  text(field: number): string;
  /**
   * Parses the fields as decimal numbers in double precision. Other texts become NaN.
   *
   * @param into array to which the numbers of all fields except `without` are written
   * @param without index of a field that is skipped, or undefined to skip none
   */
  numbers(into: Float64Array, without: number | undefined): void;
}

/** A parser to which a CSV file is passed piece by piece. */
interface CsvReader {
  /**
   * Accepts the next piece of the file, and yields the records that end in it.
   *
   * @throws {SyntaxError} if a quote is misplaced, or a byte is 0
   * @throws {RangeError} if a record is longer than 64 MiB
   */
  push(piece: Uint8Array): Generator<CsvRecord>;
  /**
   * Ends the file. Yields the last record if it has no line end.
   *
   * @throws {SyntaxError} if a quoted field is not closed, or lines end in CR alone
   */
  end(): Generator<CsvRecord>;
}

/** Options of {@linkcode createCsvReader}. */
interface CsvOptions {
  readonly delimiter: Delimiter;
  readonly origin: string;
}

/** Bytes of the byte order mark in UTF-8. */
const MARK = [0xef, 0xbb, 0xbf] as const;

/**
 * Largest length of a record in bytes, so that an unclosed quote does not load the whole file into memory.
 */
const LONGEST_RECORD = 2 ** 26;

const [NUL, LF, CR, QUOTE, ZERO] = [0x00, 0x0a, 0x0d, 0x22, 0x30] as const;

/** Mode of the parser at the start of a field, and in a field without quotes. */
const PLAIN = 0;
/** Mode of the parser inside quotes. */
const QUOTED = 1;
/** Mode of the parser after a quote inside quotes. It closes the field, unless another quote follows. */
const CLOSED = 2;
/** Mode of the parser after a closing quote and CR, where only LF is valid. */
const ENDED = 3;

/**
 * State of a CSV parser. Offsets are in bytes from the start of the current record, unless stated
 * otherwise.
 */
interface ReaderState {
  readonly separator: number;
  readonly origin: string;
  /** Buffer whose first `length` bytes are read from the file. */
  buffer: Uint8Array<ArrayBuffer>;
  length: number;
  /** Number of bytes of the file that precede the buffer. */
  before: number;
  /** Offset of the current record in the buffer. */
  start: number;
  /** Offset in the buffer of the next byte to process. */
  next: number;
  mode: typeof PLAIN | typeof QUOTED | typeof CLOSED | typeof ENDED;
  /** Offset of the content of the current field. */
  from: number;
  /** Offset of the quote that closes the current field. */
  close: number;
  /**
   * Offsets at which the contents of the first `count` fields of the record start, and those at which they
   * end.
   */
  starts: Int32Array<ArrayBuffer>;
  ends: Int32Array<ArrayBuffer>;
  count: number;
  /** Line on which the current record begins, and the current line. */
  line: number;
  lines: number;
}

/** Returns a parser of CSV files with a delimiter. `origin` is the name of the file in error messages. */
export function createCsvReader({ delimiter, origin }: CsvOptions): CsvReader {
  const state: ReaderState = {
    separator: delimiter.charCodeAt(0),
    origin,
    buffer: new Uint8Array(2 ** 17),
    length: 0,
    before: 0,
    start: 0,
    next: 0,
    mode: PLAIN,
    from: 0,
    close: 0,
    starts: new Int32Array(1024),
    ends: new Int32Array(1024),
    count: 0,
    line: 1,
    lines: 1,
  };
  const record = createRecord(state);
  let hasBegun = false;

  function* ended(): Generator<CsvRecord> {
    if (!hasBegun) skipByteOrderMark(state);
    hasBegun = true;
    while (scanRecord(state)) {
      state.lines++;
      yield* found();
    }
  }

  /** Yields the complete record, unless it is an empty line, and starts the next record. */
  function* found(): Generator<CsvRecord> {
    const isEmptyLine = state.count === 1 && state.starts[0] === 0 && state.ends[0] === 0;
    if (!isEmptyLine) yield record;
    state.count = 0;
    state.start = state.next;
    state.line = state.lines;
  }

  return {
    *push(piece) {
      appendPiece(state, piece);
      if (hasBegun || state.length >= MARK.length) yield* ended();
    },
    *end() {
      yield* ended();
      const { mode, next, start, close } = state;
      if (mode === QUOTED) {
        throw malformedError(state, "a quote that closes a field", "the end of the file");
      }
      if (next === start) return;
      if (state.lines === 1) expectLineFeeds(state);
      endField(state, mode === PLAIN ? endWithoutReturn(state, next - start) : close, 0);
      yield* found();
    },
  };
}

/**
 * Checks that the last record of a CSV file contains no carriage return, which would be a line end of old
 * Macintoshes. Called for files that seem to have a single line.
 */
function expectLineFeeds(state: ReaderState): void {
  const { buffer, start, next } = state;
  const at = buffer.subarray(start, next).indexOf(CR);
  if (at < 0 || at === next - start - 1) return;
  throw malformedError(
    state,
    "lines that end in LF or CR LF",
    `CR alone: convert it, for example by "tr '\\r' '\\n' < FILE > NEW"`,
  );
}

/**
 * Returns a view of a parser's current record. It shows other fields as soon as the parser reads the next
 * record.
 */
function createRecord(state: ReaderState): CsvRecord {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return {
    get line() {
      return state.line;
    },
    get length() {
      return state.count;
    },
    text(field) {
      const { buffer, start, starts, ends } = state;
      const [begin, end] = [start + starts[field], start + ends[field]];
      try {
        const text = decoder.decode(buffer.subarray(begin, end)).trim();
        // a quote before the content belongs to this field
        return begin > start && buffer[begin - 1] === QUOTE ? text.replaceAll('""', '"') : text;
      } catch (cause) {
        const received = `other bytes: if they are Latin-1, ${encodingHint("WINDOWS-1252")}`;
        throw malformedError({ ...state, lines: state.line }, "text in UTF-8", received, cause);
      }
    },
    numbers: (into, without) => parseNumbers(state, into, without),
  };
}

/**
 * Parses the fields of the current record as numbers. This is a top-level function, since V8 compiles a
 * closure that exists several times to slower code.
 */
function parseNumbers(
  { buffer, start, starts, ends, count }: ReaderState,
  target: Float64Array,
  skippedField: number | undefined,
): void {
  for (let field = 0, place = 0; field < count; field++) {
    if (field === skippedField) continue;
    const begin = start + starts[field];
    const end = start + ends[field];
    const length = end - begin;
    // digits are compared without a loop, as most fields are pixels: whole numbers of 1 to 3 digits
    const first = buffer[begin] - ZERO;
    if (length === 1 && first >= 0 && first <= 9) {
      target[place++] = first;
      continue;
    }
    const second = buffer[begin + 1] - ZERO;
    const third = length === 3 ? buffer[begin + 2] - ZERO : 0;
    const areDigits = first >= 0 && first <= 9 && second >= 0 && second <= 9 && third >= 0 &&
      third <= 9;
    target[place++] = areDigits && length === 2
      ? 10 * first + second
      : areDigits && length === 3
      ? 100 * first + 10 * second + third
      : parseDecimal(buffer, begin, end);
  }
}

/** Returns the error for a malformed record. */
function malformedError(
  { origin, lines }: ReaderState,
  expected: string,
  received: string,
  cause?: unknown,
): SyntaxError {
  return new SyntaxError(
    `Cannot read "${origin}", line ${lines}: expected ${expected}: received ${received}`,
    { cause },
  );
}

/** Returns the error for a byte that is 0, which no text contains. */
function zeroByteError({ origin, before }: ReaderState, offset: number): SyntaxError {
  return new SyntaxError(
    `Cannot read "${origin}": expected a table as text: received a zero as byte ${before + offset}`,
  );
}

/** Appends a piece of the file to the buffer, after removing processed records from its start. */
function appendPiece(state: ReaderState, piece: Uint8Array): void {
  const { buffer, start, origin, line } = state;
  buffer.copyWithin(0, start, state.length);
  state.before += start;
  state.length -= start;
  state.next -= start;
  state.start = 0;
  if (state.length > LONGEST_RECORD) {
    throw new RangeError(
      `Cannot read "${origin}", line ${line}: expected a record of at most ${LONGEST_RECORD} ` +
        "bytes: received a longer one",
    );
  }
  const length = state.length + piece.length;
  if (length > buffer.length) {
    state.buffer = new Uint8Array(2 * length);
    state.buffer.set(buffer.subarray(0, state.length));
  }
  state.buffer.set(piece, state.length);
  state.length = length;
}

/** Skips the byte order mark at the start of the file, if there is one. */
function skipByteOrderMark(state: ReaderState): void {
  if (MARK.every((byte, i) => i < state.length && state.buffer[i] === byte)) {
    state.start = state.next = MARK.length;
  }
}

/** Scans the current record to its end. Returns false if the buffer ends before the record. */
function scanRecord(state: ReaderState): boolean {
  const { separator, start } = state;
  const bytes = state.buffer.subarray(0, state.length);
  for (let at = state.next; at < bytes.length; at++) {
    if (state.mode === PLAIN) at = scanUnquoted(state, bytes, at);
    const { mode, close, from } = state;
    const byte = bytes[at];
    const place = at - start;
    if (byte === NUL) throw zeroByteError(state, at);
    if (mode === QUOTED) {
      if (byte === QUOTE) [state.mode, state.close] = [CLOSED, place];
      else if (byte === LF) state.lines++;
    } else if (byte === separator && mode !== ENDED) {
      endField(state, mode === PLAIN ? place : close, place + 1);
    } else if (byte === LF) {
      endField(state, mode === PLAIN ? endWithoutReturn(state, place) : close, 0);
      state.next = at + 1;
      return true;
    } else if (byte === QUOTE && mode !== ENDED) {
      if (mode === PLAIN && place > from) {
        throw malformedError(state, "quotes around a whole field", "a quote inside of one");
      }
      if (mode === PLAIN) state.from = place + 1;
      state.mode = QUOTED;
    } else if (mode === CLOSED && byte === CR) {
      state.mode = ENDED;
    } else if (mode !== PLAIN) {
      throw malformedError(state, "the next field or line behind a quoted field", "something else");
    }
  }
  state.next = bytes.length;
  return false;
}

/**
 * Scans fields without quotes, which are the most frequent, in a loop over local variables only. Stops at a
 * quote, a line end or the end of the bytes, or if `starts` is full. Returns the offset in the buffer at
 * which it stopped.
 */
function scanUnquoted(state: ReaderState, bytes: Uint8Array, begin: number): number {
  const { separator, start, starts, ends } = state;
  let { from, count } = state;
  let at = begin;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte >= ZERO && byte !== separator) continue; // digits, which most bytes are, and letters
    if (byte === LF || byte === QUOTE || byte === NUL) break;
    if (byte !== separator) continue;
    if (count === starts.length) break;
    starts[count] = from;
    ends[count++] = at - start;
    from = at + 1 - start;
  }
  state.from = from; // one by one, since an array of both makes V8 discard its optimized code
  state.count = count;
  return at;
}

/** Records the end of the current field, and starts the next one. */
function endField(state: ReaderState, end: number, nextFrom: number): void {
  if (state.count === state.starts.length) {
    state.starts = doubleCapacity(state.starts);
    state.ends = doubleCapacity(state.ends);
  }
  state.starts[state.count] = state.from;
  state.ends[state.count++] = end;
  state.from = nextFrom;
  state.mode = PLAIN;
}

/** Returns a copy of an array of offsets with twice the length. */
function doubleCapacity(offsets: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * offsets.length);
  larger.set(offsets);
  return larger;
}

/**
 * Returns the offset at which the last field of a line ends, given the offset of LF. If CR precedes LF, it
 * belongs to the line end.
 */
function endWithoutReturn({ buffer, start, from }: ReaderState, lineFeed: number): number {
  return lineFeed > from && buffer[start + lineFeed - 1] === CR ? lineFeed - 1 : lineFeed;
}
