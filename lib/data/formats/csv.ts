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

/**
 * A record of a CSV file, as a view of the parser's buffer. It is valid until the parser reads the next
 * record.
 */
export interface CsvRecord {
  /** Line of the file on which the record begins, from 1. */
  readonly line: number;
  /** Number of fields. */
  readonly length: number;
  /**
   * Returns the text of a field, given its index from 0: without surrounding quotes and blanks, and with
   * doubled quotes replaced by single ones.
   *
   * @throws {SyntaxError} if the field is not valid UTF-8
   */
  text(field: number): string;
  /**
   * Parses the fields as decimal numbers with a decimal point, in double precision. Other texts become NaN.
   *
   * @param target array to which the numbers are written, from index 0 and without a gap for a skipped
   *     field
   * @param skippedField index of a field to skip, or undefined to skip none
   */
  writeNumbers(target: Float64Array, skippedField: number | undefined): void;
}

/** A parser of a CSV file that receives the file piece by piece. */
interface CsvReader {
  /**
   * Appends the next piece of the file, and yields the records that end in it. The records must be iterated
   * before the next piece is pushed.
   *
   * @throws {SyntaxError} if a quote is misplaced, or a byte is 0
   * @throws {RangeError} if a record is longer than 64 MiB
   */
  push(piece: Uint8Array): Generator<CsvRecord>;
  /**
   * Declares the end of the file, and yields the last record if no line end closes it.
   *
   * @throws {SyntaxError} if a quoted field is not closed, or lines end in CR alone
   */
  end(): Generator<CsvRecord>;
}

/**
 * Options of {@linkcode createCsvReader}: the delimiter, and the name of the file in error messages.
 */
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

/** Mode of the parser at the start of a field, and inside a field without quotes. */
const PLAIN = 0;
/** Mode of the parser inside quotes. */
const QUOTED = 1;
/**
 * Mode of the parser after a quote inside quotes, which closes the field unless another quote follows.
 */
const CLOSED = 2;
/** Mode of the parser after a closing quote and CR, where only LF is valid. */
const ENDED = 3;

/**
 * State of a CSV parser. Offsets are in bytes from the start of the current record, unless another start is
 * stated.
 */
interface ReaderState {
  /** Code of the delimiter. */
  readonly separator: number;
  readonly origin: string;
  /** Buffer whose first `length` bytes are a section of the file. */
  buffer: Uint8Array<ArrayBuffer>;
  length: number;
  /** Number of bytes of the file before the first byte of the buffer. */
  before: number;
  /** Offset of the current record in the buffer. */
  start: number;
  /** Offset in the buffer of the next byte to process. */
  next: number;
  mode: typeof PLAIN | typeof QUOTED | typeof CLOSED | typeof ENDED;
  /** Offset at which the content of the current field starts. */
  from: number;
  /** Offset of the quote that closes the current field. */
  close: number;
  /** Offsets at which the contents of the first `count` fields of the record start. */
  starts: Int32Array<ArrayBuffer>;
  /** Offsets at which the contents of the first `count` fields of the record end. */
  ends: Int32Array<ArrayBuffer>;
  /** Number of fields of the current record that have been scanned. */
  count: number;
  /** Line of the file on which the current record begins, from 1. */
  recordLine: number;
  /** Line of the file up to which the parser has read, from 1. A record with quoted line ends spans several. */
  currentLine: number;
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
    recordLine: 1,
    currentLine: 1,
  };
  const record = createRecord(state);
  let isMarkSkipped = false;

  /** Yields the records that end within the buffer. Skips the byte order mark before the first one. */
  function* completeRecords(): Generator<CsvRecord> {
    if (!isMarkSkipped) skipByteOrderMark(state);
    isMarkSkipped = true;
    while (scanRecord(state)) {
      state.currentLine++;
      yield* finishRecord();
    }
  }

  /** Yields the current record, unless it is an empty line, and starts the next one. */
  function* finishRecord(): Generator<CsvRecord> {
    const isEmptyLine = state.count === 1 && state.starts[0] === 0 && state.ends[0] === 0;
    if (!isEmptyLine) yield record;
    state.count = 0;
    state.start = state.next;
    state.recordLine = state.currentLine;
  }

  return {
    *push(piece) {
      appendPiece(state, piece);
      if (isMarkSkipped || state.length >= MARK.length) yield* completeRecords();
    },
    *end() {
      yield* completeRecords();
      const { mode, next, start, close } = state;
      if (mode === QUOTED) {
        throw malformedError(state, "a quote that closes a field", "the end of the file");
      }
      if (next === start) return;
      if (state.currentLine === 1) rejectCarriageReturns(state);
      endField(state, mode === PLAIN ? endOfLastField(state, next - start) : close, 0);
      yield* finishRecord();
    },
  };
}

