import { assertEquals } from "@std/assert";
import { compile } from "../../../lib/engine/compiler/compile.ts";
import { groupElementwise } from "../../../lib/engine/compiler/group.ts";
import { openLocalMachine } from "../../../lib/engine/workers/machine.ts";
import { PRIMITIVES } from "../../../lib/tensor/operations.ts";
import {
  abs,
  add,
  addInteger,
  and,
  bitsOf as bitsOfTensor,
  broadcastColumn,
  broadcastRow,
  columnIndex,
  cosTurns,
  div,
  equal,
  equalInteger,
  erf,
  exp,
  fill,
  fromBits,
  greater,
  input,
  less,
  lessOrEqual,
  log,
  max,
  min,
  mul,
  nearest,
  neg,
  or,
  rowIndex,
  select,
  type Shape,
  shiftLeft,
  shiftRight,
  sizeOf,
  sqrt,
  sub,
  tanh,
  type Tensor,
  toFloat,
  toInteger,
  trunc,
  xor,
} from "../../../lib/tensor/mod.ts";
import { assertAgrees, computed } from "../bits.ts";

/** Numbers at which operations behave in ways of their own. */
const SPECIAL = [
  0,
  -0,
  1,
  -1,
  NaN,
  Infinity,
  -Infinity,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  2 ** -127 * 1.5,
  -(2 ** -126), // around the subnormals
  0.5,
  -0.5,
  1.5,
  2.5,
  -1.5,
  -2.5,
  0.49999997,
  -0.49999997,
  0.25,
  0.125,
  1 / 3, // ties
  2 ** 23,
  2 ** 23 + 1,
  2 ** 24,
  -(2 ** 23) + 0.5,
  8388607.5, // where halves end
  2 ** 31,
  2147483520,
  -(2 ** 31),
  -2147483904,
  2 ** 32,
  1e10,
  -1e10, // edges of integers
  3.4028234663852886e38,
  -3.4028234663852886e38,
  1e-40,
  88.7,
  89,
  -87.4,
  -103.9,
  -104,
  1e30,
].map(Math.fround);

const INTEGERS = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 0x7f800000, 0x00800000, 123456789, -7, 31];

/** Lengths around the 4 elements of a vector, and beyond a panel. */
const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 31, 32, 33, 64, 127];

const cycled = (values: readonly number[], count: number, every = 1) =>
  Array.from({ length: count }, (_, i) => values[Math.floor(i / every) % values.length]);

/** Every value of the first meets every value of the second. */
const PAIRS = {
  a: SPECIAL.flatMap((value) => SPECIAL.map(() => value)),
  b: SPECIAL.flatMap(() => SPECIAL),
};
const INTEGER_PAIRS = {
  i: INTEGERS.flatMap((value) => INTEGERS.map(() => value)),
  j: INTEGERS.flatMap(() => INTEGERS),
};

const vector = (name: string, count: number) => input(name, [count]);
const integers = (name: string, count: number) => input(name, [count], "integer");

const FLOAT: Readonly<Record<string, (a: Tensor, b: Tensor) => Tensor>> = {
  add,
  sub,
  mul,
  div,
  min,
  max,
  neg,
  abs,
  sqrt,
  nearest,
  trunc,
  equal,
  less,
  lessOrEqual,
  greater,
  selectFloat: (a, b) => select(less(a, b), a, b),
  selectInteger: (a, b) => select(less(a, b), toInteger(a), toInteger(b)),
  toInteger,
  bitsOf: (a) => bitsOfTensor(select(equal(a, a), a, 1)), // the bits of NaN are not promised
  exp,
  log,
  cosTurns,
  tanh,
  erf,
};

const INTEGER: Readonly<Record<string, (i: Tensor, j: Tensor) => Tensor>> = {
  addInteger,
  and,
  or,
  xor,
  equalInteger,
  toFloat,
  fromBits,
  ...Object.fromEntries([0, 1, 7, 23, 31].flatMap((bits) => [
    [`shift left ${bits}`, (i: Tensor) => shiftLeft(i, bits)],
    [`shift right ${bits}`, (i: Tensor) => shiftRight(i, bits)],
  ])),
};

Deno.test("the tests of emitted loops cover every primitive", () => {
  const tested = new Set([...Object.keys(FLOAT), ...Object.keys(INTEGER)]);
  assertEquals(Object.keys(PRIMITIVES).filter((name) => !tested.has(name)), []);
});

for (const [name, operation] of Object.entries(FLOAT)) {
  Deno.test(`an emitted loop computes ${name} of special numbers with the reference's bits`, () => {
    const size = PAIRS.a.length;
    const y = operation(vector("a", size), vector("b", size));
    assertAgrees({ outputs: { y } }, { inputs: PAIRS });
  });
}

for (const [name, operation] of Object.entries(INTEGER)) {
  Deno.test(`an emitted loop computes ${name} of special integers with the reference's bits`, () => {
    const size = INTEGER_PAIRS.i.length;
    const y = operation(integers("i", size), integers("j", size));
    assertAgrees({ outputs: { y } }, { inputs: INTEGER_PAIRS });
  });
}

Deno.test("an emitted loop of any length computes every element", () => {
  for (const length of LENGTHS) {
    const [a, b] = [vector("a", length), vector("b", length)];
    const inputs = { a: cycled(SPECIAL, length), b: cycled(SPECIAL, length, 3) };
    const outputs = {
      first: exp(min(a, 3)),
      second: toInteger(mul(a, b)),
      third: select(less(a, b), log(abs(a)), div(a, b)),
    };
    assertAgrees({ outputs }, { inputs });
  }
});

