import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  band,
  barList,
  bars,
  chart,
  document,
  dots,
  type Figure,
  heatMap,
  labels,
  line,
  table,
  textWidth,
} from "../../lib/plot/mod.ts";
import { moveApart } from "../../lib/plot/direct_labels.ts";
import { assertGoodSvg } from "./support/checks.ts";
import { readSvg, walk } from "./support/tree.ts";

const epochs = [1, 2, 3, 4, 5, 6];
const options = {
  width: 360,
  height: 240,
  x: { title: "epoch" },
  y: { title: "loss (nats)" },
} as const;

function pathsOf(figure: Figure): readonly string[] {
  const svg = document(figure, { title: "t", description: "d" });
  return [...walk(readSvg(svg))].filter(({ name }) => name === "path").map(({ attributes }) =>
    attributes.d ?? ""
  );
}

Deno.test("line() leaves a gap for a value that is not finite", () => {
  const y = [1, 2, NaN, 2, 3, Infinity];
  const [path = ""] = pathsOf(chart({ ...options, marks: [line({ x: epochs, y })] }));
  assertEquals(path.match(/M/g)?.length, 2);
  assertEquals(path.match(/L/g)?.length, 2);
});

Deno.test("chart() draws the first and the last point at the ends of its axes", () => {
  const flat = chart({ ...options, marks: [line({ x: [0, 10], y: [0, 1] })] });
  // left: "0.0" at 11 px is 11 × (0.636 + 0.318 + 0.636) = 17.49 wide, and 8 px lie between
  assertEquals(pathsOf(flat), ["M25.49,200L352,26"]);
});

Deno.test("chart() notes that nothing is finite", () => {
  const empty = chart({ ...options, marks: [line({ x: [1], y: [NaN] })] });
  assert(empty.markup.includes("No finite values"));
  assertGoodSvg(document(empty, { title: "t", description: "d" }));
});

Deno.test("bars() stand on their base, also on a log scale, and values that cannot be shown have none", () => {
  const figure = chart({
    ...options,
    y: { title: "samples", scale: "log", domain: [0.5, 50] },
    marks: [bars({ x: [1, 2, 3], y: [0.5, 5, 0] }, { base: 0.5 })],
  });
  const drawn = [...walk(readSvg(document(figure, { title: "t", description: "d" })))]
    .filter(({ name, attributes }) => name === "rect" && attributes.class === "f-blue")
    .map(({ attributes }) => [attributes.y, attributes.height]);
  // the plot is from 26 to 200 pixels; 5 is half-way from 0.5 to 50
  assertEquals(drawn, [["200", "0"], ["113", "87"]]);
});

Deno.test("table() leaves room for notes below each row", () => {
  const columns = [{ title: "a" }, { title: "b" }];
  const rows = [["1", "2"], ["3", "4"]];
  const plain = table({ width: 100, columns, rows });
  const noted = table({ width: 100, columns, rows, notes: [["", "x".repeat(9)], ["", ""]] });
  assertEquals(plain.height, 3 * 22);
  assertEquals(noted.height, 3 * 22 + 2 * 13);
  assert(noted.markup.includes("x".repeat(9)));
});

Deno.test("marks reject x and y of different lengths", () => {
  for (const mark of [line, dots, bars]) {
    assertThrows(
      () => mark({ x: [1, 2], y: [1] }),
      TypeError,
      "expected 2 values of y: received 1",
    );
  }
  assertThrows(() => band({ x: [1], low: [1], high: [] }), TypeError, "Cannot draw band");
});

Deno.test("spread() separates near positions, keeps far ones, and stays within the range", () => {
  assertEquals(moveApart([10, 50], 14, [0, 100]), [10, 50]);
  assertEquals(moveApart([20, 20], 10, [0, 100]), [15, 25]);
  assertEquals(moveApart([99, 100], 10, [0, 100]), [90, 100]);
  assertEquals(moveApart([0, 0, 1], 10, [0, 100]), [0, 10, 20]);
});

Deno.test("heatMap() omits numbers that would be unreadable", () => {
  const names = Array.from({ length: 60 }, (_, index) => String(index));
  const cell = () => ({ strength: 1, label: "10000" });
  const { markup } = heatMap({
    width: 600,
    rowTitle: "r",
    columnTitle: "c",
    rows: names,
    columns: names,
    cell,
  });
  assert(!markup.includes(">10000<"));
  assertEquals(markup.match(/<rect/g)?.length, 3600);
});

Deno.test("labels() cover neither points nor each other if there is room", () => {
  const [x, y] = [[1, 1.02, 1.04, 3, 3.1], [1, 1, 1.01, 2, 2]];
  const { markup } = chart({
    ...options,
    marks: [labels({ x, y }, { content: (i) => `label ${i}` })],
  });
  const svg = document({ ...options, markup }, { title: "", description: "" });
  const boxes = [...walk(readSvg(svg))].filter(({ name, text }) =>
    name === "text" && text.startsWith("label")
  ).map(({ attributes, text }) => ({
    left: Number(attributes.x),
    right: Number(attributes.x) + textWidth(text, { size: 11 }),
    top: Number(attributes.y) - 8,
    bottom: Number(attributes.y),
  }));
  assertEquals(boxes.length, 5);
  for (const [index, a] of boxes.entries()) {
    for (const b of boxes.slice(0, index)) {
      const isApart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top ||
        b.bottom <= a.top;
      assert(isApart, `${JSON.stringify(a)} covers ${JSON.stringify(b)}`);
    }
  }
});

Deno.test("barList() has bars proportional to their values, the longest of the available width", () => {
  const item = (value: number) => ({ name: "a", value, label: "b" });
  const { markup } = barList({ width: 200, items: [item(4), item(2), item(0)] });
  const svg = document({ width: 200, height: 60, markup }, { title: "", description: "" });
  const widths = [...walk(readSvg(svg))].filter(({ name, attributes }) =>
    name === "rect" && attributes.class === "f-blue"
  ).map(({ attributes }) => Number(attributes.width));
  assertEquals(widths.length, 3);
  assertAlmostEquals(widths[1], widths[0] / 2, 0.01);
  assertEquals(widths[2], 0);
});
