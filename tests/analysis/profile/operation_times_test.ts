import { assertEquals } from "@std/assert";
import { operationTimes } from "../../../lib/analysis/profile/operation_times.ts";

const LABELS = [
  "input of the network: compress rows: compressRows",
  "forward of layer 1 (dense1): matmul: sparseProduct",
  "forward of layer 1 (dense1): matmul: sparseProduct",
  'update of group "all": mul, add: loop0',
];
const STEP = {
  labels: LABELS,
  times: { steps: 30, timed: 2, calls: [4, 8, 2, 6], waiting: 1.5 },
};

Deno.test("operationTimes() sums the calls of an operation, with the names of profiles", () => {
  assertEquals(operationTimes([STEP]), [
    { pass: "input", layer: "", operation: "compress rows", microseconds: 4 },
    { pass: "forward", layer: "dense1", operation: "matmul: sparseProduct", microseconds: 10 },
    { pass: "update", layer: "all", operation: "loop: mul, add", microseconds: 6 },
    { pass: "waiting", layer: "", operation: "for other workers", microseconds: 1.5 },
  ]);
});

Deno.test("operationTimes() weights programs by their steps, and omits programs that were not measured", () => {
  // 10 of 40 steps accumulate, without an update: (30 · 4 + 10 · 8) / 40, (30 · 10 + 10 · 2) / 40 …
  const accumulate = {
    labels: LABELS.slice(0, 2),
    times: { steps: 10, timed: 1, calls: [8, 2], waiting: 0 },
  };
  const rest = {
    labels: LABELS,
    times: { steps: 5, timed: 0, calls: [0, 0, 0, 0], waiting: 0 },
  };
  const times = operationTimes([STEP, accumulate, rest]).map(({ microseconds }) => microseconds);
  assertEquals(times, [5, 8, 4.5, 1.125]);
  assertEquals(operationTimes([rest]), []);
});
