/**
 * `deno task fuzz`: cases of formats, and those that are not read or refused in good order.
 *
 * @module
 */
import { formatCount } from "../../lib/format/numbers.ts";
import { callCommand } from "../../pipelines/cli/command.ts";
import { defineCommand } from "../../pipelines/cli/declaration.ts";
import { UsageError, wholeNumber, withDefault } from "../../pipelines/cli/options.ts";
import type { Counts } from "./cases.ts";
import { targets } from "./targets.ts";
import type { Report, Task } from "./worker.ts";

/** Milliseconds after which a case that runs counts as one that does not end. */
const PATIENCE = 20_000;

/** Failures of a format that are listed; others are mostly alike. */
const MOST_FAILURES = 20;

/** Runs cases of a format in a worker, which is begun again behind a case that does not end. */
export async function fuzz(
  name: string,
  { cases, seed, log }: {
    readonly cases: number;
    readonly seed: number;
    log(line: string): void;
  },
): Promise<Counts> {
  const counts: Counts = { accepted: 0, refused: 0, failures: [] };
  let logged = performance.now();
  for (let next = 0; next < cases;) {
    next = await runFrom({ name, seed, from: next, to: cases }, (report) => {
      counts.accepted += report.counts.accepted;
      counts.refused += report.counts.refused;
      for (const failure of report.counts.failures) counts.failures.push(failure);
      if (performance.now() - logged < 30_000) return;
      logged = performance.now();
      log(`${name}: ${formatCount(report.next)} of ${formatCount(cases)} cases`);
    }, (number) => counts.failures.push(`case ${number} of ${name}: did not end`));
    if (counts.failures.length >= MOST_FAILURES) break;
  }
  return counts;
}

/** Runs cases until all are done, or one does not end; returns the number of the next. */
async function runFrom(
  task: Omit<Task, "running">,
  onReport: (report: Report) => void,
  onHang: (number: number) => void,
): Promise<number> {
  const running = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let [last, since] = [-1, performance.now()];
  const watch = setInterval(() => {
    const number = Atomics.load(running, 0);
    if (number !== last) [last, since] = [number, performance.now()];
    if (performance.now() - since < PATIENCE) return;
    onHang(number);
    resolve(number + 1);
  }, 500);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`case ${Atomics.load(running, 0)} of ${task.name}: ${event.message}`));
  };
  worker.onmessage = ({ data }: MessageEvent<Report>) => {
    onReport(data);
    if (data.next === task.to) resolve(data.next);
  };
  worker.postMessage({ ...task, running });
  try {
    return await promise;
  } finally {
    clearInterval(watch);
    worker.terminate();
  }
}

/** The command. */
export const command = defineCommand({
  name: "fuzz",
  summary: "Fuzzes the readers of all file formats, or of the named ones, and lists failures",
  usage: ["", "FORMAT..."],
  about: `The formats: ${Object.keys(targets).join(", ")}.`,
  options: {
    cases: withDefault("N", "20000", "Cases of each format", wholeNumber(1, 2 ** 31 - 1)),
    seed: withDefault("N", "1", "Seed of all cases", wholeNumber(0, 2 ** 31 - 1)),
  },
  exits: { 1: "a file was neither read nor refused in good order" },
  async run({ positionals, options }) {
    const unknown = positionals.find((word) => !Object.hasOwn(targets, word));
    if (unknown !== undefined) {
      const known = Object.keys(targets).map((name) => `"${name}"`).join(", ");
      throw new UsageError(`expected formats out of ${known}: received "${unknown}"`);
    }
    let failed = 0;
    for (const name of positionals.length === 0 ? Object.keys(targets) : positionals) {
      const log = (line: string) => console.error(line);
      const { accepted, refused, failures } = await fuzz(name, { ...options, log });
      const all = [`${formatCount(accepted)} read`, `${formatCount(refused)} refused`];
      console.log(`${name}: ${all.join(", ")}, ${failures.length} wrong`);
      failures.slice(0, MOST_FAILURES).forEach((failure) => console.log(failure));
      failed += failures.length;
    }
    if (failed > 0) return 1;
  },
});

if (import.meta.main) Deno.exit(await callCommand(command, Deno.args));
