/** Figures that are no single chart, and what holds for all of them whatever the data. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  bars,
  chart,
  divergingBar,
  divergingImage,
  dots,
  type Figure,
  heatMap,
  type Image,
  imageGrid,
  imageSheet,
  intervals,
  largestMagnitude,
  legend,
  line,
  lineLook,
  networkDiagram,
  parallelCoordinates,
  rule,
  scatter,
  smallMultiples,
  titled,
} from "../../lib/plot/mod.ts";
import { assertGoodSvg } from "./support/checks.ts";
import { elementsOf, fileOf, hoverTitlesOf, spanOf, textsOf } from "./support/drawn.ts";

const size = { width: 360, height: 240 };
const x = { title: "x" };
const y = { title: "y" };

/** Series that come up in runs. */
const awkward: Readonly<Record<string, readonly (number | null)[]>> = {
  "no values": [],
  "one value": [3],
  "one zero": [0],
  "equal values": [2, 2, 2],
  "nothing finite": [NaN, null, Infinity, -Infinity],
  "gaps": [1, null, 2, NaN, 3],
  "200 values": Array.from({ length: 200 }, (_, i) => Math.abs(i - 100)),
  "tiny values": [1e-300, 2e-300],
  "huge values": [1e300, -1e300],
  "near values": [1, 1 + 2 ** -50],
};

for (const [name, values] of Object.entries(awkward)) {
  Deno.test(`figures of ${name} are valid SVG`, () => {
    const points = { x: values.map((_, i) => i), y: values };
    const title = "t".repeat(300);
    const marks = [
      bars(points),
      line(points, { label: title }),
      dots(points, { legend: title }),
      intervals({ ...points, low: values, high: values }),
      rule({ x: 1 }, { label: title }),
      ...scatter({ ...points, classes: values.map((_, i) => i % 47) }, {
        names: Array.from({ length: 47 }, (_, i) => `class ${i}`),
      }),
    ];
    const long = { title };
    const lines = values.map((value, i) => ({ name: title, values: [value, i] }));
    const figures = [
      chart({ ...size, x: long, y: long, marks }),
      smallMultiples({ ...size, columns: 2, x: long, y: long, facets: [{ title, marks }] }),
      parallelCoordinates({ ...size, axes: [long, long], lines }),
      titled(chart({ ...size, x, y, marks }), { title, caption: title }),
    ];
    for (const figure of figures) assertGoodSvg(fileOf({ ...figure, width: 400 }));
  });
}

Deno.test("log axes reject negative values, and have gaps for 0", () => {
  const log = { title: "loss", scale: "log" } as const;
  const figure = (y: readonly number[]) =>
    chart({ ...size, x, y: log, marks: [line({ x: y.map((_, i) => i), y })] });
  assertThrows(
    () => figure([1, -0.5]),
    RangeError,
    'Cannot draw log axis "loss": expected no negative value: received -0.5',
  );
  const [path] = elementsOf(figure([1, 0, 2]), "path");
  assertEquals(path?.attributes.d?.match(/M/g)?.length, 2);
  assert(figure([0, NaN]).markup.includes("No finite values"));
});

Deno.test("numbers of a horizontal axis never overlap, in the narrowest chart", () => {
  for (const width of [90, 120, 200, 900]) {
    const marks = [line({ x: [0, 0.0001], y: [0, 1] })];
    const figure = chart({ width, height: 200, x: { title: "x", count: 12 }, y, marks });
    const numbers = elementsOf(figure, "text").filter(({ attributes }) => attributes.y === "176");
    assert(numbers.length > 0);
    for (const [i, number] of numbers.entries()) {
      const before = numbers[i - 1];
      if (before !== undefined) assert(spanOf(before)[1] <= spanOf(number)[0]);
    }
  }
});

Deno.test("chart() draws its legend below everything that is drawn over the axes", () => {
  const names = Array.from({ length: 47 }, (_, i) => `class ${i}`);
  const classes = names.map((_, i) => i);
  const marks = scatter({ x: classes, y: classes, classes }, { names });
  const figure = chart({ ...size, x, y, marks });
  const plain = chart({ ...size, x, y, marks: [dots({ x: classes, y: classes })] });
  assert(figure.markup.includes(`translate(0,${size.height + 8})`)); // the legend's place
  assertEquals(plain.height, size.height);
  // each entry is 20 + 6 + "class 10" (44.07) + 14 wide: 4 in a row, 12 rows of 17
  assertEquals(figure.height, size.height + 8 + 12 * 17);
  assertEquals(textsOf(figure).filter((text) => text.startsWith("class")), names);
});

