/**
 * Writes WebAssembly modules: just what emitted loops need, in the order of the specification's
 * binary format (WebAssembly Core Specification 2.0, chapter 5).
 *
 * @module
 */

/** A function to be exported: parameters are all i32 and there is no result. */
export interface LoopFunction {
  readonly name: string;
  readonly parameters: number;
  /** Locals beyond the parameters. */
  readonly integerLocals: number;
  readonly vectorLocals: number;
  readonly body: readonly number[];
}

const I32 = 0x7f;
const V128 = 0x7b;

/** An unsigned integer in LEB128. */
export function unsigned(value: number): number[] {
  const bytes = [];
  for (let rest = value;;) {
    const low = rest & 0x7f;
    rest >>>= 7;
    if (rest === 0) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

/** A signed 32-bit integer in LEB128. */
export function signed(value: number): number[] {
  const bytes = [];
  for (let rest = value | 0;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
      return [...bytes, low];
    }
    bytes.push(low | 0x80);
  }
}

const name = (text: string) => {
  const bytes = [...new TextEncoder().encode(text)];
  return [...unsigned(bytes.length), ...bytes];
};
const vector = (
  items: readonly (readonly number[])[],
) => [...unsigned(items.length), ...items.flat()];
const section = (
  id: number,
  content: readonly number[],
) => [id, ...unsigned(content.length), ...content];

/** A module that imports the shared memory "env" "memory" and exports the functions. */
export function writeModule(functions: readonly LoopFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...vector(Array.from({ length: parameters }, () => [I32])),
    ...vector([]),
  ]);
  const memory = [
    ...name("env"),
    ...name("memory"),
    0x02,
    0x03,
    ...unsigned(1),
    ...unsigned(65536),
  ];
  const indices = functions.map((_, index) => unsigned(index));
  const exports = functions.map((f, index) => [...name(f.name), 0x00, ...unsigned(index)]);
  const codes = functions.map(({ integerLocals, vectorLocals, body }) => {
    const locals = vector([
      [...unsigned(integerLocals), I32],
      [...unsigned(vectorLocals), V128],
    ]);
    const code = [...locals, ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(2, vector([memory])),
    ...section(3, vector(indices)),
    ...section(7, vector(exports)),
    ...section(10, vector(codes)),
  ]);
}
