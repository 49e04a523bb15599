import { assertAlmostEquals, assertEquals } from "@std/assert";
import { divideIntoUpdates } from "../../lib/train/step/accumulate.ts";
import { fit } from "../../lib/train/fit.ts";
import { divideIntoBatches } from "../../lib/train/batches.ts";
import { splitOf, TOY, withoutValidation } from "./toy.ts";

Deno.test("divideIntoUpdates() makes an update of one or several batches, the last of the rest", () => {
  const batches = divideIntoBatches(53, 10); // 5 whole, and one of 3
  const single = divideIntoUpdates(batches, 1);
  assertEquals([0, 3, 5].map(single.isUpdate), [true, true, true]);
  assertEquals([1, 6, 7, 13].map(single.numberOf), [1, 6, 7, 13]);
  assertEquals([0, 5].map(single.shareOf), [1, 1]);
  const { perEpoch, isUpdate, numberOf, shareOf } = divideIntoUpdates(batches, 4);
  assertEquals(perEpoch, 2);
  assertEquals([0, 1, 2, 3, 4, 5].map(isUpdate), [false, false, false, true, false, true]);
  assertEquals([1, 4, 5, 6, 7, 11].map(numberOf), [1, 1, 2, 2, 3, 4]);
  assertEquals([0, 3, 4, 5].map(shareOf), [0.25, 0.25, 10 / 13, 3 / 13]);
});

Deno.test("divideIntoUpdates() has weights that add up to 1 in every update", () => {
  for (const every of [1, 2, 3, 7]) {
    const { isUpdate, shareOf } = divideIntoUpdates(divideIntoBatches(53, 10), every);
    let sum = 0;
    for (let step = 0; step < 6; step++) {
      sum += shareOf(step);
      if (!isUpdate(step)) continue;
      assertAlmostEquals(sum, 1, 1e-15);
      sum = 0;
    }
  }
});

Deno.test("fit() with accumulation learns what it learns from batches as large as the updates", async () => {
  // 48 samples: the gradient of 16 at once, or of four times 4; the same sums in another order
  const options = { ...withoutValidation(), train: splitOf(TOY.train.samples, 0, 48) };
  const whole = await fit({ ...options, batchSize: 16 });
  const parts = await fit({ ...options, batchSize: 4, accumulate: 4 });
  const [a, b] = [whole, parts].map(({ checkpoint }) => checkpoint.state.get("all.parameters"));
  // Nine updates; each sum of 16 terms is off by 16 u of its size at most, and errors grow little
  const bound = 9 * 16 * 2 ** -24 * 4;
  a?.forEach((value, i) => assertAlmostEquals(value, b?.[i] ?? NaN, bound));
  assertEquals(parts.checkpoint.position.step, 4 * whole.checkpoint.position.step);
});
