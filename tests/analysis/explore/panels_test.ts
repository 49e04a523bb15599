/** The drawing of data before training. */
import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import {
  explorationDrawings,
  explorationPanels,
  explorationTables,
  tableDrawings,
} from "../../../lib/analysis/explore/drawings.ts";
import { describeData } from "../../../lib/analysis/explore/panels/facts.ts";
import { drawableImage } from "../../../lib/analysis/explore/panels/images.ts";
import type { ExplorationRecord } from "../../../lib/analysis/explore/exploration.ts";
import { encodeExploration } from "../../../lib/analysis/explore/exploration.ts";
import { assertGoodSvg } from "../../plot/support/checks.ts";
import { assertSnapshot } from "../../plot/support/snapshot.ts";
import type { TableFindings } from "../../../lib/analysis/explore/table.ts";
import { makeExploration } from "./exploration.ts";

const IMAGES = makeExploration({
  shape: [6, 5],
  counts: [12, 9, 15],
  testCounts: [4, 0, 5],
  cut: { validation: 6 },
});

const COLUMNS = ["length (cm)", "width (cm)", "height (cm)", "weight (g)"];

const TABLE = makeExploration({
  shape: [4],
  counts: [14, 10, 12],
  floats: true,
  columns: COLUMNS,
  nameOf: (label) => ["small", "middling", "large"][label],
});

for (const [name, record] of Object.entries({ images: IMAGES, table: TABLE })) {
  Deno.test(`explorationDrawings() draws ${name} as in its snapshot, with equal bytes twice`, async () => {
    const { report } = explorationDrawings(record);
    assertGoodSvg(report);
    assertEquals(explorationDrawings(record).report, report);
    await assertSnapshot(new URL(`snapshots/explore_${name}.svg`, import.meta.url), report);
  });
}

/** The panels that a record has. */
function panelsOf(record: ExplorationRecord): readonly string[] {
  return explorationDrawings(record).charts.map(({ name }) => name);
}

Deno.test("explorationDrawings() draws images for images and columns for tables", () => {
  const common = ["components", "plane", "duplicates"];
  assertEquals(panelsOf(IMAGES), ["splits", "balance", "samples", "pixels", ...common]);
  assertEquals(panelsOf(TABLE), ["splits", "balance", "columns", "classMeans", ...common]);
});

const FINDINGS: TableFindings = {
  profile: {
    rows: 120,
    names: ["id", "age", "town", "price"],
    label: 3,
    sha256: "",
    columns: ["id", "age", "town", "price"].map((name, index) => ({
      name,
      index,
      numbers: index === 2 ? 0 : 120 - index,
      texts: index === 2 ? 118 : 0,
      missing: index === 2 ? 2 : index === 3 ? 0 : index,
      empty: 0,
      min: index === 2 ? Infinity : 1,
      max: index === 2 ? -Infinity : 120,
      isWhole: index !== 3,
      distinct: index === 2 ? 3 : 120 - index,
      examples: index === 2 ? ["Rome", "Bern", "a town with a long name"] : ["1", "2", "3"],
    })),
  },
  options: { label: "price", ignore: ["id"], categorical: ["town"], missing: "median" },
  isLabelNamed: true,
};

Deno.test("explorationDrawings() draws the raw columns of a table, and options for reading it", () => {
  assertEquals(panelsOf({ ...TABLE, table: FINDINGS }).slice(0, 4), [
    "splits",
    "table",
    "options",
    "balance",
  ]);
});

Deno.test("tableDrawings() draws a table whose label has no classes as in its snapshot", async () => {
  const { report, charts } = tableDrawings({ name: "t-explore-0", title: "t", table: FINDINGS });
  assertEquals(charts.map(({ name }) => name), ["table", "options"]);
  for (const svg of [report, ...charts.map(({ svg }) => svg)]) assertGoodSvg(svg);
  await assertSnapshot(new URL("snapshots/explore_regression.svg", import.meta.url), report);
});

/** Data at the limits of what there may be. */
const LIMITS: Readonly<Record<string, ExplorationRecord>> = {
  "47 classes": makeExploration({ shape: [14, 14], counts: new Array(47).fill(4) }),
  "47 classes of a table": makeExploration({ shape: [3], counts: new Array(47).fill(4) }),
  "300 classes with a sample each": makeExploration({ shape: [2], counts: new Array(300).fill(1) }),
  "a class without samples": makeExploration({ shape: [4, 4], counts: [5, 0, 6] }),
  "one class": makeExploration({ shape: [4, 4], counts: [12] }),
  "one sample": makeExploration({ shape: [4, 4], counts: [1] }),
  "one feature": makeExploration({ shape: [1], counts: [3, 3] }),
  "a feature that is always 0": makeExploration({ shape: [1], counts: [2, 1] }),
  "colours": makeExploration({ shape: [9, 12, 3], counts: [8, 9], floats: true }),
  "images of 150 × 90 pixels": makeExploration({ shape: [150, 90], counts: [3, 4] }),
  "12,000 columns": makeExploration({ shape: [12_000], counts: [6, 6] }),
  "long names": makeExploration({
    shape: [3],
    counts: [4, 5],
    columns: ["a", "b", "c"].map((x) => x.repeat(90)),
    nameOf: (label) => `class ${"<&>".repeat(40)} ${label}`,
  }),
};

