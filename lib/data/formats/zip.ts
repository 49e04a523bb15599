/**
 * Reading of untrusted zip archives: first the directory, then only the requested files.
 *
 *   file       "PK" 3 4, 26 bytes, its name and extra fields, then its content, compressed or not
 *   directory  for each file "PK" 1 2, method, CRC-32, both lengths, offset, name
 *   end        "PK" 5 6, number of files, length and offset of the directory, a comment
 *
 * Large archives have 64-bit numbers in extra fields, and a second end before the first. Source: PKWARE,
 * APPNOTE.TXT 6.3.10, sections 4.3 to 4.5. Two files with one name, and files that share bytes, are
 * rejected, since they can make small archives costly.
 *
 * @module
 */
import { constants, crc32, inflateRawSync } from "node:zlib";
import { LARGEST_FILE } from "./content.ts";
import { MOST_GROWTH } from "./gzip.ts";

/** A file in an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Its stored bytes, a view of the archive. */
  readonly packed: Uint8Array;
  readonly isDeflated: boolean;
  /** Length of the decompressed content according to the directory. */
  readonly length: number;
  readonly crc: number;
}

/** Returns an error for an archive, given the end of its message after "received". */
type ArchiveError = (received: string) => Error;

const [FILE, DIRECTORY, END, END_64, LOCATOR_64] = [
  0x04034b50,
  0x02014b50,
  0x06054b50,
  0x06064b50,
  0x07064b50,
] as const;

/** Length of the end without its comment, and of the longest comment (bytes). */
const [END_LENGTH, LONGEST_COMMENT] = [22, 2 ** 16 - 1] as const;

const [STORED, DEFLATED] = [0, 8] as const;

/** Placeholder of a number that an extra field has in 64 bits. */
const ELSEWHERE = 0xffff_ffff;

/** Stored bytes that are decompressed for the start of a content. */
const START = 2 ** 12;

/** Returns whether bytes begin as an archive does, also an empty one. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/**
 * Returns the files of an archive in the order of its directory, without decompressing them.
 *
 * @param most largest number of files
 */
export function readZip(
  bytes: Uint8Array,
  { most, wrong }: { readonly most: number; readonly wrong: ArchiveError },
): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEndRecord(view);
  if (end === undefined) throw wrong("a damaged one, without a directory");
  const { count, from } = end;
  if (count > most) throw wrong(`one of more than ${most} files`);
  const entries: ZipEntry[] = [];
  const places: (readonly [from: number, to: number])[] = [];
  const names = new Set<string>();
  for (let i = 0, at = from; i < count; i++) {
    const entry = readEntry(view, at);
    if (entry === undefined) throw wrong(`a damaged one, in entry ${i + 1} of its directory`);
    const { name, place, packedLength, method, isEncrypted, next, ...others } = entry;
    const quoted = JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}…` : name);
    if (names.has(name)) throw wrong(`one with two files ${quoted}`);
    if (isEncrypted || (method !== STORED && method !== DEFLATED)) {
      throw wrong(`one whose file ${quoted} is encrypted, or packed otherwise than by DEFLATE`);
    }
    const content = contentOffset(view, place, packedLength);
    if (content === undefined) throw wrong(`a damaged one, without the file ${quoted}`);
    names.add(name);
    places.push([place, content + packedLength]);
    const packed = bytes.subarray(content, content + packedLength);
    entries.push({ name, packed, isDeflated: method === DEFLATED, ...others });
    at = next;
  }
  places.sort(([a], [b]) => a - b);
  if (places.some(([from], i) => i > 0 && from < places[i - 1][1])) {
    throw wrong("one whose files share bytes");
  }
  return entries;
}

/**
 * Returns a copy of a file's content.
 *
 * @param wrong returns the error for a text "expected …: received …"
 */
export function unpackEntry(
  { packed, isDeflated, length, crc }: ZipEntry,
  wrong: (text: string) => Error,
): Uint8Array<ArrayBuffer> {
  const most = Math.min((isDeflated ? MOST_GROWTH : 1) * packed.length, LARGEST_FILE);
  const says = `expected ${length} bytes, as the archive's directory says: received`;
  if (length > most) {
    throw wrong(
      `expected at most ${most} bytes of ${packed.length} packed: ` +
        `received a directory that says ${length}`,
    );
  }
  let content: Uint8Array<ArrayBuffer>;
  try {
    content = isDeflated ? inflate(packed, length) : packed.slice();
  } catch (error) {
    throw wrong(isTooLong(error) ? `${says} more` : `${says} damaged ones`);
  }
  if (content.length !== length) throw wrong(`${says} ${content.length}`);
  if (crc32(content) !== crc) {
    throw wrong("expected the checksum that the archive's directory says: received another");
  }
  return content;
}

