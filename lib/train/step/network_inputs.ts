/**
 * The input of the network, and its parameters and layer states, as tensors of a step.
 *
 * @module
 */
import type { Mix } from "../../data/augment/mod.ts";
import type { Origin, Tensors } from "../../nn/mod.ts";
import { viewsOf } from "../../optim/parameter_groups.ts";
import { input, type Tensor } from "../../tensor/mod.ts";
import { normalizedRows } from "./batch.ts";
import { sampleInput } from "./inputs.ts";
import { parametersName, type PredictionOptions } from "./options.ts";

/**
 * Builds the input of the network, and the parameters and layer states as views of named inputs.
 *
 * @param rows row numbers of the samples to read. Defaults to those of the whole batch
 */
export function networkInputs(
  options: PredictionOptions,
  rows: Tensor = sampleInput("rows", options.batch),
): {
  /** Input of the network [batch, features]. */
  readonly x: Tensor;
  /** Weights of mixup; undefined without it. */
  readonly mix: Mix | undefined;
  /** Parameters by name. */
  readonly parameters: Tensors;
  /** Layer states by name. */
  readonly state: Tensors;
  /** Part of the step to which each tensor belongs. */
  readonly origins: readonly Origin[];
} {
  const { network, groups } = options;
  const { x, mix } = normalizedRows(options, rows);
  const parameters: Tensors = Object.assign(
    {},
    ...groups.map((group) => viewsOf(group, input(parametersName(group), [group.size]))),
  );
  const state = Object.fromEntries(
    network.state.map(({ name, shape }) => [name, input(name, shape)]),
  );
  const origins = [
    { name: "input of the network", tensors: [x] },
    { name: "state", tensors: [...Object.values(parameters), ...Object.values(state)] },
  ];
  return { x, mix, parameters, state, origins };
}
