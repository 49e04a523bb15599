/** The panels of runs with two features, and of weights during training. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { charts, panels, type RunRecord } from "../../lib/report/mod.ts";
import { assertGoodSvg } from "../plot/support/checks.ts";
import { assertSnapshot } from "../plot/support/snapshot.ts";
import { readSvg, walk } from "../plot/support/tree.ts";
import { makeRecord } from "./record.ts";

const PLANE = makeRecord({
  classes: ["no", "yes"],
  columns: ["length in cm", "width in cm"],
  shape: [2],
  observed: true,
  plane: true,
});

const DIGITS = makeRecord({ observed: true, overTime: true });

/** A panel as a file. */
function drawing(record: RunRecord, panel: string): string {
  return charts(record).find(({ name }) => name === panel)?.svg ?? "";
}

/** Returns the descriptions of images for readers who do not see them. */
function imageNames(svg: string): readonly (string | undefined)[] {
  return [...walk(readSvg(svg))].filter(({ name }) => name === "image")
    .map(({ attributes }) => attributes["aria-label"]);
}

function textsOf(svg: string): readonly string[] {
  return [...walk(readSvg(svg))].filter(({ name }) => name === "text").map(({ text }) => text);
}

for (
  const [panel, record] of [["boundary", PLANE], ["units", PLANE], [
    "weightsOverTime",
    DIGITS,
  ]] as const
) {
  Deno.test(`${panel}() is drawn as in its snapshot`, async () => {
    const svg = drawing(record, panel);
    assertGoodSvg(svg);
    await assertSnapshot(new URL(`snapshots/${panel}.svg`, import.meta.url), svg);
  });
}

Deno.test("boundary() has a picture for each moment, with the names of features and classes", () => {
  const svg = drawing(PLANE, "boundary");
  const moments = ["before training", "after 1 epoch", "after 5 epochs", "within epoch 6"];
  assertEquals(imageNames(svg), moments.map((moment) => `most probable classes ${moment}`));
  const texts = textsOf(svg);
  for (const text of [...moments, "length in cm", "width in cm", "no", "yes"]) {
    assert(texts.includes(text), text);
  }
  assertStringIncludes(panels.boundary?.(PLANE)?.caption ?? "", "Large dots: validation samples.");
  const train = makeRecord({ shape: [2], observed: true, plane: true, validation: false });
  assertStringIncludes(panels.boundary?.(train)?.caption ?? "", "Dots: training samples.");
});

Deno.test("units() has a picture for each unit, and a line at the zero of an activation function's input", () => {
  const hidden = ["relu1", "maxout1", "tanh1", "tanh2"];
  const svg = drawing(makeRecord({ shape: [2], observed: true, plane: true, hidden }), "units");
  const units = imageNames(svg).filter((name) => name?.startsWith("output of"));
  assertEquals(units.length, 3 * 9); // of three layers at most
  const texts = textsOf(svg);
  for (const layer of hidden.slice(0, 3)) assert(texts.includes(`${layer}, first 9 of 128 units`));
  const lines = [...walk(readSvg(svg))].filter(({ name, attributes }) =>
    name === "path" && attributes["stroke-width"] === "1.5"
  );
  assertEquals(lines.length, 2 * 9); // and none of a maxout unit
});

Deno.test("weightsOverTime() has a sheet of images for each moment", () => {
  const names = imageNames(drawing(DIGITS, "weightsOverTime"));
  assertEquals(names.slice(0, 3), [
    "first-layer weights before training",
    "first-layer weights after 1 epoch",
    "first-layer weights after 5 epochs",
  ]);
});

Deno.test("panels of the plane are omitted for runs without it", () => {
  const names = charts(makeRecord({ observed: true })).map(({ name }) => name);
  for (const panel of ["boundary", "units", "weightsOverTime"]) assert(!names.includes(panel));
});
