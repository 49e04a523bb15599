/**
 * Steps by ranks: their parts, measured, and the times that the model of `ann check --ranks` expects.
 *
 *     MNIST_DIR=DIR deno task bench:ranks                prints and draws expected times, by 1 to 64 ranks
 *     MNIST_DIR=DIR mpirun -n 2 deno task bench:ranks    compares expected and measured times on this machine
 *
 * The computing of a rank is measured with a link that takes no time: with ranks that send zeros at once. The
 * time of exchanges follows from the link: from assumed ones for the drawing, from the measured one for the
 * comparison. Each rank has one micro-batch.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { estimateExchangeTime, type Link } from "../../lib/analysis/check/rank_times.ts";
import { formatNumber } from "../../lib/format/numbers.ts";
import { writeFileAtomic } from "../../lib/io/files.ts";
import { detectLauncher } from "../../lib/io/mpi/launcher.ts";
import { measureLink } from "../../lib/io/mpi/link.ts";
import { joinMpiRanks } from "../../lib/io/mpi/ranks.ts";
import { native } from "../../lib/io/native.ts";
import { sum } from "../../lib/tensor/math/statistics.ts";
import { sizeOf } from "../../lib/tensor/mod.ts";
import type { Ranks } from "../../lib/train/ranks/ranks.ts";
import type { StateValues } from "../../lib/train/state.ts";
import { openSession } from "../../lib/train/session.ts";
import { proofTable as markdownTable } from "../prove/proof.ts";
import { drawRankTimes } from "./ranks_drawing.ts";
import { build, load, SETTINGS, trainingOf, whole, type Workload, WORKLOADS } from "./workloads.ts";

/** The workloads, and one of 50 million parameters. */
const ALL: Readonly<Record<string, Workload>> = {
  ...WORKLOADS,
  "50 M": { hidden: [5000, 5000, 4000], batchSize: 256 },
};

/** Numbers of ranks of the drawing. */
const COUNTS = [1, 2, 4, 8, 16, 32, 64];

/** Speeds of links [Gbit/s], and the latency that is assumed for each [µs]. */
const SPEEDS = [1, 10, 25, 100];
const LATENCY = 30;

/** The figure in the documents. */
const FIGURE = "outputs/samples/ranks.svg";

/** Time for which steps are measured at a time [ms]: short, so that some times are not disturbed; and how often. */
const CHUNK = 30;
const CHUNKS = 25;

/** Time of the rounds of a comparison [ms], and the least number of them. */
const DURATION = 10_000;
const LEAST = 6;

/** Returns rank 0 of so many, whose exchanges take no time. */
function silentRanks(size: number): Ranks {
  return { rank: 0, size, exchange: () => Promise.resolve(), gather: () => Promise.resolve() };
}

const data = await load();

/** Steps of a workload on one rank, which are measured some at a time. */
interface MeasuredSteps extends AsyncDisposable {
  /** Runs steps; returns their mean time [µs]. */
  run(steps: number): Promise<number>;
  /** Sets the state to that of other steps, so that activations have as many zeros. */
  follow(other: MeasuredSteps): void;
  state(): StateValues;
}

