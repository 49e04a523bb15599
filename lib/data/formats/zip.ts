/**
 * Reading of zip archives that may be malicious: first the central directory, which is the list of files at
 * the end of an archive, then only the requested files.
 *
 *   file       "PK" 3 4, 26 bytes, its name and extra fields, then its content, compressed or not
 *   directory  for each file "PK" 1 2, method, CRC-32, both lengths, offset, name
 *   end        "PK" 5 6, number of files, length and offset of the directory, a comment
 *
 * Large archives have 64-bit numbers in extra fields, and a second end record before the usual one. Source:
 * PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 to 4.5. Two files with one name, and files that share bytes, are
 * rejected, since they can make small archives costly.
 *
 * @module
 */
import { constants, crc32, inflateRawSync } from "node:zlib";
import { LARGEST_FILE } from "./content.ts";
import { MOST_GROWTH, readRange, type StoredFile } from "./gzip.ts";

/** A file in a zip archive, as the central directory of the archive describes it. */
export interface ZipEntry {
  /** Path of the file within the archive. */
  readonly name: string;
  /** Bytes of the file as stored in the archive, compressed or not. A view of the archive. */
  readonly packed: Uint8Array;
  /** Whether `packed` is compressed by DEFLATE. */
  readonly isDeflated: boolean;
  /**
   * Length of the decompressed file in bytes, as given in the zip central directory. It may be wrong.
   */
  readonly length: number;
  /** CRC-32 of the decompressed file, as given in the zip central directory. It may be wrong. */
  readonly crc: number;
}

/**
 * A function that returns the error for an archive that cannot be read. `received` is the end of the
 * message, after "received".
 */
type CreateError = (received: string) => Error;

/**
 * Signatures of the records of an archive: the header of a file, an entry of the central directory, the end
 * record, its 64-bit form, and the record that locates the latter.
 */
const [FILE, DIRECTORY, END, END_64, LOCATOR_64] = [
  0x04034b50,
  0x02014b50,
  0x06054b50,
  0x06064b50,
  0x07064b50,
] as const;

/** Length of the end record without its comment, and of the longest possible comment (bytes). */
const [END_LENGTH, LONGEST_COMMENT] = [22, 2 ** 16 - 1] as const;

/** Codes of the supported compression methods: none, and DEFLATE. */
const [STORED, DEFLATED] = [0, 8] as const;

/**
 * Value of a 32-bit field of the central directory that refers to a 64-bit number in an extra field.
 */
const ELSEWHERE = 0xffff_ffff;

/** Number of compressed bytes that {@linkcode decompressEntryStart} decompresses. */
const START = 2 ** 12;

/** Returns whether bytes begin with the signature of a zip archive, with or without files. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/**
 * Returns the files of an archive in the order of its central directory, without decompressing them. Throws
 * the error that `createError` returns if the archive is damaged, or if a file is encrypted or compressed
 * by another method than DEFLATE.
 *
 * @param bytes content of the whole archive
 * @param maxFiles largest accepted number of files
 */
