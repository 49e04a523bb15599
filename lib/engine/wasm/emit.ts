/**
 * Emits loops of programs as WebAssembly. A loop computes all of its operations on vectors of four elements:
 * loads first, stores last, and no memory accesses in between. It processes two neighbouring vectors
 * together, which a compiler may join to one vector of twice the width, as V8 does. The same instructions
 * compute the elements that remain in a row, first one vector and then one element at a time.
 *
 * @module
 */

import type { Primitive } from "../../tensor/operations.ts";
import { type Loop, loopName, type LoopOperand, type LoopOperation } from "../program/loop.ts";
import {
  type Code,
  encodeModule,
  encodeSigned,
  encodeUnsigned,
  flattenCode,
  type LoopFunction,
} from "./binary.ts";

/**
 * Returns a WebAssembly module that exports a function for each loop, under the name by {@linkcode loopName}.
 */
export function emitLoops(loops: readonly Loop[]): Uint8Array<ArrayBuffer> {
  return encodeModule(loops.map((loop, index) => emitLoop(loopName(index), loop)));
}

/** Returns the function of a loop. */
function emitLoop(name: string, loop: Loop): LoopFunction {
  const locals = assignLocals(loop);
  return {
    name,
    parameters: loop.reads.length + loop.writes.length + 4,
    integerLocals: 5 + loop.reads.length + loop.writes.length,
    vectorLocals: PAIR * (loop.reads.length + loop.operations.length + 1) + 1,
    // The nested form is large, and is freed before the next loop is emitted
    body: flattenCode([emitSplats("scalar", loop, locals), emitRows(loop, locals)]),
  };
}

const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const I32_ADD = 0x6a;
const I32_MUL = 0x6c;
const I32_AND = 0x71;
const I32_SHIFT_RIGHT = 0x76;
const I32_LT_U = 0x49;
/** Encodes the opcode of a SIMD instruction. */
const simd = (opcode: number): Code => [0xfd, encodeUnsigned(opcode)];
/** Encodes the instruction that pushes an i32 constant. */
const integer = (value: number): Code => [0x41, encodeSigned(value)];
/** Encodes the operands of a load or store: an alignment of at least 2² bytes, and an offset in bytes. */
const aligned = (offset: number): Code => [2, encodeUnsigned(offset)];

/** Opcodes of SIMD instructions for the primitives. `bitsOf` and `fromBits` need no instruction. */
const OPCODE: Readonly<Record<Primitive, number>> = {
  add: 0xe4,
  sub: 0xe5,
  mul: 0xe6,
  div: 0xe7,
  min: 0xe8,
  max: 0xe9,
  neg: 0xe1,
  abs: 0xe0,
  sqrt: 0xe3,
  nearest: 0x6a,
  trunc: 0x69,
  equal: 0x41,
  less: 0x43,
  lessOrEqual: 0x45,
  selectFloat: 0x52,
  selectInteger: 0x52,
  addInteger: 0xae,
  and: 0x4e,
  or: 0x50,
  xor: 0x51,
  equalInteger: 0x37,
  toInteger: 0xf8,
  toFloat: 0xfa,
  bitsOf: 0,
  fromBits: 0,
};

const LOAD = 0x00;
const LOAD_SPLAT = 0x09;
const LOAD_ONE = 0x5c;
const STORE = 0x0b;
const STORE_LANE = 0x5a;
const CONST = 0x0c;
const SPLAT = 0x11;
const ADD = 0xae;
const SHIFT = { left: 0xab, rightUnsigned: 0xad } as const;

/** Indices of the local variables of a loop's function. */
interface Locals {
  /** Row, a parameter of the function that its loop advances. */
  readonly row: number;
  readonly to: number;
  readonly firstColumn: number;
  readonly columns: number;
  /** Number of bytes from the start of the matrix to the next element. */
  readonly at: number;
  /** Number of bytes from the start of the row to the next element. */
  readonly inRow: number;
  /** Number of bytes from the start of the matrix to the end of the row. */
  readonly end: number;
  /** Number of bytes from the start of the matrix to the end of the row's last whole vector. */
  readonly whole: number;
  /** Number of bytes from the start of the matrix to the end of the row's last pair of vectors. */
  readonly paired: number;
  /** First of the locals with the current addresses of operands and results, in the order of the pointers. */
  readonly address: number;
  /** Vector with the row's index in every lane. */
  readonly rowIndex: number;
  /** Vector of the columns' indices; the next local has those of the second vector of a pair. */
  readonly columnIndex: number;
  /** Vector of the first value; the next local has that of the second vector of a pair, and so on. */
  readonly values: number;
}

