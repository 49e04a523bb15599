import { assert, assertEquals } from "@std/assert";
import { buildTrace } from "../../../lib/analysis/profile/trace.ts";
import { drawProfile } from "../../../lib/analysis/profile/drawing.ts";
import { assertGoodSvg } from "../../plot/support/checks.ts";
import { assertSnapshot } from "../../plot/support/snapshot.ts";
import { PAGE, PROFILE, TIMELINE } from "./example.ts";

const LABELS = PROFILE.operations.map(({ label }) => label);
const RUN = {
  name: "an example",
  labels: LABELS,
  timelines: [TIMELINE, TIMELINE],
  profile: PROFILE,
};

Deno.test("buildTrace() has a named process, and for each worker a named track with slices", () => {
  const { traceEvents, displayTimeUnit } = buildTrace([RUN, RUN], 2);
  assertEquals(displayTimeUnit, "ns");
  const names = traceEvents.flatMap((event) =>
    event.ph === "M" && event.name !== "thread_sort_index"
      ? [[event.pid, event.tid, event.args.name]]
      : []
  );
  assertEquals(names, [
    [1, 0, "an example"],
    [1, 1, "worker 1"],
    [1, 2, "worker 2"],
    [2, 0, "an example"],
    [2, 1, "worker 1"],
    [2, 2, "worker 2"],
  ]);
  // in each of two runs, of each of two workers, the last two steps and their three intervals
  assertEquals(traceEvents.filter(({ ph }) => ph === "X").length, 2 * 2 * 2 * (1 + 3));
});

Deno.test("buildTrace() has nested slices in microseconds, as the format requires", () => {
  const slices = buildTrace([{ ...RUN, timelines: [TIMELINE] }], 2).traceEvents.flatMap((event) =>
    event.ph === "X" ? [event] : []
  );
  assertEquals(slices.slice(0, 4).map(({ name, cat, ts, dur }) => [name, cat, ts, dur]), [
    ["step 1", "step", 200, 140],
    ["input: compress rows", "input", 200, 60],
    ["barrier", "barrier", 260, 2],
    ["backward dense1: matmul: sparseProduct", "backward", 262, 78],
  ]);
  assertEquals(slices[3]?.args, {
    operation: LABELS[4],
    call: 4,
    flops: 2_400_000,
    bytes: 500_000,
  });
  for (const inner of slices.filter(({ cat }) => cat !== "step")) {
    const isWithin = slices.some(({ cat, ts, dur }) =>
      cat === "step" && ts <= inner.ts && inner.ts + inner.dur <= ts + dur + 0.001
    );
    assert(isWithin, JSON.stringify(inner));
  }
});

Deno.test("drawProfile() is valid SVG and matches its snapshot", async () => {
  const svg = drawProfile(PAGE);
  assertGoodSvg(svg);
  await assertSnapshot(new URL("./snapshots/profile.svg", import.meta.url), svg);
});
