import { formatLoss } from "../../format/numbers.ts";
import { log } from "../../tensor/math/math.ts";
import { type FindingEntry, validationScore } from "./finding.ts";

/**
 * Multiple of the initial training loss above which the loss is reported as diverged. Losses of mini-batches vary by
 * about a tenth; the loss of an epoch, a mean of many, varies less.
 */
const RISE = 2;

/** Finding: the training loss ended far above its initial value, or is not finite. */
export const diverged: FindingEntry = {
  doc: "The training loss rose far above its start, or is not finite",
  remedy: "lower train.learningRate, or limit the gradient by train.clip",
  find({ classes, firstLoss, epochs }) {
    const last = epochs.at(-1);
    if (last === undefined) return undefined;
    const { epoch, train: { loss } } = last;
    const losses = [loss, validationScore(last)?.loss ?? 0];
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
