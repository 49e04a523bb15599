import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  bars,
  chart,
  type ChartOptions,
  contour,
  dots,
  type Figure,
  histogram,
  intervals,
  line,
  type Mark,
  raster,
  rule,
  scatter,
  SHAPES,
  tintedImage,
} from "../../lib/plot/mod.ts";
import { assertGoodSvg } from "./support/checks.ts";
import { elementsOf, fileOf, hoverTitlesOf, textsOf } from "./support/drawn.ts";

/** Marks over axes from 0 to 10; the plot lies from 25.49 to 352 and from 200 up to 26 pixels. */
function drawn(marks: readonly Mark[], more: Partial<ChartOptions> = {}): Figure {
  const axis = { title: "t", domain: [0, 10], count: 2 } as const;
  return chart({ width: 360, height: 240, x: axis, y: axis, marks, ...more });
}

const pathsOf = (figure: Figure) =>
  elementsOf(figure, "path").map(({ attributes }) => attributes.d ?? "");

Deno.test("line() treats null, NaN and infinities as gaps", () => {
  for (const missing of [null, NaN, Infinity, -Infinity]) {
    const [path = ""] = pathsOf(drawn([line({ x: [0, 1, 2, 3, 4], y: [1, 2, missing, 2, 3] })]));
    assertEquals([path.match(/M/g)?.length, path.match(/L/g)?.length], [2, 2]);
  }
});

Deno.test("line() has a point's numbers in a title, and none where there is no point", () => {
  const y = [1, null, 3];
  const figure = drawn([line({ x: [0, 1, 2], y }, { title: (i) => `value ${y[i]}` })]);
  assertEquals(hoverTitlesOf(figure), ["value 1", "value 3"]);
});

Deno.test("dots() and bars() have titles with their numbers by default", () => {
  const points = { x: [1, 2], y: [0.123456789, 4] };
  assertEquals(hoverTitlesOf(drawn([dots(points)])), ["1, 0.123457", "2, 4"]);
  assertEquals(hoverTitlesOf(drawn([bars(points)])), ["1, 0.123457", "2, 4"]);
  assertEquals(hoverTitlesOf(drawn([dots(points, { title: (i) => `dot ${i}` })])), [
    "dot 0",
    "dot 1",
  ]);
});

Deno.test("dots() of every shape are well formed and differ", () => {
  const files = SHAPES.map((shape) => fileOf(drawn([dots({ x: [5], y: [5] }, { shape })])));
  for (const file of files) assertGoodSvg(file);
  assertEquals(new Set(files).size, SHAPES.length);
});

Deno.test("histogram() has a bar from edge to edge, as high as its count, none for 0", () => {
  const figure = drawn([histogram({ edges: [0, 5, 7.5, 10], counts: [5, 0, 10] })]);
  const shown = elementsOf(figure, "rect").filter(({ attributes }) => attributes.class === "f-blue")
    .map(({ attributes: { x, y, width, height } }) => [x, y, width, height].map(Number));
  // half a pixel on each side is left out; 10 are 174 high
  const across = 352 - left(figure);
  assertEquals(shown.map(([, y, , height]) => [y, height]), [[113, 87], [26, 174]]);
  for (const [i, share] of [1 / 2, 1 / 4].entries()) {
    // coordinates are rounded to 0.01, and so is what `across` is taken from
    assertAlmostEquals(shown[i]?.[2] ?? NaN, across * share - 1, 0.01);
  }
  assertEquals(hoverTitlesOf(figure), ["0 to 5: 5", "7.5 to 10: 10"]);
});

const left = (figure: Figure) =>
  Math.min(...elementsOf(figure, "line").map(({ attributes }) => Number(attributes.x1)));
const rounded = (value: number) => Math.round(value * 100) / 100;

Deno.test("histogram() rejects invalid bins", () => {
  assertThrows(() => histogram({ edges: [0, 1], counts: [1, 2] }), TypeError, "expected 3 edges");
  assertThrows(() => histogram({ edges: [0, 0], counts: [1] }), RangeError, "rising edges");
});