Deno.test("an emitted loop of any length writes nothing beyond its last element", () => {
  for (const length of LENGTHS.filter((length) => length % 16 > 0)) {
    const program = compile({ outputs: { y: fill(1, [length]) } });
    const machine = openLocalMachine({
      programs: { main: program },
      sources: {},
      perStep: [],
      steps: 1,
    });
    const { buffer, byteOffset } = machine.floats("out:y");
    const untilNextSpace = new Float32Array(buffer, byteOffset, Math.ceil(length / 16) * 16);
    untilNextSpace.fill(-7);
    machine.run("main");
    const expected = Array.from(untilNextSpace, (_, index) => index < length ? 1 : -7);
    assertEquals([...untilNextSpace], expected);
  }
});

Deno.test("a number, an input of one number and a constant are broadcast to all elements", () => {
  const rate = input("rate", []);
  const a = vector("a", 7);
  const inputs = { a: cycled(SPECIAL, 7), rate: [0.1] };
  const outputs = {
    number: mul(a, -0),
    scalar: mul(a, rate),
    ofScalars: add(rate, 0.2),
    filled: fill(-0, [3, 5]),
    filledNaN: fill(NaN, [2]),
    integer: addInteger(toInteger(a), 7),
  };
  assertAgrees({ outputs }, { inputs });
});

const SHAPES: readonly Shape[] = [[1, 1], [1, 7], [7, 1], [2, 3], [4, 4], [5, 5], [33, 33], [
  3,
  70,
]];

for (const shape of SHAPES) {
  const [rows = 1, columns = 1] = shape;
  Deno.test(`rows, columns and numbers are broadcast to a matrix [${shape.join(", ")}]`, () => {
    const x = input("x", shape);
    const [row, column] = [vector("row", columns), vector("column", rows)];
    const rate = input("rate", []);
    const inputs = {
      x: cycled(SPECIAL, sizeOf(shape)),
      row: cycled(SPECIAL.slice(7), columns),
      column: cycled(SPECIAL.slice(3), rows),
      rate: [0.3],
    };
    const outputs = {
      row: add(x, broadcastRow(row, rows)),
      column: mul(x, broadcastColumn(column, columns)),
      all: mul(sub(add(x, broadcastRow(row, rows)), broadcastColumn(column, columns)), rate),
      bare: broadcastRow(row, rows),
      bareColumn: broadcastColumn(column, columns),
      numbers: addInteger(shiftLeft(rowIndex(shape), 8), columnIndex(shape)),
      bareRowNumbers: rowIndex(shape),
      bareColumnNumbers: columnIndex(shape),
      mask: select(equalInteger(rowIndex(shape), columnIndex(shape)), x, 0),
      inner: broadcastRow(mul(row, 2), rows),
      twice: broadcastRow(fill(2, [columns]), rows),
    };
    assertAgrees({ outputs }, { inputs });
  });
}

Deno.test("one vector is broadcast to the rows and the columns of the same square matrix", () => {
  for (const size of [1, 3, 4, 5, 33]) {
    const v = vector("v", size);
    const outer = mul(broadcastRow(v, size), broadcastColumn(v, size));
    const inputs = { v: cycled(SPECIAL.slice(12), size) };
    const y = sub(outer, mul(broadcastRow(v, size), broadcastRow(v, size)));
    assertAgrees({ outputs: { y } }, { inputs });
  }
});

Deno.test("rowIndex() numbers the elements of a vector; columnIndex() of a vector is 0", () => {
  const outputs = {
    rows: addInteger(rowIndex([9]), 1),
    columns: addInteger(columnIndex([9]), 1),
    bare: rowIndex([5]),
    single: addInteger(rowIndex([]), 3),
  };
  assertEquals([...computed({ outputs })["out:rows"] ?? []], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assertAgrees({ outputs });
});

Deno.test("outputs of a loop, and values that are read again later, are all written", () => {
  const [a, b] = [vector("a", 33), vector("b", 33)];
  const sum = add(a, b);
  const mask = less(sum, 1);
  const chosen = select(mask, sum, b);
  const outputs = {
    sum,
    mask,
    chosen,
    further: broadcastRow(chosen, 3),
    rounded: toInteger(chosen),
  };
  const inputs = { a: cycled(SPECIAL, 33), b: cycled(SPECIAL.slice(8), 33) };
  const program = assertAgrees({ outputs }, { inputs });
  const [group] = groupElementwise(
    Object.values(outputs),
    (node) => Object.values<Tensor>(outputs).includes(node),
  );
  assertEquals(group?.nodes.length, 4);
  assertEquals(group?.writes.length, 4);
  assertEquals(program.calls.map(({ kernel }) => kernel), ["loop0", "loop1"]);
});

Deno.test("three groups that meet late are fused into one loop", () => {
  const [a, b] = [vector("a", 5), vector("b", 5)];
  const strands = [mul(a, 2), mul(b, 3), add(a, 4)] as const;
  const y = select(less(strands[0], strands[1]), strands[2], strands[0]);
  const [group, ...others] = groupElementwise([y], (node) => node === y);
  assertEquals([group?.nodes.length, group?.reads.length, others.length], [5, 2, 0]);
  assertAgrees({ outputs: { y } }, { inputs: { a: [1, 2, 3, 4, 5], b: [5, 1, 2, 3, 0] } });
});
