import { assertEquals } from "@std/assert";
import { describe, describeLayer } from "../../lib/report/config.ts";

/** Text with plain spaces. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");

Deno.test("describeLayer() says a layer's name and its numbers, and how its weights are kept small", () => {
  const regularization = { weightDecay: 0.1, maxNorm: 4 };
  const initializer = { name: "heNormal" };
  assertEquals(describeLayer({ name: "dense", units: 128, initializer }), "dense\u00a0128");
  assertEquals(
    plain(describeLayer({ name: "dense", units: 10, regularization })),
    "dense 10 (weight decay 0.1, max norm 4)",
  );
});

Deno.test("describeLayer() shows the layers of a block", () => {
  const layers = [{ name: "dense", units: 8 }, { name: "gelu" }];
  assertEquals(
    plain(describeLayer({ name: "residual", layers })),
    "residual (dense 8 → gelu)",
  );
});

Deno.test("describe() puts lists of things with options apart, and never fails", () => {
  assertEquals(
    describe([{ name: "affine", rotate: 8 }, { name: "elastic" }]),
    "affine, rotate 8; elastic",
  );
  assertEquals([describe(null), describe(true), describe(",")], ["none", "yes", '","']);
});
