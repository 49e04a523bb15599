/**
 * Writes WebAssembly modules: just what emitted loops need, in the order of the specification's
 * binary format (WebAssembly Core Specification 2.0, chapter 5).
 *
 * @module
 */

/** Bytes, nested as they were put together. */
export type Code = number | readonly Code[];

/** A function to be exported: parameters are all i32 and there is no result. */
export interface LoopFunction {
  /** Under which it is exported. */
  readonly name: string;
  /** Number of parameters. */
  readonly parameters: number;
  /** Number of i32 locals beyond the parameters; they come right after these. */
  readonly integerLocals: number;
  /** Number of v128 locals, which come last. */
  readonly vectorLocals: number;
  /** Instructions, without the final end. */
  readonly body: Code;
}

const I32 = 0x7f;
const V128 = 0x7b;

/** An unsigned integer in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value;;) {
    const low = rest & 0x7f;
    rest >>>= 7;
    const isLast = rest === 0;
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** A signed 32-bit integer in LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    // What is left is all sign, and so is the highest bit of these seven
    const isLast = rest === ((low & 0x40) === 0 ? 0 : -1);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** The bytes one after the other. */
function flatten(code: Code): number[] {
  const bytes: number[] = [];
  const append = (part: Code): void => {
    if (typeof part === "number") bytes.push(part);
    else part.forEach(append);
  };
  append(code);
  return bytes;
}

const vector = (items: readonly Code[]): Code => [unsigned(items.length), items];

const name = (text: string): Code => vector([...new TextEncoder().encode(text)]);

/** Some bytes after their number. */
const counted = (code: Code): Code => {
  const bytes = flatten(code);
  return [unsigned(bytes.length), bytes];
};

const section = (id: number, content: Code): Code => [id, counted(content)];

const LIMITS_SHARED = 0x03;
const KIND = { function: 0x00, memory: 0x02 } as const;
const FUNCTION_TYPE = 0x60;
const END = 0x0b;

/** A module that imports the shared memory "env" "memory" and exports the functions. */
export function writeModule(functions: readonly LoopFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    FUNCTION_TYPE,
    vector(Array.from({ length: parameters }, () => I32)),
    vector([]),
  ]);
  const limits = [LIMITS_SHARED, unsigned(1), unsigned(65536)];
  const memory = [name("env"), name("memory"), KIND.memory, limits];
  const indices = functions.map((_, index) => unsigned(index));
  const exports = functions.map((f, index) => [name(f.name), KIND.function, unsigned(index)]);
  const codes = functions.map(({ integerLocals, vectorLocals, body }) => {
    const locals = vector([[unsigned(integerLocals), I32], [unsigned(vectorLocals), V128]]);
    return counted([locals, body, END]);
  });
  return Uint8Array.from(flatten([
    [0x00, 0x61, 0x73, 0x6d], // \0asm
    [0x01, 0x00, 0x00, 0x00], // version 1
    section(1, vector(types)),
    section(2, vector([memory])),
    section(3, vector(indices)),
    section(7, vector(exports)),
    section(10, vector(codes)),
  ]));
}