/** Returns the first bytes of a content, all of it if it is short; none if it is damaged. */
export function decompressStart({ packed, isDeflated }: ZipEntry): Uint8Array<ArrayBuffer> {
  const start = packed.slice(0, START);
  if (!isDeflated) return start;
  try {
    return Uint8Array.from(inflateRawSync(start, { finishFlush: constants.Z_SYNC_FLUSH }));
  } catch {
    return new Uint8Array();
  }
}

function inflate(packed: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  // a copy, since zlib rejects shared memory; and at least 1, since zlib rejects a bound of 0
  const options = { maxOutputLength: Math.max(1, length) };
  const { buffer, byteOffset, byteLength } = inflateRawSync(packed.slice(), options);
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

/** Returns the number of files and the offset of the directory from the end of an archive. */
function findEndRecord(
  view: DataView,
): { readonly count: number; readonly from: number } | undefined {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= 0 && at >= last - LONGEST_COMMENT; at--) {
    if (view.getUint32(at, true) !== END) continue;
    if (view.getUint16(at + 20, true) !== last - at) continue;
    const [count, from] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)];
    return count === 0xffff || from === ELSEWHERE ? findEndRecord64(view, at) : { count, from };
  }
  return undefined;
}

/** Returns the same from the end with 64-bit numbers, to which 20 bytes before the other end point. */
function findEndRecord64(view: DataView, end: number): ReturnType<typeof findEndRecord> {
  const locator = end - 20;
  if (locator < 0 || view.getUint32(locator, true) !== LOCATOR_64) return undefined;
  const at = readUint64(view, locator + 8);
  if (at > locator - 56 || view.getUint32(at, true) !== END_64) return undefined;
  return { count: readUint64(view, at + 32), from: readUint64(view, at + 48) };
}

/** Reads an entry of the directory. Returns undefined if there is none at the offset. */
function readEntry(view: DataView, at: number) {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== DIRECTORY) return undefined;
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
    view.getUint16(at + field, true)
  );
  const extra = at + 46 + nameLength;
  const next = extra + extraLength + commentLength;
  if (next > view.byteLength) return undefined;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength);
  const large = readExtraNumbers(view, extra, extra + extraLength);
  const numberAt = (field: number) => {
    const value = view.getUint32(at + field, true);
    return value === ELSEWHERE ? large.next().value ?? value : value;
  };
  const [length, packedLength, place] = [24, 20, 42].map(numberAt);
  return {
    // bit 11 means UTF-8; a copy, since TextDecoder rejects shared memory
    name: new TextDecoder((flags & 0x800) === 0 ? "latin1" : "utf-8").decode(bytes.slice()),
    isEncrypted: (flags & 1) !== 0,
    method,
    crc: view.getUint32(at + 16, true),
    length,
    packedLength,
    place,
    next,
  };
}

/** Yields the 64-bit numbers of the extra field for large archives, in their order. */
function* readExtraNumbers(view: DataView, from: number, to: number): Generator<number, undefined> {
  for (let at = from; at + 4 <= to;) {
    const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    at += 4;
    if (at + length > to) return;
    if (id === 1) { for (let i = 0; i + 8 <= length; i += 8) yield readUint64(view, at + i); }
    at += length;
  }
}

/** Returns the offset of a file's content; undefined if it is not within the archive. */
function contentOffset(view: DataView, entryOffset: number, length: number): number | undefined {
  if (entryOffset + 30 > view.byteLength || view.getUint32(entryOffset, true) !== FILE) {
    return undefined;
  }
  const names = view.getUint16(entryOffset + 26, true) + view.getUint16(entryOffset + 28, true);
  const content = entryOffset + 30 + names;
  return content + length <= view.byteLength ? content : undefined;
}

function readUint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
