/**
 * Gradients of all micro-batches from one pass over their samples. Most networks process each sample
 * independently; only the gradients are sums over samples. Then forward and backward are computed for the whole
 * batch at once, and only these sums are split by micro-batch.
 *
 * @module
 */
import { matchShiftedRows, type Origins, type Outputs, rebuild } from "../../tensor/rewrite.ts";
import { type Tensor, tensorOf, topologicalOrder } from "../../tensor/mod.ts";

/**
 * Dependence of a tensor on the samples of a batch. "none" and "uniform" tensors do not depend on them,
 * and all rows of a "uniform" tensor are equal. "rows" tensors have a row for each sample, and
 * "transposed" ones are their transposes. "sum" tensors are sums over all samples.
 */
type Dependence = "none" | "uniform" | "rows" | "transposed" | "sum";

/** The samples over which tensors are summed. */
export interface SummedSamples {
  /** Tensors with one element for each sample [count]: row numbers, labels. */
  readonly inputs: readonly Tensor[];
  /** Number of samples. */
  readonly count: number;
  /** Number of micro-batches. */
  readonly parts: number;
}

/**
 * Rewrites tensors that are sums over samples: each becomes sums over the samples of every micro-batch, which
 * are added by the tree of micro-batches.
 *
 * @param tensors gradients by name
 * @param origins labels of tensors, which are carried over to the rewritten ones
 * @returns undefined if a tensor is not a sum over samples, or depends on them in another way too, for example by
 *   statistics of a batch
 */
export function sumByMicroBatches(
  tensors: Outputs,
  samples: SummedSamples,
  origins: Origins,
): { readonly outputs: Outputs; readonly origins: Origins } | undefined {
  const known = new Map<Tensor, Dependence>();
  for (const tensor of topologicalOrder(Object.values(tensors))) {
    const dependence = samples.inputs.includes(tensor)
      ? "rows"
      : dependenceOf(tensor, tensor.inputs.map((input) => known.get(input) as Dependence), samples);
    if (dependence === undefined) return undefined;
    known.set(tensor, dependence);
  }
  if (!Object.values(tensors).every((tensor) => known.get(tensor) === "sum")) return undefined;
  const { parts } = samples;
  return rebuild(tensors, origins, (tensor) => {
    const { operation, inputs: [x] } = tensor;
    if (operation.kind === "matmul" && known.get(x) === "transposed") {
      return tensorOf({ ...tensor, operation: { ...operation, parts } });
    }
    const isSum = operation.kind === "sum" && operation.axis === "rows" && known.get(x) === "rows";
    return isSum ? tensorOf({ ...tensor, operation: { ...operation, parts } }) : tensor;
  });
}

/**
 * Returns the dependence of a tensor on the samples, derived from `operands`, the dependences of its inputs.
 * Returns undefined if it is none of the kinds of {@linkcode Dependence}.
 */
function dependenceOf(
  { operation, shape, inputs: [x] }: Tensor,
  operands: readonly Dependence[],
  { count }: SummedSamples,
): Dependence | undefined {
  const { kind } = operation;
  const isElementwise = ["primitive", "function", "shift"].includes(kind);
  if (operands.every((each) => each === "none" || each === "uniform")) {
    if (kind === "constant" || shape.length === 0) return "uniform";
    if (kind === "broadcast") return operation.along === "column" ? "none" : "uniform";
    if (kind === "index") return operation.axis === 1 ? "uniform" : "none";
    return isElementwise && operands.every((each) => each === "uniform") ? "uniform" : "none";
  }
  const [first, second] = operands;
  if (operands.includes("sum")) {
    const isMoved = kind === "reshape" || kind === "concatenate";
    return isMoved && operands.every((each) => each === "sum") ? "sum" : undefined;
  }
  if (operands.includes("transposed")) {
    const isProduct = kind === "matmul" && first === "transposed" && second === "rows";
    const isRewritten = x.operation.kind === "transpose" &&
      matchShiftedRows(x.inputs[0]) !== undefined;
    return isProduct && !isRewritten ? "sum" : undefined;
  }
  if (kind === "transpose") return "transposed";
  if (kind === "sum" && operation.axis === "rows") return "sum";
  if (shape[0] !== count) return undefined;
  if (isElementwise) {
    return operands.every((each) => each === "rows" || each === "uniform") ? "rows" : undefined;
  }
  switch (kind) {
    case "broadcast":
      return operation.along === "column" ? "rows" : undefined;
    case "matmul":
      return first === "rows" && second !== "rows" ? "rows" : undefined;
    case "reshape":
      return x.shape[0] === count ? "rows" : undefined;
    case "sum":
    case "max":
    case "argmax":
    case "gatherColumns":
    case "gatherRows":
    case "warp":
      return "rows";
    case "erase":
    case "addNoise":
      return operands.every((each) => each === "rows") ? "rows" : undefined;
    default:
      return undefined;
  }
}