/** Number of vectors that are processed together. */
const PAIR = 2;

/** Returns the indices of the parameters and local variables of a loop's function. */
function assignLocals({ reads, writes }: Loop): Locals {
  const pointers = reads.length + writes.length;
  const at = pointers + 4;
  const address = at + 5;
  const rowIndex = address + pointers;
  return {
    row: pointers,
    to: pointers + 1,
    firstColumn: pointers + 2,
    columns: pointers + 3,
    at,
    inRow: at + 1,
    end: at + 2,
    whole: at + 3,
    paired: at + 4,
    address,
    rowIndex,
    columnIndex: rowIndex + 1,
    values: rowIndex + 1 + PAIR,
  };
}

/** Returns the local with a value's vector, or the first one of a pair of vectors. */
function localOfValue(valueIndex: number, { values }: Locals): number {
  return values + PAIR * valueIndex;
}

/** Encodes the instruction that pushes a local variable. */
const getLocal = (local: number): Code => [LOCAL_GET, encodeUnsigned(local)];
/** Encodes the instruction that pops a local variable. */
const setLocal = (local: number): Code => [LOCAL_SET, encodeUnsigned(local)];
/** Encodes the addition of a constant to a local variable. */
const advance = (
  local: number,
  by: number,
): Code => [getLocal(local), integer(by), I32_ADD, setLocal(local)];

/**
 * Emits the loop over rows: for (; row < to; row++) { splats of the row; pairs of vectors; vectors; single
 * elements }.
 */
function emitRows(loop: Loop, locals: Locals): Code {
  const { row, to, columns, at, inRow, end, whole, paired } = locals;
  const bytes = [getLocal(columns), integer(4), I32_MUL];
  return emitWhile([getLocal(row), getLocal(to), I32_LT_U], [
    [getLocal(row), bytes, I32_MUL, setLocal(at)],
    [getLocal(at), bytes, I32_ADD, setLocal(end)],
    [getLocal(at), bytes, integer(-16), I32_AND, I32_ADD, setLocal(whole)],
    [getLocal(at), bytes, integer(-32), I32_AND, I32_ADD, setLocal(paired)],
    [integer(0), setLocal(inRow)],
    [getLocal(row), simd(SPLAT), setLocal(locals.rowIndex)],
    emitSplats("column", loop, locals),
    emitElements({ end: paired, lanes: 4, vectors: PAIR }, loop, locals),
    emitElements({ end: whole, lanes: 4, vectors: 1 }, loop, locals),
    emitElements({ end, lanes: 1, vectors: 1 }, loop, locals),
    advance(row, 1),
  ]);
}

/**
 * Emits loads of operands with an access pattern: "column", one number for a whole row, or "scalar", one for
 * all rows. Each number is loaded into all lanes of a vector.
 */
function emitSplats(access: "column" | "scalar", { reads }: Loop, locals: Locals): Code {
  const offset = access === "column" ? [getLocal(locals.row), integer(4), I32_MUL, I32_ADD] : [];
  return reads.flatMap((read, pointer) => {
    if (read !== access) return [];
    const local = localOfValue(pointer, locals);
    return [
      [getLocal(pointer), offset, simd(LOAD_SPLAT), aligned(0), setLocal(local)],
      [getLocal(local), setLocal(local + 1)],
    ];
  });
}

/**
 * A loop over the elements of a row. It processes `vectors` vectors of `lanes` elements at a time, up to the
 * number of bytes in the local `end`.
 */
interface ElementLoop {
  readonly end: number;
  readonly lanes: 4 | 1;
  readonly vectors: number;
}

/** Emits a loop over elements of a row: for (; at < end; at += bytes) { load; compute; store }. */
function emitElements({ end, lanes, vectors }: ElementLoop, loop: Loop, locals: Locals): Code {
  const { at, inRow } = locals;
  const each = Array.from({ length: vectors }, (_, number) => number);
  const bytes = 4 * lanes * vectors;
  return emitWhile([getLocal(at), getLocal(end), I32_LT_U], [
    emitColumnIndices(each, locals),
    emitAddresses(loop, locals),
    each.map((number) => emitLoads(loop, { lanes, number }, locals)),
    each.map((number) =>
      loop.operations.map((operation, index) => [
        emitOperation(operation, number, locals),
        setLocal(localOfValue(loop.reads.length + index, locals) + number),
      ])
    ),
    loop.writes.map((operand, index) =>
      each.map((number) => emitStore(operand, loop.reads.length + index, { lanes, number }, locals))
    ),
    [advance(at, bytes), advance(inRow, bytes)],
  ]);
}