export function listZipEntries(
  bytes: Uint8Array,
  { maxFiles, createError }: { readonly maxFiles: number; readonly createError: CreateError },
): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEndRecord(view);
  if (end === undefined) throw createError("a damaged one, without a directory");
  const { count, from } = end;
  if (count > maxFiles) throw createError(`one of more than ${maxFiles} files`);
  const entries: ZipEntry[] = [];
  const ranges: (readonly [from: number, to: number])[] = [];
  const names = new Set<string>();
  for (let i = 0, at = from; i < count; i++) {
    const entry = readDirectoryEntry(view, at);
    if (entry === undefined) throw createError(`a damaged one, in entry ${i + 1} of its directory`);
    const { name, headerOffset, packedLength, method, isEncrypted, next, ...others } = entry;
    const quoted = JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}…` : name);
    if (names.has(name)) throw createError(`one with two files ${quoted}`);
    if (isEncrypted || (method !== STORED && method !== DEFLATED)) {
      throw createError(
        `one whose file ${quoted} is encrypted, or packed otherwise than by DEFLATE`,
      );
    }
    const content = contentOffset(view, headerOffset, packedLength);
    if (content === undefined) throw createError(`a damaged one, without the file ${quoted}`);
    names.add(name);
    ranges.push([headerOffset, content + packedLength]);
    const packed = bytes.subarray(content, content + packedLength);
    entries.push({ name, packed, isDeflated: method === DEFLATED, ...others });
    at = next;
  }
  ranges.sort(([a], [b]) => a - b);
  if (ranges.some(([from], i) => i > 0 && from < ranges[i - 1][1])) {
    throw createError("one whose files share bytes");
  }
  return entries;
}

/** Largest length of a compressed file that {@linkcode readZipOutline} reads whole (bytes). */
const SMALL_FILE = 2 ** 22;

/**
 * Reads the parts of an archive from which the shapes of its arrays can be determined: the central
 * directory, the first bytes of each file, and small files as a whole. Returns them at their offsets in an
 * array of the length of the archive, whose other bytes are 0.
 *
 * @throws {TypeError} if the archive has no random access
 */
export async function readZipOutline(file: StoredFile): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(file.length); // the pages of bytes that stay 0 take no memory
  const fill = async (from: number, to: number) => {
    bytes.set(await readRange(file, from, Math.min(to, bytes.length)), from);
  };
  if (bytes.length <= SMALL_FILE) {
    await fill(0, bytes.length);
    return bytes;
  }
  await fill(bytes.length - END_LENGTH - LONGEST_COMMENT, bytes.length);
  const view = new DataView(bytes.buffer);
  const { count, from } = findEndRecord(view) ?? { count: 0, from: 0 };
  await fill(from, bytes.length);
  for (let i = 0, at = from; i < count; i++) {
    const entry = readDirectoryEntry(view, at);
    if (entry === undefined) break;
    const { headerOffset, packedLength, next } = entry;
    await fill(
      headerOffset,
      headerOffset + START + (packedLength <= SMALL_FILE ? packedLength : START),
    );
    at = next;
  }
  return bytes;
}

/**
 * Decompresses a file of an archive, and verifies its length and checksum.
 *
 * @param createError returns the error to throw for a damaged file, given the end of its message: "expected
 *     …: received …"
 */
export function decompressEntry(
  { packed, isDeflated, length, crc }: ZipEntry,
  createError: (text: string) => Error,
): Uint8Array<ArrayBuffer> {
  const most = Math.min((isDeflated ? MOST_GROWTH : 1) * packed.length, LARGEST_FILE);
  const says = `expected ${length} bytes, as the archive's directory says: received`;
  if (length > most) {
    throw createError(
      `expected at most ${most} bytes of ${packed.length} packed: ` +
        `received a directory that says ${length}`,
    );
  }
  let content: Uint8Array<ArrayBuffer>;
  try {
    content = isDeflated ? inflate(packed, length) : packed.slice();
  } catch (error) {
    throw createError(isOutputTooLongError(error) ? `${says} more` : `${says} damaged ones`);
  }
  if (content.length !== length) throw createError(`${says} ${content.length}`);
  if (crc32(content) !== crc) {
    throw createError("expected the checksum that the archive's directory says: received another");
  }
  return content;
}

/**
 * Decompresses the first bytes of a file of an archive, without verifying them. Returns the whole content
 * if it is short, and an empty array if the bytes are damaged.
 */
export function decompressEntryStart({ packed, isDeflated }: ZipEntry): Uint8Array<ArrayBuffer> {
  const start = packed.slice(0, START);
  if (!isDeflated) return start;
  try {
    return Uint8Array.from(inflateRawSync(start, { finishFlush: constants.Z_SYNC_FLUSH }));
  } catch {
    return new Uint8Array();
  }
}

