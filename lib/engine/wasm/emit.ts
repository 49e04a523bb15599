/**
 * Emits the loop of one elementwise group: all its operations on four elements at a time, loads first,
 * stores last, nothing in between in memory. Two such vectors are taken side by side, which a compiler
 * may join to one of twice the width (V8 does). What is left over at the end of a row is done by the
 * same instructions, one vector and then one element at a time.
 *
 * @module
 */

import type { Primitive } from "../../tensor/operations.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Code, flatten, type LoopFunction, signed, unsigned } from "./binary.ts";

/** How a group reads a tensor from memory. */
export type Access = "full" | "row" | "column" | "scalar";

/** An operand that is read from memory: a tensor, or the broadcast of one. */
export interface Read {
  /** The operand as the nodes of the group name it. */
  readonly operand: Tensor;
  /** The tensor in memory. */
  readonly tensor: Tensor;
  /** Which element is read for which. */
  readonly access: Access;
}

/** Elementwise operations that are computed together. */
export interface Group {
  /** The operations, each after its operands; broadcasts, indices and constants are not among them. */
  readonly nodes: readonly Tensor[];
  /** What is read from memory. */
  readonly reads: readonly Read[];
  /** What is written to memory: nodes, or a bare operand where a group only copies. */
  readonly writes: readonly Tensor[];
  /** Whether rows and columns matter; otherwise the elements are one long row. */
  readonly byRows: boolean;
}

/**
 * The loop as a function (a pointer for each read, a pointer for each write, row from, row to, first
 * column, columns): rows `from` to `to` of matrices of so many columns. A group that is not by rows is
 * one row of all elements, from 0 to 1.
 */
export function emitLoop(name: string, group: Group): LoopFunction {
  const locals = assignLocals(group);
  return {
    name,
    parameters: group.reads.length + group.writes.length + 4,
    integerLocals: 5 + group.reads.length + group.writes.length,
    vectorLocals: PAIR * (locals.vectors.size + 1) + 1,
    // Of its nested form, which is large, nothing is left when the next loop is emitted
    body: flatten([emitSplats("scalar", group, locals), emitRows(group, locals)]),
  };
}

const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const I32_ADD = 0x6a;
const I32_MUL = 0x6c;
const I32_AND = 0x71;
const I32_SHIFT_RIGHT = 0x76;
const I32_LT_U = 0x49;
const simd = (opcode: number): Code => [0xfd, unsigned(opcode)];
const integer = (value: number): Code => [0x41, signed(value)];
/** What follows the opcode of a load or store: aligned to 2² bytes at least, so many bytes added. */
const aligned = (offset: number): Code => [2, unsigned(offset)];

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

/** Numbers of the loop's parameters and local variables. */
interface Locals {
  readonly row: number;
  readonly to: number;
  readonly firstColumn: number;
  readonly columns: number;
  /** Bytes from the start of the matrix, and from the start of the row. */
  readonly at: number;
  readonly inRow: number;
  /** Where the row ends, and where its last whole vector and its last pair of them do. */
  readonly end: number;
  readonly whole: number;
  readonly paired: number;
  /** The first of the addresses of what is read and written, in the order of the pointers. */
  readonly address: number;
  /** Vector of the row's number. */
  readonly rowIndex: number;
  /** Vector of the columns' numbers, followed by that of the second of a pair. */
  readonly columnIndex: number;
  /** Vectors of what is read and computed, each followed by that of the second of a pair. */
  readonly vectors: ReadonlyMap<Tensor, number>;
}

/** Vectors that are taken side by side. */
const PAIR = 2;

