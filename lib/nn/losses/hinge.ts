/**
 * Hinge loss for several classes: the loss of outputs of other classes that are less than a margin below that
 * of the right class (Weston and Watkins, "Support vector machines for multi-class pattern recognition",
 * ESANN 1999).
 *
 *     forward    v    = max(0, margin − z at the label + z)      0 at the label itself
 *                loss = w Σ vᵖ / classes                         p = 1, or 2 if squared
 *     backward   dz   = w p vᵖ⁻¹ / (classes batch) where v > 0, and at the label minus their sum
 *
 *     z, v, dz [batch, classes]   labels integer [batch]   w (weight of the label's class), loss [batch]
 *
 * It is PyTorch's MultiMarginLoss. Crammer and Singer ("On the algorithmic implementation of multiclass
 * kernel-based vector machines", JMLR 2, 2001) use the largest v instead of the sum. The derivative at v = 0,
 * which is not defined for p = 1, is 0.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import {
  add,
  broadcastColumn,
  dimension,
  gatherColumns,
  greater,
  max,
  mul,
  neg,
  select,
  sub,
  sum,
  type Tensor,
} from "../../tensor/mod.ts";
import type { Loss } from "./loss.ts";
import {
  type ClassWeights,
  classWeightsSchema,
  expectClassWeights,
  labelMask,
  sampleWeights,
} from "./one_hot.ts";
import { softmax } from "./softmax.ts";

/** Options of the hinge loss. */
export interface HingeOptions extends ClassWeights {
  /** Margin between the output of the right class and those of the others. */
  readonly margin?: number;
  /** Whether violations of the margin are squared. */
  readonly squared?: boolean;
}

const options = z.strictObject({
  margin: z.number().positive().default(1)
    .describe("margin between the output of the right class and those of the others"),
  squared: z.boolean().default(false).describe("whether violations are squared"),
  classWeights: classWeightsSchema,
});

/** Computes the loss of each sample [batch] from outputs [batch, classes] and labels, integer [batch]. */
export function hingeForward(
  outputs: Tensor,
  labels: Tensor,
  options: HingeOptions & Required<Pick<HingeOptions, "margin" | "squared">>,
): Tensor {
  const v = marginViolations(outputs, labels, options);
  const share = 1 / dimension(outputs, 1);
  return applyClassWeights(
    mul(sum(options.squared ? mul(v, v) : v, "columns"), share),
    labels,
    options,
  );
}

/**
 * Computes the gradient of the mean loss over the batch with respect to the outputs [batch, classes].
 *
 * @param samples number of samples over which the mean is computed. Defaults to the number of rows of the
 *   outputs
 */
export function hingeBackward(
  outputs: Tensor,
  labels: Tensor,
  options: HingeOptions & Required<Pick<HingeOptions, "margin" | "squared">>,
  samples: number = dimension(outputs, 0),
): Tensor {
  const { squared, classWeights } = options;
  const classes = dimension(outputs, 1);
  const v = marginViolations(outputs, labels, options);
  const slopes = squared ? mul(v, 2) : select(greater(v, 0), 1, 0);
  const total = broadcastColumn(sum(slopes, "columns"), classes);
  const gradient = select(labelMask(labels, classes), neg(total), slopes);
  const scaled = mul(gradient, 1 / (classes * samples));
  if (classWeights === undefined) return scaled;
  return mul(scaled, broadcastColumn(sampleWeights(classWeights, labels), classes));
}

/**
 * Computes by how much each output violates the margin [batch, classes]: max(0, margin − output at the label +
 * output), and 0 at the label itself.
 */
function marginViolations(
  outputs: Tensor,
  labels: Tensor,
  { margin }: { readonly margin: number },
): Tensor {
  const classes = dimension(outputs, 1);
  const right = broadcastColumn(gatherColumns(outputs, labels), classes);
  return select(labelMask(labels, classes), 0, max(add(sub(outputs, right), margin), 0));
}

/** Multiplies the loss of each sample [batch] by the weight of its class, if classes have weights. */
function applyClassWeights(loss: Tensor, labels: Tensor, { classWeights }: HingeOptions): Tensor {
  return classWeights === undefined ? loss : mul(loss, sampleWeights(classWeights, labels));
}

/** Returns the hinge loss for several classes. */
export function hinge(overrides: HingeOptions = {}): Loss {
  const checked = withDefaults(options, overrides);
  return {
    probabilities: softmax,
    forward(outputs, labels) {
      expectClassWeights(checked.classWeights, dimension(outputs, 1));
      return { loss: hingeForward(outputs, labels, checked), probabilities: softmax(outputs) };
    },
    backward: (outputs, labels, samples) => hingeBackward(outputs, labels, checked, samples),
  };
}

export const hingeEntry: Entry<HingeOptions, Loss> = entry({
  doc: "Hinge loss for several classes: other outputs should be a margin below the right one",
  options,
  create: hinge,
});
