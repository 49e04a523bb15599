import { assert, assertEquals } from "@std/assert";
import { firstLayerWeights } from "../../lib/observe/first_layer.ts";
import { observers, observersFor } from "../../lib/observe/mod.ts";
import { weightsOverTime } from "../../lib/observe/weights_over_time.ts";
import { valueIn } from "../../lib/run/observations.ts";
import { fit } from "../../lib/train/fit.ts";
import { checkpointsOf, hashOf, TOY } from "../train/toy.ts";

Deno.test("observersFor() omits observers on request, unless their panels are named", () => {
  const usual = observers.filter((each) => each !== weightsOverTime);
  assertEquals(observersFor(), usual);
  assertEquals(observersFor(["loss"]), usual);
  assertEquals(observersFor(["loss", "weightsOverTime"]), observers);
});

Deno.test("fit() keeps the first weights at each moment, and the last ones at its end", async () => {
  const { observations, trained } = await fit({ ...TOY, epochs: 9, observers: [weightsOverTime] });
  const found = valueIn(observations, weightsOverTime, "test");
  assert(found !== undefined);
  const { epochs, steps, weights, ...units } = found;
  assertEquals(units, { parameter: "dense1.weight", units: 6, inputs: 14, shown: 6 });
  assertEquals([...epochs], [0, 1, 2, 3, 4, 6, 9]);
  assertEquals([...steps], [...epochs].map((epoch) => 4 * epoch));
  assertEquals(weights.slice(-6 * 14), firstLayerWeights(trained)?.weights);
});

Deno.test("fit() that keeps weights ends with the same bytes, resumed from any checkpoint", async () => {
  const options = { ...TOY, observers: [weightsOverTime] };
  const checkpoints = await checkpointsOf(options);
  const end = hashOf(checkpoints.at(-1) ?? checkpoints[0]);
  for (const from of checkpoints) {
    assertEquals(hashOf((await fit({ ...options, from })).checkpoint), end);
  }
});
