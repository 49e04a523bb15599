import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  parseCallLabel,
  profileRows,
  timeByLayer,
  WAITING,
} from "../../../lib/analysis/profile/rows.ts";
import { formatLayerTable, formatOperationTable } from "../../../lib/analysis/profile/table.ts";
import { CEILINGS, PROFILE, SHARED } from "./example.ts";

Deno.test("parseCallLabel() parses pass, layer and operation of every label of a training step", () => {
  const cases = {
    "forward of layer 1 (dense1): matmul: sparseProduct": [
      "forward",
      "dense1",
      "matmul: sparseProduct",
    ],
    "backward of layer 12 (relu4): less, selectFloat: loop4": [
      "backward",
      "relu4",
      "loop: less, selectFloat",
    ],
    "backward of the loss: div: loop3": ["backward", "loss", "loop: div"],
    "loss: max over columns: maxColumns": ["loss", "", "max over columns"],
    "input of the network: compress rows: compressRows": ["input", "", "compress rows"],
    'update of group "all": mul, add: loop6': ["update", "all", "loop: mul, add"],
    "norm of the gradient: dot: dotBlocks": ["gradient", "", "dot: dotBlocks"],
    "matmul: matmul": ["other", "", "matmul"],
  };
  for (const [label, [pass, layer, operation]] of Object.entries(cases)) {
    assertEquals(
      { ...parseCallLabel(label) },
      { pass, layer, operation } as ReturnType<typeof parseCallLabel>,
    );
  }
});

Deno.test("profileRows() sorts by falling time, with rates and fractions of the roofline", () => {
  const rows = profileRows(PROFILE, CEILINGS);
  assertEquals(rows.map(({ time }) => time), [77.9, 60, 50, 10, 2, 0.1]);
  const product = rows[1];
  assertAlmostEquals(product?.share ?? 0, 0.3);
  assertAlmostEquals(product?.gflops ?? 0, 40);
  assertAlmostEquals(product?.rate ?? 0, 500 / 60);
  assertAlmostEquals(product?.roof ?? 0, 0.4); // 24 µs of arithmetic in 60
  assertAlmostEquals(rows[2]?.roof ?? 0, 28.5 / 50); // of bytes
});

Deno.test("profileRows() has no rates for operations shorter than the clock's resolution", () => {
  const operations = PROFILE.operations.map((each) => ({ ...each, time: 0, longest: 0 }));
  const [row] = profileRows({ ...PROFILE, operations }, CEILINGS);
  assertEquals([row?.time, row?.gflops, row?.rate, row?.roof], [0, NaN, NaN, NaN]);
});

Deno.test("profileRows() and timeByLayer() have a row for waiting if there are several workers", () => {
  const waiting = profileRows(SHARED, CEILINGS).find(({ pass }) => pass === WAITING);
  assertEquals([waiting?.time, waiting?.share, waiting?.roof], [25, 0.2, NaN]);
  const shares = timeByLayer(SHARED).map(({ share }) => share);
  assertAlmostEquals(shares.reduce((sum, share) => sum + share, 0), 1);
  assertEquals(timeByLayer(SHARED).at(-1)?.pass, WAITING);
});

Deno.test("formatOperationTable() aligns columns within 100 characters", () => {
  assertEquals(formatOperationTable(PROFILE, CEILINGS), [
    "pass      layer   operation                     µs    share  kFLOP    kB  GFLOP/s  GB/s  of roof",
    "────────  ──────  ──────────────────────────  ────  ───────  ─────  ────  ───────  ────  ───────",
    "backward  dense1  matmul: sparseProduct       77.9   39.0 %   2400   500     30.8  6.42   30.8 %",
    "forward   dense1  matmul: sparseProduct       60.0   30.0 %   2400   500     40.0  8.33   40.0 %",
    "update    all     loop: mul, add, sqrt, div…  50.0   25.0 %   1200  2850     24.0  57.0   57.0 %",
    "input             compress rows               10.0    5.0 %   10.0   100     1.00  10.0    9.1 %",
    "forward   relu1   loop: add, max              2.00    1.0 %   16.0   100     8.00  50.0   45.5 %",
    "loss              pick                        0.10    0.1 %      0  3.00        0  30.0   27.3 %",
    "all                                            200  100.0 %   6026  4053     30.1  20.3",
  ]);
  for (const line of formatOperationTable(SHARED, CEILINGS)) assert(line.length <= 100, line);
});

Deno.test("formatLayerTable() sums the time of each pass of each layer", () => {
  assertEquals(formatLayerTable(SHARED), [
    "pass      layer      µs   share",
    "────────  ──────  ─────  ──────",
    "input              5.00   4.0 %",
    "forward   dense1   30.0  24.0 %",
    "forward   relu1    1.00   0.8 %",
    "loss              0.050   0.0 %",
    "backward  dense1   39.0  31.2 %",
    "update    all      25.0  20.0 %",
    "waiting            25.0  20.0 %",
  ]);
});
