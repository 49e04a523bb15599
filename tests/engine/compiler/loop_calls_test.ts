import { assert, assertEquals } from "@std/assert";
import { compile } from "../../../lib/engine/compiler/compile.ts";
import { loopCalls } from "../../../lib/engine/compiler/calls/loops.ts";
import type { Region } from "../../../lib/engine/program/program.ts";
import { findBarriers } from "../../../lib/engine/program/partition.ts";
import {
  add,
  broadcastRow,
  concatenate,
  input,
  less,
  matmul,
  mul,
  reshape,
  select,
  slice,
  sub,
  sum,
  transpose,
} from "../../../lib/tensor/mod.ts";
import { normalValues } from "../../numbers.ts";
import { assertAgrees } from "../bits.ts";

const region = (space: string): Region => ({ space, offset: 0 });

Deno.test("loopCalls() partitions vectors by elements, and panels by their rows", () => {
  const [rows, columns] = [5, 70];
  const vector = input("v", [10 + rows * columns + 3]);
  const twice = mul(vector, 2);
  const group = {
    nodes: [twice],
    reads: [{ operand: vector, tensor: vector, access: "full" as const }],
    writes: [twice],
    byRows: false,
  };
  const places = { reads: [region("in:v")], writes: [region("out:v")] };
  const regions = [{ offset: 10, rows, columns }];
  const shared = loopCalls("loop0", group, places, regions).map((
    { rows, writes: [access] },
  ) => [access?.region.offset, rows, access?.perRow, access?.bytes]);
  assertEquals(shared, [
    [0, 10, 4, 40],
    [40, rows * 2, 128, rows * 256],
    [40 + rows * 256, rows, 24, rows * 24],
    [40 + rows * 280, 3, 4, 12],
  ]);
});

/** Weights that lie in panels, made smaller by their gradient. */
function update(width: number) {
  const [x, w, dy] = [input("x", [6, 9]), input("w", [9, width]), input("dy", [6, width])];
  return {
    outputs: { y: matmul(x, w) },
    state: { w: sub(w, mul(matmul(transpose(x), dy), 0.5)) },
  };
}

Deno.test("each worker updates the panels whose gradients it computed, without waiting", () => {
  const { state } = update(64);
  const { calls } = compile({ state, layouts: { w: [{ offset: 0, rows: 9, columns: 64 }] } });
  const spaces = [
    ...new Set(
      calls.flatMap(({ reads, writes }) => [...reads, ...writes])
        .map(({ region }) => region.space),
    ),
  ];
  const addressOf = ({ space, offset }: Region) => 2 ** 20 * (1 + spaces.indexOf(space)) + offset;
  const at = calls.findIndex(({ kernel }) => kernel.startsWith("loop"));
  assertEquals(calls[at - 1]?.kernel, "matmul");
  for (const workers of [2, 3, 5]) {
    assertEquals(findBarriers(calls, workers, addressOf)[at], false, `${workers} workers`);
  }
});

Deno.test("an update of panels of every width gives the reference's bits, by any worker", () => {
  for (const width of [31, 32, 33, 63, 64, 65, 96, 100]) {
    const inputs = {
      x: normalValues("x", [6 * 9]),
      w: normalValues("w", [9 * width]),
      dy: normalValues("dy", [6 * width]),
    };
    assertAgrees(update(width), { inputs });
  }
});

Deno.test("an update of a vector with two matrices in panels and biases between gives the same bits", () => {
  const [a, b] = [{ rows: 6, columns: 40 }, { rows: 40, columns: 65 }];
  const at = [0, 6 * 40 + 40, 6 * 40 + 40 + 40 * 65] as const;
  const all = input("all", [at[2] + 65]);
  const x = input("x", [3, a.rows]);
  const first = slice(all, at[0], [a.rows, a.columns]);
  const second = slice(all, at[1], [b.rows, b.columns]);
  const sums = add(matmul(x, first), broadcastRow(slice(all, at[0] + 240, [40]), 3));
  const hidden = select(less(0, sums), sums, 0);
  const y = matmul(hidden, second);
  const gradient = concatenate([
    reshape(matmul(transpose(x), matmul(y, transpose(second))), [240]),
    sum(hidden, "rows"),
    reshape(matmul(transpose(hidden), y), [40 * 65]),
    sum(y, "rows"),
  ]);
  const inputs = { all: normalValues("all", [at[2] + 65]), x: normalValues("x", [18]) };
  assertAgrees({ outputs: { y }, state: { all: sub(all, mul(gradient, 0.25)) } }, { inputs });
});

Deno.test("every worker computes for itself expressions of persistent single numbers", () => {
  const [w, rate] = [input("w", [50]), input("rate", [])];
  const half = mul(add(rate, 1), 0.5);
  const source = { state: { w: sub(w, mul(w, half)), count: add(input("count", []), 1) } };
  const { calls } = compile(source);
  const own = calls.filter(({ isReplicated = false }) => isReplicated);
  assert(own.every(({ writes }) => writes.every(({ region }) => region.space === "own")));
  assertEquals(own.map(({ kernel }) => kernel), ["loop0"]);
  assertAgrees(source, { inputs: { w: normalValues("w", [50]), rate: [3], count: [1] } });
});
