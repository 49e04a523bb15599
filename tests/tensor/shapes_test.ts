import { assertEquals, assertThrows } from "@std/assert";
import {
  add,
  addInteger,
  addNoise,
  addRow,
  argmax,
  blend,
  broadcastColumn,
  broadcastRow,
  columnIndex,
  concatenate,
  constant,
  dot,
  equal,
  erase,
  exp,
  fill,
  gatherColumns,
  gatherRows,
  input,
  less,
  matmul,
  max,
  min,
  reshape,
  select,
  shiftLeft,
  slice,
  source,
  sum,
  type Tensor,
  transpose,
  warp,
} from "../../lib/tensor/mod.ts";
import { skipZeros } from "../../lib/tensor/rewrite.ts";
import { deepFrozen } from "../numbers.ts";

const matrix = deepFrozen(input("matrix", [2, 3]));
const square = deepFrozen(input("square", [3, 3]));
const three = deepFrozen(input("three", [3]));
const two = deepFrozen(input("two", [2]));
const one = deepFrozen(input("one", []));
const rows = deepFrozen(input("rows", [2], "integer"));
const data = deepFrozen(source("data", 5, "dense8"));

const images = deepFrozen(gatherRows(source("images", 6, "sparse8"), rows));
const SIZE = { height: 2, width: 3 };
const MAP = deepFrozen({ xx: two, xy: two, atX: two, yx: two, yy: two, atY: two });

const SHAPES: Readonly<Record<string, { tensor: Tensor; shape: readonly number[] }>> = {
  "add of one number": { tensor: add(matrix, 1), shape: [2, 3] },
  "add of a tensor of shape []": { tensor: add(one, matrix), shape: [2, 3] },
  "addRow": { tensor: addRow(matrix, three), shape: [2, 3] },
  "broadcastRow": { tensor: broadcastRow(three, 4), shape: [4, 3] },
  "broadcastColumn": { tensor: broadcastColumn(three, 4), shape: [3, 4] },
  "fill": { tensor: fill(7, [2, 2]), shape: [2, 2] },
  "matmul": { tensor: matmul(matrix, square), shape: [2, 3] },
  "transpose": { tensor: transpose(matrix), shape: [3, 2] },
  "sum over rows": { tensor: sum(matrix, "rows"), shape: [3] },
  "sum over columns": { tensor: sum(matrix, "columns"), shape: [2] },
  "max over columns": { tensor: max(matrix, "columns"), shape: [2] },
  "argmax": { tensor: argmax(matrix), shape: [2] },
  "gatherColumns": { tensor: gatherColumns(matrix, rows), shape: [2] },
  "dot": { tensor: dot(three, three), shape: [] },
  "gatherRows": { tensor: gatherRows(data, rows), shape: [2, 5] },
  "warp": { tensor: warp(images, SIZE, MAP), shape: [2, 6] },
  "erase": {
    tensor: erase(images, SIZE, { left: rows, top: rows, right: rows, bottom: rows }),
    shape: [2, 6],
  },
  "blend": { tensor: blend(images, two), shape: [2, 6] },
  "addNoise": { tensor: addNoise(images, input("added", [2, 6])), shape: [2, 6] },
  "slice": { tensor: slice(three, 1, [2, 1]), shape: [2, 1] },
  "reshape": { tensor: reshape(matrix, [6]), shape: [6] },
  "concatenate": { tensor: concatenate([matrix, three]), shape: [9] },
};

for (const [name, { tensor, shape }] of Object.entries(SHAPES)) {
  Deno.test(`${name} has the shape [${shape}]`, () => assertEquals(tensor.shape, shape));
}

Deno.test("comparisons and argmax() have integer types; select() has the type of its operands", () => {
  assertEquals(equal(three, 0).type, "integer");
  assertEquals(argmax(matrix).type, "integer");
  assertEquals(select(equal(three, 0), three, 1).type, "float");
  assertEquals(select(equal(two, 0), rows, 1).type, "integer");
});

type Refusal = readonly [() => Tensor, typeof TypeError | typeof RangeError, string];

