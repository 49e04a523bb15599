import { assertEquals } from "@std/assert";
import { layers } from "../../lib/nn/layers/mod.ts";
import { formatLayer, formatValue } from "../../lib/report/config.ts";

/** Text with plain spaces. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");

Deno.test("formatLayer() formats a layer's name, size and unusual options", () => {
  const regularization = { weightDecay: 0.1, maxNorm: 4 };
  const initializer = { name: "orthogonal", gain: 2 };
  assertEquals(formatLayer({ name: "dense", units: 128 }), "dense\u00a0128");
  assertEquals(
    plain(formatLayer({ name: "dense", units: 10, regularization })),
    "dense 10 (weight decay 0.1, max norm 4)",
  );
  assertEquals(
    plain(formatLayer({ name: "dense", units: 10, initializer, initialBias: 0.1 })),
    "dense 10 (initializer (orthogonal, gain 2), initial bias 0.1)",
  );
  assertEquals(
    plain(formatLayer({ name: "batchNorm", momentum: 0.1, epsilon: 1e-5 })),
    "batchNorm (momentum 0.1, epsilon 0.00001)",
  );
});

Deno.test("formatLayer() omits the default initializer", () => {
  assertEquals(formatLayer(layers.schema.parse({ name: "dense", units: 8 })), "dense\u00a08");
  const maxout = layers.schema.parse({ name: "maxout", units: 8 });
  assertEquals(plain(formatLayer(maxout)), "maxout 8 (pieces 2)");
});

Deno.test("formatLayer() formats the layers of a block", () => {
  const layers = [{ name: "dense", units: 8 }, { name: "gelu" }];
  assertEquals(
    plain(formatLayer({ name: "residual", layers })),
    "residual (dense 8 → gelu)",
  );
});

Deno.test("formatValue() separates lists of entries with options, and never fails", () => {
  assertEquals(
    formatValue([{ name: "affine", rotate: 8 }, { name: "elastic" }]),
    "affine, rotate 8; elastic",
  );
  assertEquals([formatValue(null), formatValue(true), formatValue(",")], ["none", "yes", '","']);
});

Deno.test("formatValue() quotes texts without a letter", () => {
  assertEquals(
    formatValue({ name: "csv", delimiter: ",", path: "a.csv" }),
    'csv, delimiter ",", path a.csv',
  );
  assertEquals(formatValue({ delimiter: "\t" }), 'delimiter "\\t"');
});