function assignLocals({ reads, writes, nodes }: Group): Locals {
  const first = reads.length + writes.length;
  const [row, to, firstColumn, columns, at, inRow, end, whole, paired] = Array.from(
    { length: 9 },
    (_, index) => first + index,
  ) as [number, number, number, number, number, number, number, number, number];
  const operands = [...reads.map(({ operand }) => operand), ...nodes];
  const address = paired + 1;
  const rowIndex = address + reads.length + writes.length;
  const columnIndex = rowIndex + 1;
  const vectors = new Map(
    operands.map((operand, index) => [operand, columnIndex + PAIR * (index + 1)]),
  );
  return {
    row,
    to,
    firstColumn,
    columns,
    at,
    inRow,
    end,
    whole,
    paired,
    address,
    rowIndex,
    columnIndex,
    vectors,
  };
}

const get = (place: number): Code => [LOCAL_GET, unsigned(place)];
const set = (place: number): Code => [LOCAL_SET, unsigned(place)];
const advance = (place: number, by: number): Code => [
  get(place),
  integer(by),
  I32_ADD,
  set(place),
];

/** for (; row < to; row++) { read what the row shares; pairs of vectors; vectors; single elements } */
function emitRows(group: Group, locals: Locals): Code {
  const { row, to, columns, at, inRow, end, whole, paired } = locals;
  const bytes = [get(columns), integer(4), I32_MUL];
  return whileLoop([get(row), get(to), I32_LT_U], [
    [get(row), bytes, I32_MUL, set(at)],
    [get(at), bytes, I32_ADD, set(end)],
    [get(at), bytes, integer(-16), I32_AND, I32_ADD, set(whole)],
    [get(at), bytes, integer(-32), I32_AND, I32_ADD, set(paired)],
    [integer(0), set(inRow)],
    [get(row), simd(SPLAT), set(locals.rowIndex)],
    emitSplats("column", group, locals),
    emitElements({ end: paired, lanes: 4, vectors: PAIR }, group, locals),
    emitElements({ end: whole, lanes: 4, vectors: 1 }, group, locals),
    emitElements({ end, lanes: 1, vectors: 1 }, group, locals),
    advance(row, 1),
  ]);
}

/** Numbers that are the same for a whole row, or for all rows, are read once and into all lanes. */
function emitSplats(access: "column" | "scalar", { reads }: Group, locals: Locals): Code {
  const offset = access === "column" ? [get(locals.row), integer(4), I32_MUL, I32_ADD] : [];
  return reads.flatMap((read, pointer) => {
    const place = locals.vectors.get(read.operand) as number;
    return read.access === access
      ? [
        [get(pointer), offset, simd(LOAD_SPLAT), aligned(0), set(place)],
        [get(place), set(place + 1)],
      ]
      : [];
  });
}

/** So many vectors of so many elements at a time, up to a byte. */
interface Stretch {
  readonly end: number;
  readonly lanes: 4 | 1;
  readonly vectors: number;
}

/** for (; at < end; at += what is taken at a time) { load, compute, store } */
function emitElements({ end, lanes, vectors }: Stretch, group: Group, locals: Locals): Code {
  const { at, inRow } = locals;
  const each = Array.from({ length: vectors }, (_, number) => number);
  const bytes = 4 * lanes * vectors;
  return whileLoop([get(at), get(end), I32_LT_U], [
    emitColumnNumbers(each, locals),
    emitAddresses(group, locals),
    each.map((number) => emitLoads(group, { lanes, number }, locals)),
    each.map((number) =>
      group.nodes.map((node) => [
        emitOperation(node, number, locals),
        set((locals.vectors.get(node) as number) + number),
      ])
    ),
    group.writes.map((tensor, index) =>
      each.map((number) => emitStore(tensor, group.reads.length + index, { lanes, number }, locals))
    ),
    [advance(at, bytes), advance(inRow, bytes)],
  ]);
}

/** One of the vectors that are taken at a time. */
interface Taken {
  readonly lanes: 4 | 1;
  readonly number: number;
}