for (const [name, record] of Object.entries(LIMITS)) {
  Deno.test(`explorationDrawings() draws ${name} completely, in less than a megabyte`, () => {
    const { report, charts } = explorationDrawings(record);
    for (const svg of [report, ...charts.map(({ svg }) => svg)]) assertGoodSvg(svg);
    assertLess(report.length, 1_000_000);
    for (const { columns, rows } of explorationTables(record)) {
      for (const row of rows) assertEquals(row.length, columns.length);
    }
    const lines = encodeExploration(record).get("features.jsonl")?.trimEnd().split("\n");
    assertEquals(lines?.length, record.features.min.length);
  });
}

Deno.test("describeData() states remarkable facts with numbers", () => {
  assertEquals(describeData(IMAGES).slice(0, 4), [
    "45 samples of 6 × 5 values, 8-bit, in 3 classes (made up); no values are missing",
    "no test samples of class 1",
    // of 12, 9 and 15 samples 2, 1½ and 2½ are held out: by largest remainders 2, 2 and 2
    `the largest class has ${(13 / 7).toFixed(2)} times as many training samples as the smallest`,
    "1 of 30 features is constant on the training split",
  ]);
  assertEquals(describeData(TABLE).slice(1), [
    "the largest class has 1.4 times as many training samples as the smallest",
    "1 of 4 features is constant on the training split: length (cm)",
    // rows 8, 17, 26 and 35 repeat those before them; none begins a class
    "4 train samples are equal to an earlier one",
  ]);
});

Deno.test("describeData() hints at the reading of small whole numbers in a table", () => {
  const digits = makeExploration({ shape: [64], counts: [4, 5] });
  const few = (largest: number) => ({
    ...digits,
    features: { ...digits.features, max: new Float64Array(64).fill(largest) },
  });
  assertEquals(describeData(few(16)).slice(-2), [
    "whole numbers from 0 to 16 in 64 columns look like pixels: if samples are images, " +
    'add "shape": [8, 8] to "dataset"',
    'the method "unit" divides whole numbers by 255, and the largest here is 16: use "standardize" ' +
    "instead",
  ]);
  assertEquals(describeData(few(255)).filter((fact) => fact.includes("unit")), []);
});

Deno.test("explorationDrawings() draws a table of two columns in their plane, without components", () => {
  const record = makeExploration({
    shape: [2],
    counts: [7, 8],
    floats: true,
    columns: ["length (cm)", "width (cm)"],
  });
  assertEquals(panelsOf(record).filter((name) => ["components", "plane"].includes(name)), [
    "plane",
  ]);
  const svg = explorationDrawings(record).charts.find(({ name }) => name === "plane")?.svg ?? "";
  for (const text of ["length (cm)", "width (cm)", "15 training samples by their two features."]) {
    assertStringIncludes(svg, text);
  }
});

Deno.test("describeData() uses the singular for one, and compares no class with itself", () => {
  assertEquals(describeData(LIMITS["one sample"]), [
    "1 sample of 4 × 4 values, 8-bit, in 1 class (made up); no values are missing",
    "16 of 16 features are constant on the training split",
    "no two samples are equal",
  ]);
});

Deno.test("the class lists show classes without samples of a split with the number none", () => {
  const svg = explorationDrawings(IMAGES).charts.find(({ name }) => name === "balance")?.svg ?? "";
  assertEquals(svg.split(">none<").length - 1, 1);
});

Deno.test("tables with too many columns show those in which the classes differ most", () => {
  const record = LIMITS["12,000 columns"];
  const [, columns] = explorationTables(record);
  assertEquals(columns?.rows.length, 40);
  const shares = columns?.rows.map((row) => Number(row.at(-1))) ?? [];
  assertEquals(shares, shares.toSorted((a, b) => b - a));
  const captionOf = (name: string) => explorationPanels[name]?.(record)?.caption ?? "";
  assertStringIncludes(captionOf("classMeans"), "the 20 columns by which the classes differ most");
  assertStringIncludes(captionOf("plane"), "800 of 12,000 features");
});

Deno.test("drawableImage() maps the range to grey levels, and shrinks by means of squares", () => {
  const grey = (height: number, width: number) => ({ height, width, channels: 1 } as const);
  const small = drawableImage([-1, 0, 1, 3, NaN, 9], grey(2, 3), [-1, 4]);
  // (0 + 1) ÷ 5 of 255 is 51, and so on; what is not finite is as the lower end
  assertEquals([...small.pixels], [0, 51, 102, 204, 0, 255]);
  // 113 pixels are three times 56: squares of 3 × 3, of the last ones 2 rows and columns are there
  const large = drawableImage(
    Array.from({ length: 113 * 113 }, (_, i) => i % 113),
    grey(113, 113),
    [
      0,
      255,
    ],
  );
  assertEquals([large.height, large.width], [38, 38]);
  assertEquals([large.pixels[0], large.pixels[1], large.pixels[37]], [1, 4, 112]); // 111.5 rounded up
});

Deno.test("encodeExploration() writes equal samples by split and row, at most 20 for each group", () => {
  const record = makeExploration({ shape: [1], counts: [30, 1] });
  const alike: ExplorationRecord = {
    ...record,
    duplicates: {
      ...record.duplicates,
      listed: [Array.from({ length: 25 }, (_, row) => ({ split: "train", row, label: 0 }))],
    },
  };
  const { duplicates } = JSON.parse(encodeExploration(alike).get("explore.json") ?? "");
  assertEquals(duplicates.listed[0].samples, 25);
  assertEquals(duplicates.listed[0].first.length, 20);
  assertEquals(duplicates.listed[0].first[1], { split: "train", row: 1, class: "0" });
  assert(duplicates.groups > 0);
});