/**
 * Decompresses bytes by DEFLATE. Throws an error of zlib if the result is longer than `length` bytes.
 */
function inflate(packed: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  // a copy, since zlib rejects shared memory; and at least 1, since zlib rejects a bound of 0
  const options = { maxOutputLength: Math.max(1, length) };
  const { buffer, byteOffset, byteLength } = inflateRawSync(packed.slice(), options);
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Returns whether an error was thrown by zlib because the result exceeds the accepted length. */
function isOutputTooLongError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

/**
 * Finds the end record of an archive. Returns the number of files and the offset in bytes of the central
 * directory, or undefined if there is no end record.
 */
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

/**
 * Finds the 64-bit end record, to which the 20 bytes before the usual end record refer. `end` is the offset
 * of the usual one. Returns the number of files and the offset in bytes of the central directory, or
 * undefined if there is no such record.
 */
function findEndRecord64(view: DataView, end: number): ReturnType<typeof findEndRecord> {
  const locator = end - 20;
  if (locator < 0 || view.getUint32(locator, true) !== LOCATOR_64) return undefined;
  const at = readUint64(view, locator + 8);
  if (at > locator - 56 || view.getUint32(at, true) !== END_64) return undefined;
  return { count: readUint64(view, at + 32), from: readUint64(view, at + 48) };
}

/**
 * Reads the entry of the central directory at an offset in bytes. In the result, `headerOffset` is the
 * offset of the file's own header, and `next` that of the next entry. Returns undefined if there is no
 * entry at the offset.
 */
function readDirectoryEntry(view: DataView, offset: number) {
  if (offset + 46 > view.byteLength || view.getUint32(offset, true) !== DIRECTORY) return undefined;
  const [flags, method] = [view.getUint16(offset + 8, true), view.getUint16(offset + 10, true)];
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
    view.getUint16(offset + field, true)
  );
  const extra = offset + 46 + nameLength;
  const next = extra + extraLength + commentLength;
  if (next > view.byteLength) return undefined;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset + 46, nameLength);
  const large = readExtraNumbers(view, extra, extra + extraLength);
  const numberAt = (field: number) => {
    const value = view.getUint32(offset + field, true);
    return value === ELSEWHERE ? large.next().value ?? value : value;
  };
  const [length, packedLength, headerOffset] = [24, 20, 42].map(numberAt);
  return {
    // bit 11 means UTF-8; a copy, since TextDecoder rejects shared memory
    name: new TextDecoder((flags & 0x800) === 0 ? "latin1" : "utf-8").decode(bytes.slice()),
    isEncrypted: (flags & 1) !== 0,
    method,
    crc: view.getUint32(offset + 16, true),
    length,
    packedLength,
    headerOffset,
    next,
  };
}

/**
 * Yields the 64-bit numbers in the extra fields of a directory entry. Their order is that of the 32-bit fields
 * they replace. `from` and `to` are offsets in bytes.
 */
function* readExtraNumbers(view: DataView, from: number, to: number): Generator<number, undefined> {
  for (let at = from; at + 4 <= to;) {
    const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    at += 4;
    if (at + length > to) return;
    if (id === 1) { for (let i = 0; i + 8 <= length; i += 8) yield readUint64(view, at + i); }
    at += length;
  }
}

/**
 * Returns the offset in bytes at which the content of a file starts, given the offset of the file's header
 * and the length of the content as stored. Returns undefined if there is no header at that offset, or if
 * the content exceeds the archive.
 */
function contentOffset(view: DataView, headerOffset: number, length: number): number | undefined {
  if (headerOffset + 30 > view.byteLength || view.getUint32(headerOffset, true) !== FILE) {
    return undefined;
  }
  const names = view.getUint16(headerOffset + 26, true) + view.getUint16(headerOffset + 28, true);
  const content = headerOffset + 30 + names;
  return content + length <= view.byteLength ? content : undefined;
}

function readUint64(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true));
}