Deno.test("intervals() reach from end to end, and are a dot if an end is missing", () => {
  const ranges = { x: [2, 4], y: [5, 5], low: [0, null], high: [10, 6] };
  const figure = drawn([intervals(ranges)]);
  const [bar = "", ...others] = pathsOf(figure);
  assertEquals(others, []);
  assertEquals(/M[\d.]+,(\d+)H.*V(\d+)M/.exec(bar)?.slice(1), ["26", "200"]);
  assertEquals(elementsOf(figure, "circle").length, 2);
  assertEquals(hoverTitlesOf(figure), ["2: 5 (0 to 10)", "4: 5 (– to 6)"]);
  assertThrows(() => intervals({ ...ranges, low: [1] }), TypeError, "Cannot draw intervals");
});

Deno.test("drawRule() runs from side to side, and the diagonal where both axes have the value", () => {
  const figure = drawn([rule({ x: 10 }), rule({ y: 5 }), rule("diagonal")]);
  const start = left(figure);
  assertEquals(pathsOf(figure), [
    "M352,200L352,26",
    `M${start},113L352,113`,
    `M${start},200L352,26`,
  ]);
  for (const y of [NaN, -1, 11]) {
    const outside = drawn([rule({ y }, { label: "outside" }), line({ x: [0], y: [0] })]);
    assertEquals(pathsOf(outside).length, 1);
    assert(!textsOf(outside).includes("outside"));
  }
});

Deno.test("line() has its name at the end of the axis beyond which it ends", () => {
  const texts = elementsOf(drawn([line({ x: [0, 10], y: [5, 99] }, { label: "far" })]), "text");
  const name = texts.find(({ text }) => text === "far");
  assertEquals(name?.attributes.y, "30"); // the plot's upper side, 26, and 4 to the baseline
});

Deno.test("rule() has its name above the plot if upright, otherwise beside it or in the legend", () => {
  const marks = [
    rule({ x: 5 }, { label: "upright" }),
    rule({ y: 5 }, { label: "level" }),
    rule("diagonal", { label: "even" }),
    line({ x: [0, 10], y: [0, 10] }),
  ];
  const texts = elementsOf(drawn(marks), "text");
  const find = (name: string) => texts.find(({ text }) => text === name)?.attributes ?? {};
  assertEquals(Number(find("upright").y), 22); // the plot begins at 26
  assertEquals(Number(find("level").x), 360 - textRoom("level"));
  assertEquals(find("even").x, "26"); // in the legend, behind its sample
});

/** Width of a name of 11 pixels by the table of widths: l e v e l. */
function textRoom(name: string): number {
  assertEquals(name, "level");
  return rounded((278 + 615 + 592 + 615 + 278) * 0.011);
}

Deno.test("scatter() keeps the look of a class whatever other classes there are", () => {
  const names = ["a", "b", "c"];
  const all = scatter({ x: [1, 2, 3], y: [1, 2, 3], classes: [0, 1, 2] }, { names });
  const some = scatter({ x: [3, 4], y: [3, 4], classes: [2, 7] }, { names });
  assertEquals(all.length, 3);
  assertEquals(some.map(({ entry }) => entry), [all[2]?.entry]);
  assertEquals(textsOf(drawn(some)).at(-1), "c");
  assertEquals(hoverTitlesOf(drawn(some)), ["c: 3, 3"]);
});

Deno.test("dots() merged are one element of every shape but hollow circles, at the same positions", () => {
  const points = { x: [1, NaN, 5], y: [2, 3, 4] };
  for (const shape of SHAPES) {
    const figure = drawn([dots(points, { shape, merged: true, tone: "green" })]);
    assertGoodSvg(fileOf(figure));
    const shapes = ["path", "circle"].flatMap((name) => elementsOf(figure, name))
      .filter(({ attributes }) => attributes.class?.endsWith("-green"));
    assertEquals(shapes.length, shape === "hollowCircle" ? 2 : 1, shape);
    assertEquals(hoverTitlesOf(figure), [], shape);
  }
  const [disc = ""] = pathsOf(drawn([dots(points, { merged: true })]));
  // x from 8 + 2 digits of 11 × 0.636 = 21.99 to 352 over 10, y from 200 to 26: at (1, 2) and (5, 4)
  assertEquals(disc, "M54.99,165.2H54.99M187,130.4H187");
});

