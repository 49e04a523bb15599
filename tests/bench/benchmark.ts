/**
 * A benchmark from its options to its files.
 *
 * @module
 */
import type { InvocationOf } from "../../pipelines/cli/declaration.ts";
import type { command } from "./bench.ts";
import { writeFileAtomic } from "../../lib/io/files.ts";
import { describeEnvironment } from "../../lib/io/environment.ts";
import { openTerminal } from "../../lib/io/terminal.ts";
import { prettyJson } from "../../lib/run/json.ts";
import { formatMeasured } from "../../lib/format/numbers.ts";
import { type CheckpointResult, checkpointTable, measureCheckpoints } from "./checkpoints.ts";
import { fairEnvironment, ours, peersIn } from "./contestants.ts";
import { type AugmentedResult, augmentedTable, measureAugmented } from "./augmented.ts";
import { benchDrawing, type BenchResults } from "./drawing.ts";
import { type KernelResults, measureKernels } from "./kernels.ts";
import { compare, type Comparison, fastestPeer, quantitiesOf, speedup } from "./rounds.ts";
import { comparisonTable, kernelTable, markdownTable } from "./tables.ts";
import { load } from "./workloads.ts";

type BenchInvocation = InvocationOf<typeof command>;

/** Measures as the options say, and prints what it came to. */
export async function run({ options }: BenchInvocation): Promise<void> {
  for (const line of await bench(options)) console.log(line);
}

/**
 * Measures, writes the results and their drawing, and gives the lines to print.
 *
 * @throws {Error} if the data or the peers are not found, or this project's own process fails
 */
async function bench(options: BenchInvocation["options"]): Promise<readonly string[]> {
  const { workload: workloads, threads, backend, rounds, peers, python, json } = options;
  const groups = new Set<string>(options.only);
  const terminal = openTerminal();
  const say = (what: string) => terminal.isLive ? terminal.show([what]) : terminal.print(what);
  const { env, removed } = fairEnvironment(Deno.env.toObject());
  const others = peers === undefined ? [] : await peersIn(peers, { threads, python, env });
  const contestants = [ours(threads, backend), ...others];
  if (groups.has("kernels")) say("kernels");
  const kernels = groups.has("kernels")
    ? await measureKernels(await load(), { workloads, threads, rounds })
    : undefined;
  if (groups.has("augmented")) say("augmented images");
  const augmented = groups.has("augmented") ? await measureAugmented(await load(), options) : [];
  if (groups.has("checkpoints")) say("checkpoints");
  const checkpoints = groups.has("checkpoints")
    ? await measureCheckpoints(await load(), options)
    : undefined;
  const quantities = quantitiesOf(groups, workloads);
  const comparisons = await compare(contestants, quantities, { rounds, env, onRun: say });
  terminal.show([]);
  const description = `${backend}, ${threads === 1 ? "1 thread" : `${threads} threads`}, ` +
    `${rounds === 1 ? "1 round" : `medians of ${rounds} rounds`}`;
  const results: BenchResults = {
    comparisons,
    description,
    ...(kernels === undefined ? {} : { kernels }),
  };
  const svg = json.replace(/\.json$/, ".svg");
  await writeFileAtomic(
    json,
    prettyJson(dataOf(results, { augmented, checkpoints, options, removed })),
  );
  await writeFileAtomic(svg, benchDrawing(results));
  return [
    description,
    ...(removed.length === 0 ? [] : [`taken out of the environment: ${removed.join(", ")}`]),
    "",
    ...(kernels === undefined ? [] : kernelLines(kernels)),
    ...(augmented.length === 0 ? [] : [...augmentedTable(augmented), ""]),
    ...(checkpoints === undefined ? [] : [...checkpointTable(checkpoints), ""]),
    ...comparisonTable(comparisons),
    ...(comparisons.length === 0 ? [] : [...markdownTable(comparisons), ""]),
    json,
    svg,
  ];
}

function kernelLines({ kernels, ceilings: { compute, memory } }: KernelResults): readonly string[] {
  const rates = memory.map(({ bytes, rate }) =>
    `${formatMeasured(rate)} GB/s in ${bytes / 2 ** 20} MiB`
  );
  return [
    `ceilings: ${formatMeasured(compute)} GFLOP/s; ${rates.join(", ")}`,
    "",
    ...kernelTable(kernels),
    "",
  ];
}

/** Returns the content of the JSON file. */
function dataOf(
  { kernels, comparisons }: BenchResults,
  { augmented, checkpoints, options: { threads, backend, rounds, workload }, removed }: {
    readonly augmented: readonly AugmentedResult[];
    readonly checkpoints: CheckpointResult | undefined;
    readonly options: BenchInvocation["options"];
    readonly removed: readonly string[];
  },
) {
  return {
    ...describeEnvironment(threads),
    threads,
    backend,
    rounds,
    workloads: workload,
    removedVariables: removed,
    ...(kernels === undefined ? {} : kernels),
    ...(augmented.length === 0 ? {} : { augmented }),
    ...(checkpoints === undefined ? {} : { checkpoints }),
    comparisons: comparisons.map(comparisonData),
  };
}

function comparisonData(comparison: Comparison) {
  const { quantity: { title, task, unit, isRate }, measured } = comparison;
  const best = fastestPeer(comparison);
  const runs = measured.map(({ median, low, high, ...rest }) =>
    rest.values.length === 0 ? rest : { ...rest, median, low, high }
  );
  return {
    title,
    ...task,
    unit,
    isRate,
    measured: runs,
    ...(best === undefined ? {} : { fastestPeer: best.name, speedup: speedup(comparison, best) }),
  };
}
