/**
 * Writes WebAssembly modules in the binary format (WebAssembly Core Specification 2.0, chapter 5), as far
 * as emitted loops need it.
 *
 * @module
 */

/** Code: a byte, an array of bytes, or a list of code. {@linkcode flattenCode} concatenates such a list. */
export type Code = number | Uint8Array | readonly Code[];

/** A function that the module exports. Its parameters are all i32, and it has no result. */
export interface LoopFunction {
  /** Name of the export. */
  readonly name: string;
  /** Number of parameters. */
  readonly parameters: number;
  /** Number of i32 locals besides the parameters. Their indices follow those of the parameters. */
  readonly integerLocals: number;
  /** Number of v128 locals. Their indices come last. */
  readonly vectorLocals: number;
  /** Instructions of the function, without the final end. */
  readonly body: Code;
}

const I32 = 0x7f;
const V128 = 0x7b;

/** Encodes an unsigned integer in LEB128; integers below 128 are one byte of that value. */
export function encodeUnsigned(value: number): Code {
  if (value < 0x80) return value;
  const bytes: number[] = [];
  for (let rest = value;;) {
    const low = rest & 0x7f;
    rest >>>= 7;
    const isLast = rest === 0;
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** Encodes a signed 32-bit integer in LEB128; integers from 0 to 63 are one byte of that value. */
export function encodeSigned(value: number): Code {
  if (value >= 0 && value < 0x40) return value;
  const bytes: number[] = [];
  for (let rest = value | 0;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    // The last byte: all remaining bits equal the highest of these seven, the sign
    const isLast = rest === ((low & 0x40) === 0 ? 0 : -1);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** Returns all bytes of nested code, in order. */
export function flattenCode(code: Code): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(codeLength(code));
  writeCode(code, bytes, 0);
  return bytes;
}

/** Returns the number of bytes of nested code. */
function codeLength(code: Code): number {
  if (typeof code === "number") return 1;
  if (code instanceof Uint8Array) return code.length;
  let length = 0;
  for (const part of code) length += typeof part === "number" ? 1 : codeLength(part);
  return length;
}

/** Writes nested code to `bytes` from `offset` on. Returns the offset after its last byte. */
function writeCode(code: Code, bytes: Uint8Array, offset: number): number {
  if (typeof code === "number") {
    bytes[offset] = code;
    return offset + 1;
  }
  if (code instanceof Uint8Array) {
    bytes.set(code, offset);
    return offset + code.length;
  }
  let at = offset;
  for (const part of code) {
    if (typeof part === "number") bytes[at++] = part; // the common case, without a call
    else at = writeCode(part, bytes, at);
  }
  return at;
}

/** Encodes a vector: the number of items, then the items. */
const vector = (items: readonly Code[]): Code => [encodeUnsigned(items.length), items];

/** Encodes code after its number of bytes. */
const lengthPrefixed = (code: Code): Code => {
  const bytes = flattenCode(code);
  return [encodeUnsigned(bytes.length), bytes];
};

/** Encodes a name in UTF-8, after its number of bytes. */
const name = (text: string): Code => lengthPrefixed(new TextEncoder().encode(text));

/** Encodes a section of the module. */
const section = (id: number, content: Code): Code => [id, lengthPrefixed(content)];

const LIMITS_SHARED = 0x03;
const KIND = { function: 0x00, memory: 0x02 } as const;
const FUNCTION_TYPE = 0x60;
const END = 0x0b;

/**
 * Encodes a module that imports a shared memory, the field "memory" of the module "env", and exports the
 * functions.
 */
export function encodeModule(functions: readonly LoopFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    FUNCTION_TYPE,
    vector(Array.from({ length: parameters }, () => I32)),
    vector([]),
  ]);
  const limits = [LIMITS_SHARED, encodeUnsigned(1), encodeUnsigned(65536)];
  const memory = [name("env"), name("memory"), KIND.memory, limits];
  const indices = functions.map((_, index) => encodeUnsigned(index));
  const exports = functions.map((f, index) => [name(f.name), KIND.function, encodeUnsigned(index)]);
  const codes = functions.map(({ integerLocals, vectorLocals, body }) => {
    const locals = vector([[encodeUnsigned(integerLocals), I32], [
      encodeUnsigned(vectorLocals),
      V128,
    ]]);
    return lengthPrefixed([locals, body, END]);
  });
  return flattenCode([
    [0x00, 0x61, 0x73, 0x6d], // \0asm
    [0x01, 0x00, 0x00, 0x00], // version 1
    section(1, vector(types)),
    section(2, vector([memory])),
    section(3, vector(indices)),
    section(7, vector(exports)),
    section(10, vector(codes)),
  ]);
}
