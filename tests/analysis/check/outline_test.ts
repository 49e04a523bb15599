import { assertEquals } from "@std/assert";
import { outlineNetwork, trainingBytes } from "../../../lib/analysis/check/outline.ts";
import { batchNorm, dense, network, relu } from "../../../lib/nn/mod.ts";

Deno.test("outlineNetwork() counts parameters and the operations of products, the first layer without dx", () => {
  const { layers, parameters, operations } = outlineNetwork(
    network([
      dense({ units: 512 }),
      batchNorm(),
      relu(),
      dense({ units: 512 }),
      relu(),
      dense({ units: 10 }),
    ], 784),
  );
  assertEquals(layers.map(({ name, inputs, outputs }) => [name, inputs, outputs]), [
    ["dense1", 784, 512],
    ["batchNorm1", 512, 512],
    ["relu1", 512, 512],
    ["dense2", 512, 512],
    ["relu2", 512, 512],
    ["dense3", 512, 10],
  ]);
  assertEquals(layers[0].shapes, { weight: [784, 512], bias: [512] });
  assertEquals(parameters, 784 * 512 + 512 + 2 * 512 + 512 * 512 + 512 + 512 * 10 + 10);
  assertEquals(operations, 4 * 784 * 512 + 6 * 512 * 512 + 6 * 512 * 10); // 3.21 MFLOP
});

Deno.test("trainingBytes() adds parameters, gradients, slots and the activations of a batch", () => {
  const outline = outlineNetwork(network([dense({ units: 3 })], 4)); // 15 parameters
  assertEquals(trainingBytes(outline, { batch: 8, slots: 2 }), 4 * (15 * 4 + 2 * 8 * (4 + 3)));
});
