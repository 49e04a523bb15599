import { assertAlmostEquals, assertEquals } from "@std/assert";
import { assertGoodSvg } from "../plot/support/checks.ts";
import { assertSnapshot } from "../plot/support/snapshot.ts";
import { fairEnvironment, ours } from "./contestants.ts";
import { benchDrawing } from "./drawing.ts";
import {
  type Comparison,
  fastestPeer,
  judged,
  type Measured,
  quantitiesOf,
  speedup,
} from "./rounds.ts";
import { comparisonTable, kernelTable, markdownTable } from "./tables.ts";

function measured(name: string, library: string, values: readonly number[], rest = {}): Measured {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = NaN, median = NaN, high = NaN] = sorted;
  return { name, library, values, low, median, high, ...rest };
}

const [TRAIN, WHOLE] = quantitiesOf(new Set(["steps", "runs"]), ["S"]);

const RATES: Comparison = {
  quantity: TRAIN,
  measured: judged([
    measured("ann-mlp", "ann-mlp", [240_000, 242_000, 230_000], { accuracy: 0.958 }),
    measured("numpy", "NumPy", [170_000, 173_000, 171_000], { accuracy: 0.956 }),
    measured("numpy-1t", "NumPy", [230_000, 200_000, 220_000], { accuracy: 0.955 }),
    measured("torch", "PyTorch", [900_000, 910_000, 920_000], { accuracy: 0.1 }),
    measured("sklearn", "scikit-learn", [], { fault: "Cannot measure sklearn: it ended" }),
  ]),
};

const TIMES: Comparison = {
  quantity: WHOLE,
  measured: [
    measured("ann-mlp", "ann-mlp", [1.5, 1.2, 1.3]),
    measured("numpy", "NumPy", [1.0, 1.1, 1.04]),
  ],
};

Deno.test("fastestPeer() ignores wrong results and failures", () => {
  assertEquals(fastestPeer(RATES)?.name, "numpy-1t");
  assertEquals(fastestPeer(RATES, "PyTorch"), undefined);
  assertEquals(RATES.measured[3]?.fault, "its test accuracy is 0.1, the best one's 0.958");
});

Deno.test("speedup() is above 1 if this project is faster, in any unit", () => {
  assertAlmostEquals(speedup(RATES, RATES.measured[2]), 240 / 220);
  assertAlmostEquals(speedup(TIMES, TIMES.measured[1]), 1.04 / 1.3);
});

Deno.test("markdownTable() has a row for each quantity, a column for each library, and the best in bold", () => {
  assertEquals(markdownTable([RATES, TIMES]), [
    "| Work | ann-mlp | NumPy | PyTorch | scikit-learn | speed, ours ÷ fastest peer |",
    "| --- | --- | --- | --- | --- | --- |",
    "| train S: 784-128-10, batches of 64, samples/s | **240,000** | 220,000 |  |  | 1.09 × |",
    "| whole process: load, 5 epochs of S, test, s | 1.30 | **1.04** |  |  | 0.80 × |",
  ]);
});

Deno.test("comparisonTable() shows spreads and accuracies, and the reason why a result is ignored", () => {
  assertEquals(comparisonTable([RATES]), [
    "train S: 784-128-10, batches of 64",
    "",
    "samples/s   median    least     most    test  speed, ours ÷ its",
    "─────────  ───────  ───────  ───────  ──────  ─────────────────",
    "ann-mlp    240,000  230,000  242,000  95.8 %",
    "numpy      171,000  170,000  173,000  95.6 %             1.40 ×",
    "numpy-1t   220,000  200,000  230,000  95.5 %             1.09 ×",
    "torch      910,000  900,000  920,000  10.0 %             0.26 ×",
    "sklearn          –        –        –",
    "  torch does not count: its test accuracy is 0.1, the best one's 0.958",
    "  sklearn does not count: Cannot measure sklearn: it ended",
    "",
  ]);
});

const KERNELS = {
  ceilings: { compute: 100, memory: [{ bytes: 2 ** 18, rate: 100 }] },
  kernels: [{
    name: "M: x W [128, 512] [512, 512]: matmul",
    operation: "matmul",
    time: 800,
    flops: 67_108_864,
    bytes: 1_572_864,
    gflops: 83.9,
    rate: 1.97,
    roof: 0.839,
    spread: { median: 800, low: 796, high: 804 },
  }],
} as const;

Deno.test("kernelTable() shows time, spread, rates and fraction of the ceiling", () => {
  assertEquals(kernelTable(KERNELS.kernels), [
    "operation                      µs  spread  GFLOP/s  GB/s  of roof",
    "────────────────────────────  ───  ──────  ───────  ────  ───────",
    "M: x W [128, 512] [512, 512]  800   1.0 %     83.9  1.97   83.9 %",
  ]);
});

Deno.test("benchDrawing() is valid SVG and matches its snapshot", async () => {
  const description = "2 threads, medians of 3 rounds";
  const svg = benchDrawing({ kernels: KERNELS, comparisons: [RATES, TIMES], description });
  assertGoodSvg(svg);
  await assertSnapshot(new URL("./snapshots/bench.svg", import.meta.url), svg);
});

Deno.test("fairEnvironment() removes variables that slow OpenBLAS down, and reports them", () => {
  const given = { PATH: "/bin", OPENBLAS_CORETYPE: "Haswell" };
  assertEquals(fairEnvironment(given), { env: { PATH: "/bin" }, removed: ["OPENBLAS_CORETYPE"] });
  assertEquals(fairEnvironment({ PATH: "/bin" }).removed, []);
});

Deno.test("ours() runs this project with the usual options and a number of workers", () => {
  const { command } = ours(3, "exact");
  assertEquals(command.filter((word) => word.startsWith("--v8-flags=")).length, 1);
  assertEquals(command.slice(-2), ["--threads", "3"]);
});
