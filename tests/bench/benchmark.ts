/**
 * A benchmark from its options to its files.
 *
 * @module
 */
import { writeFileAtomic } from "../../lib/io/files.ts";
import { surroundings } from "../../lib/io/environment.ts";
import { openTerminal } from "../../lib/io/terminal.ts";
import { prettyJson } from "../../lib/run/json.ts";
import { formatMeasured } from "../../lib/format/numbers.ts";
import { type BackendName, fairEnvironment, ours, peersIn } from "./contestants.ts";
import { type DeformedResult, deformedTable, measureDeformed } from "./deformed.ts";
import { benchDrawing, type BenchResults } from "./drawing.ts";
import { type KernelResults, measureKernels } from "./kernels.ts";
import { compare, type Comparison, fastestPeer, quantitiesOf, speedup } from "./rounds.ts";
import { comparisonTable, kernelTable, markdownTable } from "./tables.ts";
import { load, type WorkloadName } from "./workloads.ts";

/** What is measured, and how. */
export interface BenchOptions {
  /** Of "kernels", "steps", "deformed" and "runs". */
  readonly groups: ReadonlySet<string>;
  /** Which networks. */
  readonly workloads: readonly WorkloadName[];
  /** Workers, and threads of peers. */
  readonly threads: number;
  /** What computes this project's dense products in steps and runs. */
  readonly backend: BackendName;
  /** How often everything is measured. */
  readonly rounds: number;
  /** Folder of the peers. */
  readonly peers: string | undefined;
  /** The program that runs Python peers. */
  readonly python: string;
  /** Where results are written. */
  readonly json: string;
}

/**
 * Measures, writes the results and their drawing, and gives the lines to print.
 *
 * @throws {Error} if the data or the peers are not found, or this project's own process fails
 */
export async function bench(options: BenchOptions): Promise<readonly string[]> {
  const { groups, workloads, threads, backend, rounds, peers, python, json } = options;
  const terminal = openTerminal();
  const say = (what: string) => terminal.isLive ? terminal.show([what]) : terminal.print(what);
  const { env, removed } = fairEnvironment(Deno.env.toObject());
  const others = peers === undefined ? [] : await peersIn(peers, { threads, python, env });
  const contestants = [ours(threads, backend), ...others];
  if (groups.has("kernels")) say("kernels");
  const kernels = groups.has("kernels")
    ? await measureKernels(await load(), { workloads, threads, rounds })
    : undefined;
  if (groups.has("deformed")) say("deformed images");
  const deformed = groups.has("deformed") ? await measureDeformed(await load(), options) : [];
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
  await writeFileAtomic(json, prettyJson(dataOf(results, deformed, { ...options, removed })));
  await writeFileAtomic(svg, benchDrawing(results));
  return [
    description,
    ...(removed.length === 0 ? [] : [`taken out of the environment: ${removed.join(", ")}`]),
    "",
    ...(kernels === undefined ? [] : kernelLines(kernels)),
    ...(deformed.length === 0 ? [] : [...deformedTable(deformed), ""]),
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

/** What the JSON file holds. */
function dataOf(
  { kernels, comparisons }: BenchResults,
  deformed: readonly DeformedResult[],
  { threads, backend, rounds, workloads, removed }: BenchOptions & {
    readonly removed: readonly string[];
  },
) {
  return {
    ...surroundings(threads),
    threads,
    backend,
    rounds,
    workloads,
    removedVariables: removed,
    ...(kernels === undefined ? {} : kernels),
    ...(deformed.length === 0 ? {} : { deformed }),
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