/** Addresses are computed once for a pair, which shows that its vectors are neighbours. */
function emitAddresses({ reads, writes }: Group, { address, at, inRow }: Locals): Code {
  const offsets = [
    ...reads.map(({ access }) => access === "full" ? at : access === "row" ? inRow : undefined),
    ...writes.map(() => at),
  ];
  return offsets.map((offset, pointer) =>
    offset === undefined ? [] : [get(pointer), get(offset), I32_ADD, set(address + pointer)]
  );
}

function emitLoads({ reads }: Group, { lanes, number }: Taken, locals: Locals): Code {
  const load = [simd(lanes === 4 ? LOAD : LOAD_ONE), aligned(16 * number)];
  return reads.map(({ operand, access }, pointer) =>
    access === "column" || access === "scalar"
      ? []
      : [get(locals.address + pointer), load, set((locals.vectors.get(operand) as number) + number)]
  );
}

function emitStore(
  tensor: Tensor,
  pointer: number,
  { lanes, number }: Taken,
  locals: Locals,
): Code {
  return [
    get(locals.address + pointer),
    emitOperand(tensor, number, locals),
    [simd(lanes === 4 ? STORE : STORE_LANE), aligned(16 * number), lanes === 4 ? [] : 0],
  ];
}

/** first column + byte offset in the row ÷ 4 + [0, 1, 2, 3], and 4 more for the second of a pair */
function emitColumnNumbers(each: readonly number[], locals: Locals): Code {
  const { firstColumn, inRow, columnIndex } = locals;
  return each.map((number) => [
    [get(firstColumn), get(inRow), integer(2), I32_SHIFT_RIGHT, I32_ADD, simd(SPLAT)],
    [simd(CONST), [0, 1, 2, 3].map((lane) => [4 * number + lane, 0, 0, 0])],
    [simd(ADD), set(columnIndex + number)],
  ]);
}

function emitOperation({ operation, inputs }: Tensor, number: number, locals: Locals): Code {
  const operands = inputs.map((input) => emitOperand(input, number, locals));
  if (operation.kind === "shift") {
    return [operands, integer(operation.bits), simd(SHIFT[operation.direction])];
  }
  if (operation.kind !== "primitive") {
    throw new TypeError(
      `Cannot emit: expected an elementwise operation: received ${operation.kind}`,
    );
  }
  const { name } = operation;
  if (name === "bitsOf" || name === "fromBits") return operands;
  if (name === "selectFloat" || name === "selectInteger") {
    const [mask = [], a = [], b = []] = operands;
    return [a, b, mask, simd(OPCODE[name])];
  }
  return [operands, simd(OPCODE[name])];
}

function emitOperand(tensor: Tensor, number: number, locals: Locals): Code {
  const place = locals.vectors.get(tensor);
  if (place !== undefined) return get(place + number);
  const { operation, type, shape } = tensor;
  if (operation.kind === "constant") return splatConstant(operation.value, type === "integer");
  if (operation.kind === "index") {
    const [byRow, byColumn] = [get(locals.rowIndex), get(locals.columnIndex + number)];
    if (shape.length === 2) return operation.axis === 0 ? byRow : byColumn;
    // A vector is one long row, so that the number of an element is its column
    return operation.axis === 0 ? byColumn : splatConstant(0, true);
  }
  throw new TypeError(`Cannot emit: expected an operand in reach: received ${operation.kind}`);
}

const LOOP = 0x03;
const IF = 0x04;
const NO_RESULT = 0x40;
const BRANCH = 0x0c;
const END = 0x0b;

/** loop { if (condition) { body; continue } } */
function whileLoop(condition: Code, body: Code): Code {
  return [LOOP, NO_RESULT, condition, IF, NO_RESULT, body, BRANCH, 1, END, END];
}

function splatConstant(value: number, isInteger: boolean): Code {
  const lane = new Uint8Array(
    isInteger ? Int32Array.of(value).buffer : Float32Array.of(value).buffer,
  );
  return [simd(CONST), lane, lane, lane, lane];
}
