/**
 * The proof "hashes": the small runs give the same bytes by any number of workers, with and without V8's
 * flags, stopped and resumed or not, in every engine and on both processors that can be tried.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import kept from "../../golden/small_runs.json" with { type: "json" };
import { withArm64Deno } from "../../full/arm64.ts";
import { chosenV8Flags } from "../../v8_flags.ts";
import type { Outcome, Proof, ProofOptions, Row } from "../proof.ts";
import { writeBundle } from "./bundle.ts";
import { engines } from "./engines.ts";
import { hashOfHashes, readPrinted } from "./printed.ts";
import { MissingError, output, twice } from "../process.ts";

const WORKERS = fromFileUrl(new URL("workers.ts", import.meta.url));

/** A way of computing the runs: all cells of its row before the hashes, and a function that computes them. */
interface Way {
  /** Resolves to the cells: engine and version, processor, workers, V8's flags. */
  cells(): Promise<readonly string[]>;
  /** Resolves to what the runs printed. */
  run(bundle: string): Promise<string>;
}

const THREAD = "none: one thread";

/** Deno with workers, with and without V8's flags; a sample has two workers with flags. */
function waysOfDeno(sample: boolean): readonly Way[] {
  const flags = chosenV8Flags();
  const ways = sample
    ? [{ workers: 2, flags }]
    : [1, 2, 3, 5].flatMap((workers) => [[], flags].map((flags) => ({ workers, flags })));
  return ways.map(({ workers, flags }) => ({
    cells: () =>
      Promise.resolve([
        `Deno ${Deno.version.deno}`,
        Deno.build.arch,
        String(workers),
        flags.length === 0 ? "none" : "those of training",
      ]),
    run: () =>
      output(Deno.execPath(), ["run", "-A", "--no-check", ...flags, WORKERS, String(workers)]),
  }));
}

/** The engines that run the bundle on one thread. */
function waysOfEngines(): readonly Way[] {
  const deno: Way = {
    cells: () => Promise.resolve([`Deno ${Deno.version.deno}`, Deno.build.arch, THREAD, "none"]),
    run: (path) => output(Deno.execPath(), ["run", path]),
  };
  const others = engines.map(({ name, from, version, run }): Way => ({
    async cells() {
      try {
        return [`${name} ${await version()}`, Deno.build.arch, THREAD, "none"];
      } catch (error) {
        if (!(error instanceof MissingError)) throw error;
        throw new MissingError(`${name} is left out: install ${from}`);
      }
    },
    run,
  }));
  return [deno, ...others];
}

/** Seconds after which an emulated process is taken for stuck, as one now and then is, and tried again. */
const LIMIT = 3600;

/** Deno for arm64, emulated. */
function waysOfArm64(deno: string, log: ProofOptions["log"]): readonly Way[] {
  const emulated = (args: readonly string[]) =>
    output("timeout", ["--signal=KILL", String(LIMIT), deno, "run", "-A", "--no-check", ...args]);
  const cells = (workers: string) => () =>
    Promise.resolve([`Deno ${Deno.version.deno}`, "aarch64, emulated", workers, "none"]);
  return [
    { cells: cells(THREAD), run: (path) => twice(() => emulated([path]), log) },
    { cells: cells("2"), run: () => twice(() => emulated([WORKERS, "2"]), log) },
  ];
}

/** Runs the program in some ways; a sample leaves out engines that are missing. */
async function compare(
  ways: readonly Way[],
  bundle: string,
  { sample, log }: ProofOptions,
): Promise<Outcome> {
  const expected = hashOfHashes(kept);
  const [rows, failures]: [Row[], string[]] = [[], []];
  for (const way of ways) {
    try {
      const cells = await way.cells();
      log(cells.join(", "));
      const { undisturbed, resumed } = readPrinted(await way.run(bundle));
      rows.push([...cells, ...[undisturbed, resumed].map((hash) => `\`${hash.slice(0, 16)}\``)]);
      if (undisturbed !== expected || resumed !== expected) {
        failures.push(`${cells}: expected ${expected}: received ${undisturbed} and ${resumed}`);
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (sample && error instanceof MissingError) log(error.message);
      else failures.push(error.message);
    }
  }
  return { rows, failures };
}

/** The proof. */
export const proof: Proof = {
  name: "hashes",
  about:
    "Compares the bytes of runs that use every part, by workers, flags, engines and processors",
  needsPackages: true,
  columns: ["Engine", "Processor", "Workers", "V8's flags", "Undisturbed", "Stopped and resumed"],
  async run(options: ProofOptions): Promise<Outcome> {
    const folder = await Deno.makeTempDir({ prefix: "ann-mlp-" });
    try {
      const bundle = join(folder, "program.mjs");
      await writeBundle(bundle);
      const here = [...waysOfDeno(options.sample), ...waysOfEngines()];
      const outcomes = [await compare(here, bundle, options)];
      if (!options.sample) {
        await withArm64Deno(async (deno) => {
          outcomes.push(await compare(waysOfArm64(deno, options.log), bundle, options));
        });
      }
      return {
        rows: outcomes.flatMap(({ rows }) => rows),
        failures: outcomes.flatMap(({ failures }) => failures),
      };
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};