/**
 * One of the vectors that are processed together: its number of elements (`lanes`), and its index among these
 * vectors (`number`).
 */
interface VectorOfGroup {
  readonly lanes: 4 | 1;
  readonly number: number;
}

/**
 * Emits the computation of the addresses of operands and results, once for a pair of vectors, so that the
 * compiler sees that the two are neighbours.
 */
function emitAddresses({ reads, writes }: Loop, { address, at, inRow }: Locals): Code {
  const offsets = [
    ...reads.map((access) => access === "full" ? at : access === "row" ? inRow : undefined),
    ...writes.map(() => at),
  ];
  return offsets.map((offset, pointer) =>
    offset === undefined
      ? []
      : [getLocal(pointer), getLocal(offset), I32_ADD, setLocal(address + pointer)]
  );
}

/** Emits loads of one vector of each operand that changes along a row. */
function emitLoads({ reads }: Loop, { lanes, number }: VectorOfGroup, locals: Locals): Code {
  const load = [simd(lanes === 4 ? LOAD : LOAD_ONE), aligned(16 * number)];
  return reads.map((access, pointer) =>
    access === "column" || access === "scalar"
      ? []
      : [getLocal(locals.address + pointer), load, setLocal(localOfValue(pointer, locals) + number)]
  );
}

/**
 * Emits the store of one vector of a value. `pointer` is the index of the result among operands and results.
 */
function emitStore(
  operand: LoopOperand,
  pointer: number,
  { lanes, number }: VectorOfGroup,
  locals: Locals,
): Code {
  return [
    getLocal(locals.address + pointer),
    emitOperand(operand, number, locals),
    [simd(lanes === 4 ? STORE : STORE_LANE), aligned(16 * number), lanes === 4 ? [] : 0],
  ];
}

/**
 * Emits the indices of the columns as vectors: first column + byte offset in the row ÷ 4 + [0, 1, 2, 3], plus
 * 4 for the second vector of a pair. `vectorNumbers` are the indices of the vectors that are processed
 * together.
 */
function emitColumnIndices(vectorNumbers: readonly number[], locals: Locals): Code {
  const { firstColumn, inRow, columnIndex } = locals;
  return vectorNumbers.map((number) => [
    [getLocal(firstColumn), getLocal(inRow), integer(2), I32_SHIFT_RIGHT, I32_ADD, simd(SPLAT)],
    [simd(CONST), [0, 1, 2, 3].map((lane) => [4 * number + lane, 0, 0, 0])],
    [simd(ADD), setLocal(columnIndex + number)],
  ]);
}

/**
 * Emits the computation of an operation on one vector of each operand, which leaves the result on the stack.
 */
function emitOperation(
  { operation, operands: inputs }: LoopOperation,
  vectorNumber: number,
  locals: Locals,
): Code {
  const operands = inputs.map((operand) => emitOperand(operand, vectorNumber, locals));
  if (operation.kind === "shift") {
    return [operands, integer(operation.bits), simd(SHIFT[operation.direction])];
  }
  const { name } = operation;
  if (name === "bitsOf" || name === "fromBits") return operands;
  if (name === "selectFloat" || name === "selectInteger") {
    const [mask = [], a = [], b = []] = operands;
    return [a, b, mask, simd(OPCODE[name])];
  }
  return [operands, simd(OPCODE[name])];
}

/** Emits an operand's vector, which it leaves on the stack. */
function emitOperand(operand: LoopOperand, vectorNumber: number, locals: Locals): Code {
  if (typeof operand === "number") return getLocal(localOfValue(operand, locals) + vectorNumber);
  if ("constant" in operand) return emitConstant(operand.constant, operand.type === "integer");
  return getLocal(operand.index === "row" ? locals.rowIndex : locals.columnIndex + vectorNumber);
}

const LOOP = 0x03;
const IF = 0x04;
const NO_RESULT = 0x40;
const BRANCH = 0x0c;
const END = 0x0b;

/** Emits a while loop: loop { if (condition) { body; continue } }. */
function emitWhile(condition: Code, body: Code): Code {
  return [LOOP, NO_RESULT, condition, IF, NO_RESULT, body, BRANCH, 1, END, END];
}

/** Emits a vector with a constant in every lane. */
function emitConstant(value: number, isInteger: boolean): Code {
  const lane = new Uint8Array(
    isInteger ? Int32Array.of(value).buffer : Float32Array.of(value).buffer,
  );
  return [simd(CONST), lane, lane, lane, lane];
}