const REFUSALS: Readonly<Record<string, Refusal>> = {
  "add() of different shapes": [
    () => add(matrix, three),
    TypeError,
    "Cannot add: expected the same shape or a single number: received [2, 3] and [3]",
  ],
  "addInteger() of floating-point numbers": [
    () => addInteger(three, 1),
    TypeError,
    "Cannot addInteger: expected integer elements: received float",
  ],
  "exp() of integers": [
    () => exp(rows),
    TypeError,
    "Cannot exp: expected float elements: received integer",
  ],
  "addRow() of a row too short": [
    () => addRow(matrix, two),
    TypeError,
    "Cannot add: expected the same shape or a single number: received [2, 3] and [2, 2]",
  ],
  "broadcastRow() of a matrix": [
    () => broadcastRow(matrix, 2),
    TypeError,
    "Cannot repeat a row: expected a vector of 1 dimensions: received [2, 3]",
  ],
  "shiftLeft() by 32 bits": [
    () => shiftLeft(rows, 32),
    RangeError,
    "Cannot shift: expected 0 to 31 bits: received 32",
  ],
  "matmul() of matrices that do not fit": [
    () => matmul(matrix, matrix),
    TypeError,
    "Cannot matmul: expected as many columns on the left as rows on the right: " +
    "received [2, 3] and [2, 3]",
  ],
  "matmul() with a vector": [
    () => matmul(matrix, three),
    TypeError,
    "Cannot matmul: expected two matrices: received [2, 3] and [3]",
  ],
  "transpose() of a vector": [
    () => transpose(three),
    TypeError,
    "Cannot transpose: expected a matrix of 2 dimensions: received [3]",
  ],
  "sum() of a vector": [
    () => sum(three, "rows"),
    TypeError,
    "Cannot sum: expected a matrix of 2 dimensions: received [3]",
  ],
  "argmax() of integers": [
    () => argmax(columnIndex([2, 3])),
    TypeError,
    "Cannot argmax: expected float elements: received integer",
  ],
  "gatherColumns() from integers": [
    () => gatherColumns(columnIndex([2, 3]), rows),
    TypeError,
    "Cannot gather columns: expected float elements: received integer",
  ],
  "dot() of integers": [
    () => dot(two, rows),
    TypeError,
    "Cannot dot: expected float elements: received integer",
  ],
  "gatherColumns() of too few columns": [
    () => gatherColumns(square, rows),
    TypeError,
    "Cannot gather columns: expected a column for each row: received [3, 3] and [2]",
  ],
  "gatherColumns() by floating-point numbers": [
    () => gatherColumns(matrix, two),
    TypeError,
    "Cannot gather columns: expected integer elements: received float",
  ],
  "dot() of different shapes": [
    () => dot(three, two),
    TypeError,
    "Cannot dot: expected tensors of one shape: received [3] and [2]",
  ],
  "gatherRows() from something computed": [
    () => gatherRows(three, rows),
    TypeError,
    "Cannot gather rows: expected a source: received input",
  ],
  "slice() beyond the end": [
    () => slice(three, 2, [2]),
    RangeError,
    "Cannot slice: expected a part of [3]: received 2 to 4",
  ],
  "reshape() to another number of elements": [
    () => reshape(matrix, [5]),
    TypeError,
    "Cannot reshape: expected as many elements: received [2, 3] and [5]",
  ],
  "concatenate() of nothing": [
    () => concatenate([]),
    TypeError,
    "Cannot concatenate: expected at least one tensor: received none",
  ],
  "input() with a dimension of size 0": [
    () => input("x", [0, 3]),
    RangeError,
    'Cannot create input "x": expected positive integers as shape: received [0, 3]',
  ],
};

for (const [what, [make, Class, message]] of Object.entries(REFUSALS)) {
  Deno.test(`${what} is rejected, with the expected and the received value`, () => {
    assertEquals(assertThrows(make, Class).message, message);
  });
}

Deno.test("constant() keeps double precision; a number among the operands becomes a constant", () => {
  assertEquals(constant(0.1).operation, { kind: "constant", value: 0.1 });
  assertEquals(add(one, 0.1).inputs[1]?.operation, { kind: "constant", value: 0.1 });
});

Deno.test("skipZeros() marks only rectified factors, with 64 columns or more on the right", () => {
  const wide = input("wide", [3, 64]);
  const tall = input("tall", [2, 64]);
  const rectified = {
    rectifier: matmul(max(matrix, 0), wide),
    "the other way round": matmul(max(0, matrix), wide),
    "its gradient": matmul(select(less(0, matrix), matrix, 0), wide),
    "chosen otherwise": matmul(select(less(0, matrix), 0, matrix), wide),
    transposed: matmul(transpose(max(matrix, 0)), tall),
  };
  const others = {
    plain: matmul(matrix, wide),
    "narrow right": matmul(max(matrix, 0), input("narrow", [3, 63])),
    "at least 1": matmul(max(matrix, 1), wide),
    "at most 0": matmul(min(matrix, 0), wide),
    "rectified right": matmul(matrix, max(wide, 0)),
    "a condition of zeros": matmul(select(equal(matrix, 0), matrix, 1), wide),
  };
  const zerosOf = (y: Tensor) => {
    const { operation } = skipZeros({ y }).outputs.y;
    return operation.kind === "matmul" ? operation.zeros : "";
  };
  for (const [name, y] of Object.entries(rectified)) {
    assertEquals(y.operation, { kind: "matmul", zeros: "multiplied" }); // whatever a factor is made of
    assertEquals(zerosOf(y), "left out", name);
  }
  for (const [name, y] of Object.entries(others)) assertEquals(zerosOf(y), "multiplied", name);
});