/** Opens a session of a workload on a rank. */
async function openSteps(
  workload: Workload,
  ranks: Ranks,
  threads: number,
): Promise<MeasuredSteps> {
  const training = trainingOf(workload, whole(data.train), { threads });
  const session = await openSession({ ...training, shards: ranks.size, ranks });
  await session.initialize();
  session.prepare(0, SETTINGS);
  let at = 0;
  return {
    async run(steps) {
      if (at + steps > session.batches.whole) at = 0;
      const begun = performance.now();
      await session.run(at, at + steps);
      at += steps;
      return 1000 * (performance.now() - begun) / steps;
    },
    follow: (other) => session.restore(other.state()),
    state: () => session.state(),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** Returns the number of steps that take about one chunk. */
async function stepsOfChunk({ run }: MeasuredSteps): Promise<number> {
  await run(2); // V8 compiles
  return Math.max(2, Math.min(200, Math.ceil(1000 * CHUNK / await run(2))));
}

/** Measures the computing of rank 0 [µs]: the least of some means, which other work disturbed least. */
async function computingTime(workload: Workload, size: number, threads: number): Promise<number> {
  await using steps = await openSteps(workload, silentRanks(size), threads);
  const count = await stepsOfChunk(steps);
  const times: number[] = [];
  const begun = performance.now();
  while (times.length < CHUNKS && (times.length < 3 || performance.now() - begun < 3000)) {
    times.push(await steps.run(count));
  }
  return Math.min(...times);
}

/** Returns the largest of the numbers of all ranks. */
async function largest(ranks: Ranks, own: number): Promise<number> {
  const all = new Float64Array(ranks.size);
  const blocks = Array.from(all, (_, rank) => new Uint8Array(all.buffer, 8 * rank, 8));
  await ranks.gather(new Uint8Array(Float64Array.of(own).buffer), blocks);
  return Math.max(...all);
}

function parametersOf(workload: Workload): number {
  return sum(build(workload).parameters.map(({ shape }) => sizeOf(shape)));
}

/** Returns the expected time of a step [µs]. */
function expected(workload: Workload, computing: number, link: Link, ranks: number): number {
  const { batchSize: batch } = workload;
  const parameters = parametersOf(workload);
  return computing + estimateExchangeTime({ parameters, shards: ranks, batch }, link, ranks);
}

const milliseconds = (time: number) => `${formatNumber(time / 1000, 3)} ms`;

/**
 * Compares expected and measured times, by the ranks that a launcher started. Computing, link and whole steps
 * are measured in turns, and the least time of each counts.
 */
async function compare(ranks: Ranks): Promise<void> {
  const rows: string[][] = [];
  for (const [name, workload] of Object.entries(ALL)) {
    const silent = { ...silentRanks(ranks.size), rank: ranks.rank };
    await using alone = await openSteps(workload, silent, 1);
    await using together = await openSteps(workload, ranks, 1);
    const count = await largest(ranks, await stepsOfChunk(alone));
    await together.run(10);
    const rounds: { computing: number; measured: number; link: Link }[] = [];
    const begun = performance.now();
    for (let isOver = 0; isOver === 0;) {
      alone.follow(together);
      const computing = await alone.run(count); // all ranks at once, as they share the processors
      const link = await measureLink(ranks);
      if (link === undefined) throw new TypeError("Cannot compare: expected 2 ranks or more");
      const measured = await together.run(count);
      rounds.push({ computing, measured, link });
      const isEnough = rounds.length >= LEAST && performance.now() - begun > DURATION;
      isOver = await largest(ranks, Number(isEnough));
    }
    const least = (of: (round: typeof rounds[number]) => number) => Math.min(...rounds.map(of));
    const [computing, measured] = [least(({ computing }) => computing), least((r) => r.measured)];
    const link = {
      latency: least(({ link }) => link.latency),
      bandwidth: 1 / least(({ link }) => 1 / link.bandwidth),
    };
    const time = expected(workload, computing, link, ranks.size);
    rows.push([
      name,
      `${formatNumber(link.latency, 2)} µs, ${formatNumber(8 * link.bandwidth / 1000, 2)} Gbit/s`,
      ...[computing, time, measured].map(milliseconds),
      `${formatNumber(100 * (measured / time - 1), 2)} %`,
    ]);
    if (ranks.rank === 0) console.error(rows.at(-1)?.join("; "));
  }
  if (ranks.rank > 0) return;
  const columns = ["Network", "Link", "Computing", "Expected", "Measured", "Difference"];
  console.log(markdownTable({ columns }, rows));
}

/** Prints and draws expected times by links of several speeds. */
async function draw(): Promise<void> {
  const threads = navigator.hardwareConcurrency;
  const drawn = [];
  for (const [name, workload] of Object.entries(ALL)) {
    const computing: number[] = [];
    for (const ranks of COUNTS) {
      computing.push(await computingTime(workload, ranks, threads));
    }
    const bySpeed = SPEEDS.map((speed) => ({
      speed,
      times: COUNTS.map((ranks, index) =>
        expected(workload, computing[index], { latency: LATENCY, bandwidth: 125 * speed }, ranks)
      ),
    }));
    drawn.push({
      name: `${name}: ${formatNumber(parametersOf(workload) / 1e6, 2)} M parameters`,
      bySpeed,
    });
    const columns = [name, "computing", ...SPEEDS.map((speed) => `${speed} Gbit/s`)];
    const rows = COUNTS.map((ranks, index) => [
      `${ranks}`,
      milliseconds(computing[index]),
      ...bySpeed.map(({ times }) => milliseconds(times[index])),
    ]);
    console.log(`${markdownTable({ columns }, rows)}\n`);
  }
  const svg = drawRankTimes(COUNTS, drawn);
  await writeFileAtomic(
    fromFileUrl(new URL(`../../${FIGURE}`, import.meta.url)),
    new TextEncoder().encode(svg),
  );
}

const launcher = detectLauncher((variable) => Deno.env.get(variable));
if (launcher === undefined) await draw();
else {
  const ranks = joinMpiRanks(native, { launcher, patience: 120 });
  await compare(ranks);
  await ranks.close();
}