/** Numbers at the middles of cells over 0 to 10 in both directions, from the top. */
function gridOf(side: number, valueAt: (x: number, y: number) => number) {
  const middle = (cell: number) => 10 * (cell + 0.5) / side;
  const values = Array.from(
    { length: side * side },
    (_, cell) => valueAt(middle(cell % side), 10 - middle(Math.floor(cell / side))),
  );
  return { width: side, height: side, values };
}

const WHOLE = { x: [0, 10], y: [0, 10] } as const;

/** The ends of a path's pieces in pixels. */
function endsOf(path: string): readonly (readonly [number, number])[] {
  return [...path.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

Deno.test("contour() of a linear function is a straight line at its level", () => {
  const grid = gridOf(8, (x, y) => 2 * x - y);
  const [path = ""] = pathsOf(drawn([contour(grid, WHOLE, { level: 3 })]));
  const ends = endsOf(path);
  assert(ends.length >= 8);
  for (const [left, top] of ends) {
    const [x, y] = [(left - 21.99) / 33.001, (200 - top) / 17.4]; // the plot's corners in pixels
    assertAlmostEquals(2 * x - y, 3, 0.01);
  }
});

Deno.test("contour() separates areas above a level if corners alternate, and skips gaps", () => {
  const saddle = { width: 2, height: 2, values: [1, -1, -1, 1] };
  const turned = { width: 2, height: 2, values: [-1, 1, 1, -1] };
  for (const grid of [saddle, turned]) {
    const [path = ""] = pathsOf(drawn([contour(grid, WHOLE)]));
    const [a, b, c, d] = endsOf(path);
    // each piece cuts off one corner that is above: its ends lie on neighbouring sides
    const rising = grid === saddle ? 1 : -1;
    for (const [from, to] of [[a, b], [c, d]]) {
      const slope = (to[1] - from[1]) / (to[0] - from[0]);
      assertEquals(Math.sign(slope), -rising);
    }
  }
  assertEquals(pathsOf(drawn([contour({ ...saddle, values: [1, NaN, -1, 1] }, WHOLE)])), []);
  assertEquals(pathsOf(drawn([contour({ ...saddle, values: [1, 1, 1, 1] }, WHOLE)])), []);
});

Deno.test("raster() stretches an image over its part of the plane", () => {
  const image = tintedImage({ width: 2, height: 1, classes: [0, 1], strengths: [1, 0.5] });
  const figure = drawn([raster(image, { x: [0, 5], y: [5, 10] }, { name: "two cells" })]);
  const [{ attributes }] = elementsOf(figure, "image");
  const { x, y, width, height } = attributes;
  assertEquals([x, y].map(Number), [21.99, 26]);
  assertAlmostEquals(Number(width), (352 - 21.99) / 2, 0.01);
  assertEquals(Number(height), 87);
  assertEquals(hoverTitlesOf(figure), ["two cells"]);
  assertGoodSvg(fileOf(figure));
});

Deno.test("tintedImage() has the colour of each class, lighter with less strength", () => {
  const { pixels, palette, opacities } = tintedImage({
    width: 4,
    height: 1,
    classes: [0, 1, 6, 0],
    strengths: [1, 0, 0.5, NaN],
    opacity: 1,
  });
  const colourOf = (pixel: number) => [...palette?.subarray(3 * pixel, 3 * pixel + 3) ?? []];
  assertEquals(colourOf(pixels[1]), colourOf(pixels[2])); // the sixth class has the first one's colour
  assert(`${colourOf(pixels[0])}` !== `${colourOf(pixels[1])}`);
  assertEquals([...pixels].map((pixel) => opacities?.[pixel]), [255, 0, 132, 0]);
});
