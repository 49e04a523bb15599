/** The page on using a model lists the tensors that layers have. */
import { assertEquals } from "@std/assert";
import { layers, network } from "../lib/nn/mod.ts";

/** Options that layers need, and what the page calls the numbers of inputs, units and pieces. */
const NEEDED: Readonly<Record<string, object>> = {
  dense: { units: 4 },
  maxout: { units: 4, pieces: 3 },
  dropout: { rate: 0.5 },
  gaussianNoise: { stddev: 0.1 },
  residual: { layers: [{ name: "dense", units: 5 }] },
};
const LENGTHS: Readonly<Record<number, string>> = { 5: "in", 4: "out", 12: "out · pieces" };

Deno.test("the page on using a model lists the layers that have tensors, with names and shapes", async () => {
  const page = await Deno.readTextFile(new URL("../lib/docs/use.md", import.meta.url));
  const listed = [...page.matchAll(/^\| `(\w+)` +\| (.*?) +\|/gm)]
    .map(([, layer, tensors]) => [layer, tensors.replace(/^those of its layers: /, "")]);
  const expected = layers.names.flatMap((name) => {
    const layer = layers.create(layers.schema.parse({ name, ...NEEDED[name] }));
    const { parameters, state } = network([layer], 5);
    const tensors = [...parameters, ...state].map(({ name, shape }) =>
      `\`${name}\` [${shape.map((length) => LENGTHS[length]).join(", ")}]`
    );
    return tensors.length === 0 ? [] : [[name, tensors.join(", ")]];
  });
  assertEquals(listed, expected);
});
