import { assertStringIncludes } from "@std/assert";
import { drawRangeTest } from "../../../lib/analysis/lr_range/figure.ts";
import { assertGoodSvg } from "../../plot/support/checks.ts";
import { assertSnapshot } from "../../plot/support/snapshot.ts";

Deno.test("drawRangeTest() matches its snapshot, and omits losses far above the curve", async () => {
  const powers = Array.from({ length: 71 }, (_, i) => -6 + i / 10);
  const rates = powers.map((power) =>
    Number(`1e${Math.floor(power)}`) * (1 + 9 * (power - Math.floor(power)))
  );
  const smoothed = powers.map((power) => power < -3 ? 2 : power < -1 ? 0.5 : 2 + power);
  const losses = smoothed.map((loss, i) => i === 65 ? 1e30 : loss + ((i * 37) % 11) / 40 - 0.1);
  const svg = drawRangeTest({
    name: "digits-lr-range-0f3a9c21d0",
    title: "Digits",
    rates,
    losses,
    smoothed,
    diverged: true,

    valley: [rates[30], rates[49]],
    named: 0.0095,
    steepest: rates[29],
  });
  assertGoodSvg(svg);
  assertStringIncludes(svg, ">Suggested rate: 0.0095<");
  await assertSnapshot(new URL("snapshots/rate_range.svg", import.meta.url), svg);
});
