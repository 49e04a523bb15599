/**
 * Gradients of all micro-batches from one pass over their samples. Most networks treat each sample by itself;
 * only the gradients sum over samples. Then forward and backward are those of the whole batch, and only these
 * sums are divided.
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
  readonly count: number;
  /** Number of micro-batches. */
  readonly parts: number;
}

/**
 * Rewrites tensors so that each sum over samples becomes sums over micro-batches, which are added by a
 * tree. Returns undefined if a tensor depends on the samples other than by sums, for example by statistics
 * over a batch.
 */
export function inMicroBatches(
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
 * Returns the dependence of a tensor on the samples, derived from those of its operands. Returns undefined
 * if it is none of the kinds of {@linkcode Dependence}.
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
