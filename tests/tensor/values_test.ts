import { assertEquals } from "@std/assert";
import {
  abs,
  addRow,
  argmax,
  broadcastColumn,
  broadcastRow,
  columnIndex,
  concatenate,
  dot,
  fill,
  gatherColumns,
  gatherRows,
  input,
  less,
  lessOrEqual,
  matmul,
  max,
  min,
  nearest,
  reshape,
  rowIndex,
  select,
  slice,
  source,
  sum,
  type Tensor,
  toInteger,
  transpose,
  trunc,
} from "../../lib/tensor/mod.ts";
import { valuesOf } from "../numbers.ts";

const a = input("a", [2, 3]);
const b = input("b", [3, 2]);
const v = input("v", [3]);
const rows = input("rows", [2], "integer");
const bindings = {
  inputs: { a: [1, 2, 3, 4, 5, 6], b: [1, 0, 0, 1, 2, -1], v: [10, 20, 30], rows: [2, 0] },
  sources: { data: { values: [1, 2, 3, 4, 5, 6], scale: [10, 0.5] } },
};

const VALUES: Readonly<Record<string, { tensor: Tensor; values: readonly number[] }>> = {
  "matmul() multiplies rows by columns": { tensor: matmul(a, b), values: [7, -1, 16, -1] },
  "transpose() exchanges rows and columns": { tensor: transpose(a), values: [1, 4, 2, 5, 3, 6] },
  "sum() adds the rows": { tensor: sum(a, "rows"), values: [5, 7, 9] },
  "sum() adds the columns": { tensor: sum(a, "columns"), values: [6, 15] },
  "max() finds each row's largest": { tensor: max(b, "columns"), values: [1, 1, 2] },
  "argmax() finds where it is, the first of equals": {
    tensor: argmax(fill(1, [2, 3])),
    values: [0, 0],
  },
  "gatherColumns() takes a column's number from each row": {
    tensor: gatherColumns(a, rows),
    values: [3, 4],
  },
  "dot() adds products": { tensor: dot(v, v), values: [1400] },
  "dot() adds those of matrices row by row": { tensor: dot(a, a), values: [91] },
  "addRow() adds a row to every row": { tensor: addRow(a, v), values: [11, 22, 33, 14, 25, 36] },
  "broadcastRow() repeats a row": { tensor: broadcastRow(v, 2), values: [10, 20, 30, 10, 20, 30] },
  "broadcastColumn() repeats a column": {
    tensor: broadcastColumn(v, 2),
    values: [10, 10, 20, 20, 30, 30],
  },
  "rowIndex() numbers the rows": { tensor: rowIndex([2, 2]), values: [0, 0, 1, 1] },
  "columnIndex() numbers the columns": { tensor: columnIndex([2, 2]), values: [0, 1, 0, 1] },
  "slice() and reshape() see the same elements": {
    tensor: slice(reshape(a, [6]), 2, [2, 2]),
    values: [3, 4, 5, 6],
  },
  "concatenate() puts tensors one after the other": {
    tensor: concatenate([v, b]),
    values: [10, 20, 30, 1, 0, 0, 1, 2, -1],
  },
  "gatherRows() decodes rows: value times the feature's scale": {
    tensor: gatherRows(source("data", 2, "dense8"), rows),
    values: [50, 3, 10, 1],
  },
};

for (const [name, { tensor, values }] of Object.entries(VALUES)) {
  Deno.test(name, () => assertEquals(valuesOf(tensor, bindings), values));
}

const x = input("x", [6]);
const of = (tensor: Tensor, values: readonly number[]) =>
  valuesOf(tensor, { inputs: { x: values } });

Deno.test("nearest() rounds ties to even, trunc() drops the fraction", () => {
  assertEquals(of(nearest(x), [0.5, 1.5, 2.5, -0.5, -1.5, 0.49]), [0, 2, 2, -0, -2, 0]);
  assertEquals(of(trunc(x), [0.9, 1.9, -0.9, -1.9, 2, 0]), [0, 1, -0, -1, 2, 0]);
});

Deno.test("min() and max() return NaN for NaN, and distinguish -0 from 0", () => {
  assertEquals(of(max(x, 0), [NaN, -0, 0, -1, 1, Infinity]), [NaN, 0, 0, 0, 1, Infinity]);
  assertEquals(of(min(x, 0), [NaN, -0, 0, -1, 1, -Infinity]), [NaN, -0, 0, -1, 0, -Infinity]);
});

Deno.test("comparisons are masks of all bits, unset for NaN; select() ignores NaN in the other operand", () => {
  const values = [NaN, -1, 0, 1, Infinity, -Infinity];
  assertEquals(of(less(x, 0), values), [0, -1, 0, 0, 0, -1]);
  assertEquals(of(lessOrEqual(x, 0), values), [0, -1, -1, 0, 0, -1]);
  assertEquals(of(select(less(abs(x), 5), x, 9), values), [9, -1, 0, 1, 9, 9]);
});

Deno.test("toInteger() truncates, saturates, and returns 0 for NaN", () => {
  const values = [1.9, -1.9, NaN, 1e10, -1e10, 0];
  assertEquals(of(toInteger(x), values), [1, -1, 0, 2 ** 31 - 1, -(2 ** 31), 0]);
});
