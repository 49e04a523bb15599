/**
 * What of a training can be known to be wrong before its first step.
 *
 * @module
 */

import { forward } from "../nn/mod.ts";
import { input, type Shape } from "../tensor/mod.ts";
import type { FitOptions } from "./fit.ts";
import { batchesOf } from "./passes.ts";

/**
 * Checks that there are the scores that training is steered by.
 *
 * @throws {RangeError} if there are not
 */
export function expectScores(
  { validation, averaging, best, earlyStopping }: Omit<FitOptions, "seed">,
): void {
  const metrics = [best, earlyStopping && (earlyStopping.metric ?? "validation.loss")];
  for (const metric of metrics) {
    if (metric === undefined) continue;
    const missing = metric.startsWith("train.")
      ? undefined
      : validation === undefined
      ? "a validation part"
      : metric.startsWith("average.") && averaging === undefined
      ? "averaged weights"
      : undefined;
    if (missing === undefined) continue;
    throw new RangeError(`Cannot look at "${metric}": expected ${missing}: received none`);
  }
}

/**
 * Checks that the layers take the batches of every size that occurs.
 *
 * @throws {RangeError} if one does not, as batch normalization a single sample
 */
export function expectBatches({ network, train, batchSize }: Omit<FitOptions, "seed">): void {
  const { size, whole, rest } = batchesOf(train.rows.length, batchSize);
  const inputs = (specs: readonly { readonly name: string; readonly shape: Shape }[]) =>
    Object.fromEntries(specs.map(({ name, shape }) => [name, input(name, shape)]));
  const [parameters, state] = [inputs(network.parameters), inputs(network.state)];
  for (const batch of [...(whole > 0 ? [size] : []), ...(rest > 0 ? [rest] : [])]) {
    const [samples, step] = [input("rows", [batch], "integer"), input("step", [], "integer")];
    const context = { state, training: { seed: 0, samples, step } };
    forward(network, parameters, input("x", [batch, network.inputs]), context);
  }
}
