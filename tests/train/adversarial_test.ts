/** Adversarial training: where batches are moved to, and what is learned of them there. */
import { assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { adversarialSamples, combineGradients } from "../../lib/train/step/adversarial.ts";
import { evaluate } from "../../lib/engine/reference/reference.ts";
import { dense, network, relu, softmaxCrossEntropy } from "../../lib/nn/mod.ts";
import { backward, forward, initialParameters } from "../../lib/nn/network.ts";
import { input, key, normal, type Tensor } from "../../lib/tensor/mod.ts";

const SHAPE = [3, 2];

/** Rows moved by a length along gradients. */
function moved(x: readonly number[], dx: readonly number[], radius: number): readonly number[] {
  const [rows, gradients] = [input("x", SHAPE), input("dx", SHAPE)];
  const [values] = evaluate(
    [adversarialSamples(rows, gradients, { radius })],
    { inputs: { x: Float32Array.from(x), dx: Float32Array.from(dx) } },
    "f32",
  );
  return Array.from(values as Float32Array);
}

Deno.test("adversarialSamples() moves each row by the radius along its gradient, however small that is", () => {
  const x = [1, 2, 1, 2, 1, 2];
  // gradients along (3, 4) and (0, −1), with squares below the smallest number in single precision, and 0
  const found = moved(x, [3e-30, 4e-30, 0, -1e-3, 0, 0], 5);
  // a quotient, a root and a product are each right to 2⁻²⁴ of themselves
  for (const [i, expected] of [4, 6, 1, -3, 1, 2].entries()) {
    assertAlmostEquals(found[i], expected, 8 * 6 * 2 ** -24);
  }
  assertEquals(found.slice(4), [1, 2]);
});

Deno.test("combineGradients() gives the moved batch its fraction of the gradient, a half by default", () => {
  const [a, b] = [input("a", [2]), input("b", [2])];
  const values = { a: Float32Array.of(1, 2), b: Float32Array.of(5, -2) };
  const shareOf = (share?: number) => {
    const { weight } = combineGradients({ weight: a }, { weight: b }, { radius: 1, share });
    return Array.from(evaluate([weight], { inputs: values }, "f32")[0] as Float32Array);
  };
  assertEquals(shareOf(), [3, 0]);
  assertEquals(shareOf(0.25), [2, 1]);
  assertEquals(shareOf(1), [5, -2]);
});

Deno.test("a batch that is moved uphill has a higher loss, by about the radius times the slope", () => {
  const small = network([dense({ units: 6 }), relu(), dense({ units: 3 })], 5);
  const [parameters, loss] = [initialParameters(small, 1), softmaxCrossEntropy()];
  const context = { state: {}, training: undefined };
  const labels = input("labels", [4], "integer");
  const x = normal(key(1), [4, 5]);
  const passed = forward(small, parameters, x, context);
  const dy = loss.backward(passed.y, labels);
  const { dx } = backward(small, parameters, passed, { dy, context });
  const radius = 1e-4;
  const uphill = forward(small, parameters, adversarialSamples(x, dx, { radius }), context);
  const lossOf = (y: Tensor) => loss.forward(y, labels).loss;
  const [before, after, slopes] = evaluate(
    [lossOf(passed.y), lossOf(uphill.y), dx],
    { inputs: { labels: Int32Array.of(0, 1, 2, 0) } },
    "f64",
  ) as [Float64Array, Float64Array, Float64Array];
  for (let row = 0; row < 4; row++) {
    // dx is that of the mean over 4 samples
    const slope = 4 * Math.hypot(...slopes.subarray(5 * row, 5 * row + 5));
    assertGreater(slope, 0.01);
    const rise = (after[row] - before[row]) / radius;
    // the loss bends by at most some units, which a step of 1e-4 turns into some 1e-4
    assertAlmostEquals(rise, slope, 1e-3);
  }
});
