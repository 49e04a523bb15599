/** The environment of a run: what they say of where its time went. */
import { assert, assertEquals } from "@std/assert";
import { drawEnvironment } from "../../lib/report/environment/environment.ts";
import { assertGoodSvg } from "../plot/support/checks.ts";
import { assertSnapshot } from "../plot/support/snapshot.ts";
import { readSvg, walk } from "../plot/support/tree.ts";
import { factsOf, TIMINGS } from "./timing.ts";

function drawingOf(name: keyof typeof TIMINGS): string {
  return drawEnvironment("mnist-mlp-7f76d4af33", factsOf(TIMINGS[name]));
}

/** The texts of a drawing, in its order. */
function textsOf(svg: string): readonly string[] {
  return [...walk(readSvg(svg))].filter(({ name }) => name === "text").map(({ text }) => text);
}

for (const name of Object.keys(TIMINGS) as readonly (keyof typeof TIMINGS)[]) {
  Deno.test(`drawEnvironment() of ${name} is well formed, with equal bytes twice`, () => {
    const svg = drawingOf(name);
    assertGoodSvg(svg);
    assertEquals(drawingOf(name), svg);
  });
}

Deno.test("drawEnvironment() is drawn as in its snapshot", async () => {
  const kept = {
    environment: "a run",
    environment_stages: "stages alone",
    environment_deep: "20 hidden layers with long names",
  } as const;
  for (const [file, name] of Object.entries(kept)) {
    await assertSnapshot(new URL(`snapshots/${file}.svg`, import.meta.url), drawingOf(name));
  }
});

/** Returns the texts of a panel, from its title to the next panel's. */
function panelOf(svg: string, title: string, next: string): readonly string[] {
  const texts = textsOf(svg);
  const to = texts.indexOf(next);
  return texts.slice(texts.indexOf(title) + 1, to < 0 ? undefined : to);
}

/** The shares that some texts name, in percent. */
function sharesIn(texts: readonly string[]): readonly number[] {
  return texts.flatMap((text) => /· (.*)\u00a0%$/.exec(text)?.[1] ?? []).map(Number);
}

Deno.test("drawEnvironment() has fractions of a training and of a step that add up to 1", () => {
  const svg = drawingOf("a run");
  const activities = sharesIn(panelOf(svg, "Time by activity", "Speed"));
  const operations = sharesIn(panelOf(svg, "Time by operation", "Time by pass"));
  const parts = sharesIn(panelOf(svg, "Time by pass", ""));
  assertEquals([activities.length, operations.length, parts.length], [6, 17, 7]);
  for (const shares of [activities, operations, parts]) {
    // each is rounded to 0.1 %, so 17 of them are off by 17 · 0.05 at most
    assert(Math.abs(shares.reduce((sum, share) => sum + share) - 100) < 0.85, `${shares}`);
  }
  assertEquals(activities, [70.3, 11.5, 3.6, 3.4, 3.1, 8.2]); // the rest, 63.4 ms of 776, is last
});

Deno.test("drawEnvironment() draws the longest operations, and all others as one", () => {
  const texts = panelOf(
    drawingOf("20 hidden layers with long names"),
    "Time by operation",
    "Time by pass",
  );
  assert(texts.includes("61 others"), texts.join("\n")); // 20 · 5 + 1 less the 40 that have a bar
  assert(texts.includes("backward dense20: matmul"));
  assert(!texts.includes("forward relu1: loop: add, max"));
});

Deno.test("drawEnvironment() states the speed, and the steps that are not counted", () => {
  const texts = textsOf(drawingOf("a run"));
  for (
    const text of [
      "504,402 samples/s during steps",
      "354,381 samples/s over the training",
      "127\u00a0µs",
    ]
  ) {
    assert(texts.includes(text), `${text} in ${texts.join("\n")}`); // 275,000 in 545.2 and 776 ms
  }
  assert(texts.includes("125\u00a0ms (median; 119\u00a0ms to 261\u00a0ms)"), texts.join("\n"));
  const resumed = textsOf(drawingOf("200 epochs of a run that went on"));
  assert(resumed.includes("1,720 steps before the run was resumed"));
  const few = textsOf(drawingOf("too few steps"));
  assert(few.includes("not timed, too few steps"));
  assert(!few.includes("Time by operation"));
});
