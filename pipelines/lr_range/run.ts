/**
 * Runs the learning-rate range test of a config: trains its network under a rising rate, and draws the
 * losses. The same data and options give the same bytes.
 *
 * @module
 */
import type { InvocationOf } from "../cli/declaration.ts";
import { foldersAndWorkers, UsageError } from "../cli/options.ts";
import { printFolder } from "../cli/printing.ts";
import { runWithView } from "../cli/view.ts";
import { dataSearchLocations, readConfigFile } from "../experiment/config_file.ts";
import type { command } from "../lr_range.ts";
import { join } from "@std/path";
import { formatNumber } from "../../lib/format/numbers.ts";
import { writeResultFolder } from "../../lib/io/results/result_folder.ts";
import { openTerminal } from "../../lib/io/terminal.ts";
import { progressBar } from "../../lib/io/text.ts";
import { drawRangeTest } from "../../lib/analysis/lr_range/figure.ts";
import { rangeTestId } from "../../lib/run/identity.ts";
import { slug } from "../../lib/run/names.ts";
import { jsonLines, prettyJson } from "../../lib/run/json.ts";
import {
  adviseRate,
  type RateAdvice,
  type RateCurve,
  type RateRange,
  testRates,
} from "../../lib/analysis/lr_range/range_test.ts";
import { prepareTraining } from "../experiment/experiment.ts";
import { experimentSchema } from "../experiment/stage_table.ts";

export async function run(
  { positionals, options, startup, signal }: InvocationOf<typeof command>,
): Promise<void> {
  const { from, to, steps, threads: workers } = options;
  if (from >= to) throw new UsageError(`expected --from below --to: received ${from} and ${to}`);
  const range = { from, to, steps };
  const config = readConfigFile(positionals[0], options.set);
  const where = {
    ...foldersAndWorkers(options, startup),
    ...await dataSearchLocations(positionals[0], config),
    signal,
  };
  const { prepared, training } = await runWithView(
    "usual",
    (view) => prepareTraining(config, { ...where, view }),
  );
  const { name: title } = config;
  const curve = await runWithProgress(
    range,
    (onStep) => testRates({ ...training, workers }, range, onStep),
  );
  if (curve.losses.length === 0) {
    throw new RangeError(
      `Cannot test rates: expected a finite loss at --from ${range.from}: received one that is not finite`,
    );
  }
  const schema = experimentSchema();
  const data = prepared.dataset.hashes;
  const name = `${slug(title)}-lr-range-${
    rangeTestId({ config, schema, backend: "exact", data }, range)
  }`;
  const { smoothed, ...advice } = adviseRate(curve, range.steps);
  const files = {
    "summary.json": prettyJson({
      name: title,
      ...range,
      taken: curve.rates.length,
      diverged: curve.diverged,
      rates: advice,
    }),
    "steps.jsonl": jsonLines(curve.rates.map((rate, i) => (
      { step: i + 1, rate, loss: curve.losses[i], smoothed: smoothed[i] }
    ))),
    "lr-range.svg": drawRangeTest({ name, title, smoothed, ...curve, ...advice }),
  };
  const folder = join(options.output, name);
  await writeResultFolder(folder, Object.entries(files));
  await printFolder({ folder, lines: formatRangeTest(curve, range, advice) }, options);
}

/**
 * Runs a range test and shows its progress on the terminal.
 *
 * @param work function that runs the test, and calls `onStep` with the number of each step
 */
async function runWithProgress(
  { steps }: RateRange,
  work: (onStep: (step: number) => void) => Promise<RateCurve>,
): Promise<RateCurve> {
  const terminal = openTerminal();
  try {
    return await work((step) =>
      terminal.show([
        `step ${step}/${steps}  ${terminal.style(progressBar(step / steps, 20), "cyan")}`,
      ])
    );
  } finally {
    terminal.show([]);
  }
}

/** Formats the result of a range test as lines for the terminal. */
function formatRangeTest(
  { rates, diverged }: RateCurve,
  { steps }: RateRange,
  { named, valley, steepest, open }: Omit<RateAdvice, "smoothed">,
): readonly string[] {
  const [last, count] = [formatNumber(rates.at(-1) as number, 2), rates.length];
  const ends = valley.map((rate) => formatNumber(rate, 2)).join(" to ");
  return [
    diverged
      ? `training diverged at a rate of ${last}, in step ${count} of ${steps}`
      : `training did not diverge up to a rate of ${last}`,
    `the smoothed loss fell fastest at ${formatNumber(steepest, 2)}, and was within 10 % of its ` +
    `minimum from ${ends}`,
    ...(open.below ? ["this range includes the first rates: try a smaller --from"] : []),
    ...(open.above ? ["this range includes the last rates: try a larger --to"] : []),
    `suggested rate: ${formatNumber(named, 2)}, the middle of this range`,
  ];
}