/**
 * Throws a SyntaxError if the current record contains a carriage return before its last byte. Called for
 * the last record of a file without line feeds, whose lines then end in CR alone, as on old Macintoshes.
 */
function rejectCarriageReturns(state: ReaderState): void {
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
 * Returns the current record of a parser as a view, which changes as soon as the parser reads the next
 * record.
 */
function createRecord(state: ReaderState): CsvRecord {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return {
    get line() {
      return state.recordLine;
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
        throw malformedError(
          { ...state, currentLine: state.recordLine },
          "text in UTF-8",
          received,
          cause,
        );
      }
    },
    writeNumbers: (target, skippedField) => parseNumbers(state, target, skippedField),
  };
}

/**
 * Parses the fields of the current record as numbers, and writes them to `target` without a gap for a
 * skipped field. This is a top-level function, since V8 compiles a closure that exists several times to
 * slower code.
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

/**
 * Returns the error for malformed CSV in the current line, given what its message says after "expected" and
 * after "received".
 */
function malformedError(
  { origin, currentLine }: ReaderState,
  expected: string,
  received: string,
  cause?: unknown,
): SyntaxError {
  return new SyntaxError(
    `Cannot read "${origin}", line ${currentLine}: expected ${expected}: received ${received}`,
    { cause },
  );
}

/** Returns the error for a zero byte, which no text contains. `offset` is its offset in the buffer. */
function zeroByteError({ origin, before }: ReaderState, offset: number): SyntaxError {
  return new SyntaxError(
    `Cannot read "${origin}": expected a table as text: received a zero as byte ${before + offset}`,
  );
}

/**
 * Appends a piece of the file to the buffer, after removing processed records from its start.
 *
 * @throws {RangeError} if the current record is longer than 64 MiB
 */
function appendPiece(state: ReaderState, piece: Uint8Array): void {
  const { buffer, start, origin, recordLine } = state;
  buffer.copyWithin(0, start, state.length);
  state.before += start;
  state.length -= start;
  state.next -= start;
  state.start = 0;
  if (state.length > LONGEST_RECORD) {
    throw new RangeError(
      `Cannot read "${origin}", line ${recordLine}: expected a record of at most ${LONGEST_RECORD} ` +
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

/**
 * Scans the current record. Returns true at its end, and false if the bytes read so far end before the
 * record.
 */
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
      else if (byte === LF) state.currentLine++;
    } else if (byte === separator && mode !== ENDED) {
      endField(state, mode === PLAIN ? place : close, place + 1);
    } else if (byte === LF) {
      endField(state, mode === PLAIN ? endOfLastField(state, place) : close, 0);
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
 * Scans fields without quotes, which are the most frequent, in a loop over local variables only. `begin` is
 * an offset in the buffer. Stops at a quote, a line feed, a zero byte or the end of the bytes, or if
 * `starts` is full, and returns the offset in the buffer at which it stopped.
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

/**
 * Records that the content of the current field ends at the offset `end`, and starts the next field at the
 * offset `nextFrom`.
 */
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
 * Returns the offset at which the content of a line's last field ends, given the offset of the line feed or
 * of the end of the file. A carriage return right before that offset belongs to the line end.
 */
function endOfLastField({ buffer, start, from }: ReaderState, lineEnd: number): number {
  return lineEnd > from && buffer[start + lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
}
