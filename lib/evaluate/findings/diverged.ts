import { formatLoss } from "../../format/numbers.ts";
import { log } from "../../tensor/math/math.ts";
import { type FindingEntry, heldOut } from "./finding.ts";

/**
 * Factor by which the training loss must rise to count. Losses of mini-batches vary by about a tenth, and the
 * loss of an epoch is a mean of many.
 */
const RISE = 2;

/** A training that ended far above its initial loss. A run with non-finite numbers has no result. */
export const diverged: FindingEntry = {
  doc: "The training loss rose far above its start, or is not finite",
  remedy: "lower train.learningRate, or limit the gradient by train.clip",
  find({ classes, firstLoss, epochs }) {
    const last = epochs.at(-1);
    if (last === undefined) return undefined;
    const { epoch, train: { loss } } = last;
    const losses = [loss, heldOut(last)?.loss ?? 0];
    if (!losses.every(Number.isFinite)) {
      return { severity: "warning", text: `The loss is not finite after epoch ${epoch}` };
    }
    if (firstLoss === undefined) return undefined;
    // the cross-entropy of a uniform guess: training from the weights of another run may start near 0
    const start = Math.max(firstLoss, log(classes));
    if (loss <= RISE * start) return undefined;
    const [from, to] = [firstLoss, loss].map(formatLoss);
    return {
      severity: "warning",
      text:
        `Training diverged: the loss rose from ${from} in the first step to ${to} in epoch ${epoch}`,
    };
  },
};