Deno.test("chart() moves names of lines into the legend if they do not fit beside the lines", () => {
  const figure = (count: number) =>
    chart({
      ...size,
      x,
      y,
      marks: Array.from({ length: count }, (_, i) =>
        line({ x: [0, 1], y: [0, i] }, { ...lineLook(i), label: `line ${i}` })),
    });
  // 174 pixels of plot, 14.3 from name to name: 13 fit
  assertEquals(figure(13).height, size.height);
  assert(figure(14).height > size.height);
  assertEquals(textsOf(figure(14)).filter((text) => text.startsWith("line")).length, 14);
  assertGoodSvg(fileOf(figure(14)));
});

Deno.test("legend() lists an entry once, cuts long names and has the full names in titles", () => {
  const long = "a name that is much too long for a legend";
  const figure = legend({ width: 200, entries: [{ name: long, tone: "blue" }] });
  assertEquals(hoverTitlesOf(figure), [long]);
  assert(textsOf(figure)[0]?.endsWith("…"));
  const marks = [1, 2].map((value) => line({ x: [0, 1], y: [0, value] }, { legend: "both" }));
  const texts = textsOf(chart({ ...size, x, y, marks }));
  assertEquals(texts.filter((text) => text === "both").length, 1);
});

Deno.test("smallMultiples() draws equal values at equal heights, each title once", () => {
  const facet = (title: string, value: number) => ({
    title,
    marks: [dots({ x: [0, 1], y: [value, 4] })],
  });
  const figure = smallMultiples({
    width: 400,
    columns: 2,
    x,
    y,
    facets: [facet("a", 0), facet("b", 2), facet("c", 1)],
  });
  const heights = elementsOf(figure, "circle").map(({ attributes }) => Number(attributes.cy));
  assertEquals(heights, [80, 0, 40, 0, 60, 0]);
  const texts = textsOf(figure);
  for (const title of ["a", "b", "c", "x", "y"]) {
    assertEquals(texts.filter((text) => text === title).length, 1);
  }
});

Deno.test("smallMultiples() notes that nothing is finite, in a facet or in all", () => {
  const facet = (title: string, value: number) => ({
    title,
    marks: [dots({ x: [0], y: [value] })],
  });
  const said = (facets: readonly ReturnType<typeof facet>[]) =>
    textsOf(smallMultiples({ width: 400, columns: 2, x, y, facets }))
      .filter((text) => text === "No finite values").length;
  assertEquals(said([facet("a", 1), facet("b", NaN), facet("c", NaN)]), 2);
  assertEquals(said([facet("a", NaN)]), 1);
  assertEquals(said([]), 1);
});

Deno.test("smallMultiples() lists the names of marks once, below all", () => {
  const marks = [
    line({ x: [0, 1], y: [0, 1] }, { label: "mean" }),
    rule({ x: 1 }, { label: "end" }),
  ];
  const facets = ["a", "b"].map((title) => ({ title, marks }));
  const texts = textsOf(smallMultiples({ width: 400, columns: 2, x, y, facets }));
  assertEquals(texts.slice(-2), ["mean", "end"]);
  assertEquals(texts.filter((text) => text === "mean" || text === "end").length, 2);
});

Deno.test("heatMap() has the number of every cell in its title, even if it is not written", () => {
  const names = Array.from({ length: 60 }, (_, i) => `class ${i}`);
  const titles = { rowTitle: "r", columnTitle: "c" };
  const cell = (row: number, column: number) =>
    row === 3 && column === 4 ? { strength: 1, label: "1234567" } : { strength: 0 };
  const figure = heatMap({ width: 500, ...titles, rows: names, columns: names, cell });
  assertEquals(hoverTitlesOf(figure), ["class 3, class 4: 1234567"]);
  assert(!textsOf(figure).includes("1234567"));
});

