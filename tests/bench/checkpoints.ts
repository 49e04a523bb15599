/**
 * Measures the cost of checkpoints: epochs of S with a checkpoint at each end, and epochs of the same
 * training without checkpoints.
 *
 * @module
 */
import type { Dataset } from "../../lib/data/dataset.ts";
import { formatMeasured } from "../../lib/format/numbers.ts";
import { formatTable, left, right } from "../../lib/format/text_table.ts";
import { makeTemporaryFolder, removeFolder } from "../../lib/io/files.ts";
import { openLog } from "../../lib/io/log.ts";
import { openRunFolder } from "../../lib/io/results/run_folder.ts";
import { constantRate } from "../../lib/optim/schedules/mod.ts";
import { median } from "../../lib/tensor/math/statistics.ts";
import { fit } from "../../lib/train/fit.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { QUIET_VIEW } from "../../pipelines/cli/view.ts";
import { openReporter } from "../../pipelines/experiment/reporter.ts";
import { trainingOf, whole, WORKLOADS } from "./workloads.ts";

/** Epochs that are timed in each round; one before them warms up. */
const EPOCHS = 6;

/** Folder for temporary runs, the only one that the task may write to. */
const FOLDER = "outputs";

/** The cost of checkpoints. */
export interface CheckpointResult {
  /** Milliseconds an epoch without and with checkpoints, the median round's. */
  readonly without: number;
  readonly with: number;
  /** Median over the rounds of the second by the first, of the same round. */
  readonly ratio: number;
  /** The smallest and the largest of these. */
  readonly low: number;
  readonly high: number;
}

/** Measures epochs, in each round some without and some with checkpoints, by turns the first. */
export async function measureCheckpoints(
  data: Dataset,
  { threads, rounds }: { readonly threads: number; readonly rounds: number },
): Promise<CheckpointResult> {
  const times = { without: [] as number[], with: [] as number[] };
  const options: FitOptions = {
    ...trainingOf(WORKLOADS.S, whole(data.train), { threads }),
    learningRate: constantRate({ rate: 0.001 }),
    epochs: EPOCHS + 1,
  };
  for (let round = 0; round < rounds; round++) {
    const cases = [false, true];
    for (const writes of round % 2 === 0 ? cases : cases.toReversed()) {
      times[writes ? "with" : "without"].push(await timeEpochs(options, writes));
    }
  }
  const ratios = times.with.map((time, round) => time / (times.without[round] as number));
  return {
    without: median(times.without),
    with: median(times.with),
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
  };
}

/** Milliseconds an epoch; the writes that are under way at the end are waited for. */
async function timeEpochs(options: FitOptions, writes: boolean): Promise<number> {
  const path = await makeTemporaryFolder(FOLDER, ".checkpoints-");
  try {
    using folder = await openRunFolder(`${path}/run`, { fresh: true });
    const log = openLog((line) => folder.append("log.jsonl", line));
    using reporter = openReporter({ folder, log, view: QUIET_VIEW });
    let begun: number | undefined;
    await fit({
      ...options,
      async onCheckpoint(checkpoint, epoch) {
        if (writes) await reporter.onCheckpoint(checkpoint, epoch);
        begun ??= performance.now();
      },
    });
    await reporter.settle();
    return (performance.now() - (begun as number)) / EPOCHS;
  } finally {
    await removeFolder(path);
  }
}

/** Lines of the table of what checkpoints cost. */
export function checkpointTable(result: CheckpointResult): readonly string[] {
  return formatTable({
    columns: [left("epochs of S"), ...["ms", "ratio", "low", "high"].map(right)],
    rows: [
      ["without checkpoints", formatMeasured(result.without), "1", "", ""],
      [
        "with one at the end of each",
        ...[result.with, result.ratio, result.low, result.high].map(formatMeasured),
      ],
    ],
  });
}
