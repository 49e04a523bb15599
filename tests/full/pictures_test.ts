/** Pictures of digits are classified as the digits themselves are. */
import { assert, assertGreaterOrEqual } from "@std/assert";
import { join } from "@std/path";
import { mnist10k } from "../../lib/data/datasets/mnist_10k.ts";
import { extractDigit } from "../../lib/data/pictures/digit.ts";
import { loadPictureReader } from "../../lib/data/pictures/picture.ts";
import { loadDataset } from "../../lib/io/datasets.ts";
import { loadModel } from "../../lib/train/inference/model.ts";
import { openRowPredictor } from "../../lib/train/inference/predictor.ts";
import { render, renderingOf } from "../data/pictures/rendered.ts";
import { randomOf } from "../fuzz/random.ts";
import { withRun } from "./task.ts";

const COUNT = 500;

/** Part of the digits whose pictures get the same class; MNIST's own network of 98.1 % has 99 %. */
const LEAST = 0.97;

Deno.test("97 % of 500 digits get in pictures the class that the model gives the digits themselves", async () => {
  const cacheDirectory = await Deno.makeTempDir();
  try {
    const { test } = await loadDataset(mnist10k(), { cacheDirectory });
    assert(test !== undefined);
    await withRun(["configs/quickstart.json"], async (run) => {
      const model = loadModel(await Deno.readFile(join(run, "model.safetensors")));
      const predictor = openRowPredictor(model);
      const read = await loadPictureReader();
      const size = { height: 28, width: 28 };
      let same = 0;
      for (let number = 0; number < COUNT; number++) {
        const digit = Uint8Array.from(test.values.subarray(number * 784, number * 784 + 784));
        const picture = render(digit, renderingOf(number, randomOf(`digit ${number}`)));
        const { values } = extractDigit(read(picture, "picture"), size, "picture");
        if (predictor.classOf(digit) === predictor.classOf(values)) same++;
      }
      assertGreaterOrEqual(same / COUNT, LEAST);
    });
  } finally {
    await Deno.remove(cacheDirectory, { recursive: true });
  }
});