Deno.test("networkDiagram() names each layer, its shape and its parameters, and their sum", () => {
  const dense = { title: "dense", shape: [4], parameters: 20, kind: "weights" } as const;
  const relu = { title: "relu", shape: [4], parameters: 0, kind: "activation" } as const;
  const block = { ...dense, title: "residual", parameters: 20, block: [dense, relu] };
  const figure = networkDiagram({
    width: 300,
    layers: [{ title: "input", shape: [2, 2], parameters: 0, kind: "data" }, dense, block],
  });
  const texts = textsOf(figure);
  for (const text of ["2 × 2", "40 in all", "residual"]) assert(texts.includes(text), text);
  assertEquals(texts.filter((text) => text === "20").length, 2);
  assertEquals(texts.slice(-3), ["data", "weights", "activation"]);
  assertEquals(hoverTitlesOf(figure).filter((text) => text.includes("50.00")).length, 2);
  assertGoodSvg(fileOf(figure));
});

Deno.test("networkDiagram() of nested blocks and long names is valid SVG", () => {
  const title = "a layer of a very long name that does not fit into its box at all";
  const inner = { title, shape: [1e6], parameters: 1e9, kind: "noise" } as const;
  const block = { ...inner, block: [{ ...inner, block: [inner, inner] }, inner] };
  assertGoodSvg(fileOf(networkDiagram({ width: 260, layers: [block] })));
  assertGoodSvg(fileOf(networkDiagram({ width: 260, layers: [] })));
});

Deno.test("parallelCoordinates() leaves a gap for a missing value, and notes it", () => {
  const figure = parallelCoordinates({
    ...size,
    axes: [{ title: "a" }, { title: "b" }, {
      title: "c",
      ticks: [{ value: 0, label: "zero" }, { value: 1, label: "one" }],
    }],
    lines: [{ name: "run", values: [1, null, 0] }, { name: "other", values: [2, 3, 1] }],
  });
  const paths = elementsOf(figure, "path").map(({ attributes }) => attributes.d ?? "");
  assertEquals(paths.map((d) => d.replaceAll(/[^ML]/g, "")), ["MM", "MLL"]);
  assertEquals(hoverTitlesOf(figure), ["run: a 1, b –, c zero", "other: a 2, b 3, c one"]);
});

Deno.test("parallelCoordinates() cuts names of ticks to 100 pixels, or to the axis's own limit", () => {
  const ticks = [{ value: 0, label: "m".repeat(20) }, { value: 1, label: "" }];
  const shown = (longest: object) => {
    const axes = [{ title: "", ticks, ...longest }, { title: "" }];
    const figure = parallelCoordinates({ ...size, axes, lines: [{ name: "run", values: [0, 1] }] });
    return elementsOf(figure, "text").map(({ text }) => text).find((text) => text.startsWith("m"));
  };
  // an m of 11 pixels is 10.714 wide, an ellipsis 9.35
  assertEquals([shown({}), shown({ longest: 40 })], [`${"m".repeat(8)}…`, "mm…"]);
});

Deno.test("parallelCoordinates() rejects a single axis, and lines without a value for each axis", () => {
  const axes = [{ title: "a" }, { title: "b" }];
  assertThrows(() => parallelCoordinates({ ...size, axes: [x], lines: [] }), TypeError, "2 axes");
  assertThrows(
    () => parallelCoordinates({ ...size, axes, lines: [{ name: "run", values: [1] }] }),
    TypeError,
    'expected 2 values of "run": received 1',
  );
});

Deno.test("divergingImage() is white at 0, symmetric around it, and grey for missing numbers", () => {
  const values = [-2, -1, 0, 1, 2, NaN];
  const { pixels, palette = new Uint8Array() } = divergingImage({ width: 6, height: 1, values }, 1);
  const colours = [...pixels].map((at) => [...palette.subarray(3 * at, 3 * at + 3)]);
  const [blue, vermilion] = [[0x00, 0x72, 0xb2], [0xd5, 0x5e, 0x00]];
  assertEquals(colours, [blue, blue, [255, 255, 255], vermilion, vermilion, [0x99, 0x99, 0x99]]);
  assertEquals(divergingImage({ width: 1, height: 1, values: [0] }, 0).pixels[0], pixels[2]);
  assertThrows(
    () => divergingImage({ width: 1, height: 1, values: [0] }, NaN),
    RangeError,
    "expected a limit >= 0: received NaN",
  );
  assertEquals(largestMagnitude([-3, 2, NaN]), 3);
  assertEquals(largestMagnitude([]), 0);
  assertEquals(textsOf(divergingBar(0.25, { width: 200 })), ["−0.25", "0", "0.25"]);
});

