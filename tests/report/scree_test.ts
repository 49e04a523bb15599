/** The panel of a reduction. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { charts, panels, report, type RunRecord } from "../../lib/report/mod.ts";
import { assertGoodSvg } from "../plot/support/checks.ts";
import { assertSnapshot } from "../plot/support/snapshot.ts";
import { makeRecord } from "./record.ts";

/** A made-up run that keeps some of many components, whose variances fall like 1 / (i + 1)². */
function reduced(kept: number, features: number): RunRecord {
  const variances = Float64Array.from({ length: features }, (_, i) => 1 / (i + 1) ** 2);
  return { ...makeRecord({ mistakeEvery: 7 }), reduction: { name: "pca", kept, variances } };
}

/** The panel as a file. */
function drawing(record: RunRecord): string {
  return charts(record).find(({ name }) => name === "scree")?.svg ?? "";
}

Deno.test("scree() is drawn as in its snapshot", async () => {
  await assertSnapshot(new URL("snapshots/scree.svg", import.meta.url), drawing(reduced(6, 30)));
});

Deno.test("scree() states the number of components and their share of the variance", () => {
  // 1 + 1/4 of 1 + 1/4 + 1/9 = 1.3611
  const words =
    "the first 2 of 3 principal components (up to the dashed line), which explain 91.84\u00a0% of the variance";
  assertStringIncludes(panels.scree?.(reduced(2, 3))?.caption ?? "", words);
  assertStringIncludes(
    panels.scree?.(reduced(1, 1))?.caption ?? "",
    "the first 1 of 1 principal components (up to the dashed line), which explain 100.00\u00a0% of",
  );
});

Deno.test("scree() has a bar for each of few components, and a line for many", () => {
  // of 30 terms of 1 / i² the first 20 have 99.03 %
  const bars = (svg: string) => svg.split("<title>").length - 1;
  assertEquals(bars(drawing(reduced(6, 30))), 20);
  assertEquals(bars(drawing(reduced(30, 30))), 30);
  assertEquals(bars(drawing(reduced(70, 500))), 0);
});

Deno.test("report() of a reduced run is well formed, and names the network's inputs", () => {
  for (const record of [reduced(1, 2), reduced(6, 30), reduced(784, 784)]) {
    assertGoodSvg(report(record));
    assertGoodSvg(drawing(record));
  }
  assertStringIncludes(report(reduced(6, 30)), "8\u00a0×\u00a08 → pca\u00a06 → dense\u00a0128");
});

Deno.test("scree() is undefined without a reduction, and without variance", () => {
  assertEquals(drawing(makeRecord()), "");
  const variances = new Float64Array(3);
  assertEquals(drawing({ ...makeRecord(), reduction: { name: "pca", kept: 1, variances } }), "");
  assert(charts(makeRecord()).length > 0);
});