Deno.test("images with a palette are not inverted in the dark theme, grey ones are", () => {
  const tile = (image: ReturnType<typeof divergingImage>): Figure =>
    imageGrid({ width: 50, columns: 1, side: 40, tiles: [{ name: "tile", image }] });
  const diverging = divergingImage({ width: 1, height: 1, values: [1] }, 1);
  const grey = { width: 1, height: 1, channels: 1, pixels: Uint8Array.of(9) } as const;
  const classOf = (figure: Figure) => elementsOf(figure, "image")[0]?.attributes.class;
  assertEquals([classOf(tile(diverging)), classOf(tile(grey))], ["pixels", "pixels paper"]);
});

Deno.test("heatMap() of 47 classes and of none are valid SVG", () => {
  for (const count of [47, 1, 0]) {
    const names = Array.from({ length: count }, (_, i) => `class ${i} with a long name`);
    const cell = (row: number, column: number) => ({
      strength: row === column ? NaN : 2,
      label: String(row),
    });
    const titles = { rowTitle: "true class", columnTitle: "predicted class" };
    const figure = heatMap({ width: 700, ...titles, rows: names, columns: names, cell });
    assertGoodSvg(fileOf(figure));
  }
});

const tile = (value: number): Image => (
  { width: 2, height: 3, channels: 1, pixels: new Uint8Array(6).fill(value) }
);

Deno.test("imageSheet() arranges images in rows with a line of background between them, and covers the rest", () => {
  const figure = imageSheet({
    images: [1, 2, 3, 4, 5].map(tile),
    columns: 3,
    scale: 4,
    name: "five",
  });
  // 3 × 2 pixels and 2 gaps of 1 across, 2 × 3 and 1 gap down, of 4 each
  assertEquals([figure.width, figure.height], [32, 28]);
  assertEquals(elementsOf(figure, "image").length, 1);
  assertEquals(hoverTitlesOf(figure), ["five"]);
  const [lines] = elementsOf(figure, "path");
  assertEquals(lines?.attributes.d, "M10,-1V29M22,-1V29M-1,14H33"); // a pixel longer at each end
  assertEquals(lines?.attributes["stroke-width"], "4");
  const { x, y, width, height } = elementsOf(figure, "rect").at(-1)?.attributes ?? {};
  assertEquals([x, y, width, height], ["23", "15", "10", "14"]); // 8 × 12, and a pixel more on each side
});

Deno.test("imageSheet() draws the area below its lines white or transparent", () => {
  const sheetOf = (image: Image, paper: readonly number[]) => {
    const pixelsOf = (...images: readonly Image[]) =>
      elementsOf(imageSheet({ images, columns: 2, scale: 1, name: "two" }), "image")[0]?.attributes[
        "xlink:href"
      ];
    const pixels = [...image.pixels, ...paper, ...image.pixels];
    const joined = { ...image, width: 3, pixels: Uint8Array.from(pixels) };
    assertEquals(pixelsOf(image, image), pixelsOf(joined));
  };
  const one = { width: 1, height: 1 };
  sheetOf({ ...one, channels: 1, pixels: Uint8Array.of(7) }, [0]);
  sheetOf({ ...one, channels: 3, pixels: Uint8Array.of(7, 8, 9) }, [255, 255, 255]);
  const palette = Uint8Array.of(0, 0, 0, 255, 255, 255, 0, 0, 255);
  sheetOf({ ...one, channels: 1, pixels: Uint8Array.of(2), palette }, [1]);
});

Deno.test("imageSheet() rejects an empty list, and images of several sizes", () => {
  const sheet = (images: readonly Image[]) =>
    imageSheet({ images, columns: 2, scale: 1, name: "none" });
  assertThrows(() => sheet([]), TypeError, "expected at least one image: received none");
  const other: Image = { width: 3, height: 2, channels: 1, pixels: new Uint8Array(6) };
  const message = "expected images of one size and kind: received 3 × 2 × 1 and 2 × 3 × 1";
  assertThrows(() => sheet([tile(1), other]), TypeError, message);
});
