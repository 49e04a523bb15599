/**
 * Proof that a run survives a failure at any operation on files: each one in turn fails, or is the last
 * before a kill or a power cut; then the same command is run again, and must end in the bytes of an
 * undisturbed run.
 *
 * Commands run in this process on a file system in memory, with a network of a few parameters.
 *
 * @module
 */
import { sha256 } from "../../lib/data/sha256.ts";
import type { PublishedSource } from "../../lib/data/datasets/source.ts";
import { fetchDataset, loadDataset } from "../../lib/io/datasets.ts";
import { useFileSystem } from "../../lib/io/file_system.ts";
import { callCommand } from "../../pipelines/cli/command.ts";
import { commands } from "../../pipelines/commands.ts";
import { TINY, tinyData } from "../pipelines/tiny.ts";
import { Disk, type Fault, FAULTS } from "./memory_files.ts";
import { halfWritten, hashesOf, isLeftOver, isLines } from "./left.ts";
import type { Outcome, Proof, ProofOptions } from "./proof.ts";

/** A command that is run repeatedly, with its preparation. */
interface Scenario {
  readonly name: string;
  /** Prepares a disk on which the scenario can be run. */
  prepare(): Promise<Disk>;
  /** Runs it; returns its exit code and its messages. */
  run(): Promise<Ended>;
  /** Folder of the files that it writes. */
  readonly folder: string;
}

/** Outcome of a run. */
interface Ended {
  readonly code: number;
  readonly stderr: string;
}

/** Runs a command in this process. */
async function runCommand(
  name: string,
  ...args: readonly string[]
): Promise<Ended & { stdout: string }> {
  const command = commands.find((command) => command.name === name);
  if (command === undefined) throw new RangeError(`expected a command: received "${name}"`);
  const printed = { stdout: "", stderr: "" };
  using restoring = new DisposableStack();
  for (const output of ["stdout", "stderr"] as const) {
    const { writeSync } = Deno[output];
    restoring.defer(() => Deno[output].writeSync = writeSync);
    Deno[output].writeSync = (bytes) => {
      printed[output] += new TextDecoder().decode(bytes);
      return bytes.length;
    };
  }
  const code = await callCommand(command, args);
  return { code, ...printed };
}

const { pipeline } = TINY;
const [load, split, normalize, { ...train }] = pipeline;

/** The tiny run, with a batch size that leaves three steps an epoch, and no report. */
const PLAIN = {
  ...TINY,
  pipeline: [load, split, normalize, train, { stage: "evaluate", on: ["test"] }],
};

function diskOf(config: unknown): Disk {
  return new Disk({ "tiny.json": JSON.stringify(config), ...tinyData() });
}

/** A scenario that is a command on a disk with a config. */
function commandScenario(name: string, config: unknown, args: readonly string[]): Scenario {
  return {
    name,
    folder: "outputs",
    prepare: () => Promise.resolve(diskOf(config)),
    run: () => runCommand(args[0] as string, ...args.slice(1)),
  };
}

const REPORTED = { ...PLAIN, pipeline: [...PLAIN.pipeline, { stage: "report", panels: ["loss"] }] };

/** Draws two panels of a finished run again, in the place of one. */
function reportScenario(): Scenario {
  let run = "";
  return {
    name: "report",
    folder: "outputs",
    async prepare() {
      const disk = diskOf(REPORTED);
      using _files = useFileSystem(disk.process());
      run = (await runCommand("train", "tiny.json", "--quiet")).stdout.trim();
      return disk;
    },
    run: () => runCommand("report", run, "--panels", "result,loss"),
  };
}

const CONTENTS = {
  first: new TextEncoder().encode("the content of a published file"),
  second: new TextEncoder().encode("that of another"),
};

const SOURCE: PublishedSource = {
  kind: "published",
  name: "published",
  files: Object.entries(CONTENTS).map(([name, content]) => ({
    name,
    bytes: content.length,
    packedBytes: content.length,
    sha256: sha256(content),
  })),
  mirrors: ["https://mirror.example/"],
  assemble: () => ({}) as ReturnType<PublishedSource["assemble"]>,
};

/** A scenario that loads a data set. */
function dataScenario(name: string, use: () => Promise<unknown>): Scenario {
  return {
    name,
    folder: "cache",
    prepare: () =>
      Promise.resolve(new Disk({ "given/first": CONTENTS.first, "given/second": CONTENTS.second })),
    async run() {
      try {
        await use();
        return { code: 0, stderr: "" };
      } catch (error) {
        return { code: 1, stderr: error instanceof Error ? error.message : `${error}` };
      }
    },
  };
}

/** Answers as a mirror does. */
const answer: typeof fetch = (url) =>
  Promise.resolve(new Response(CONTENTS[`${url}`.endsWith("first.gz") ? "first" : "second"]));

const SCENARIOS: readonly Scenario[] = [
  commandScenario("train", PLAIN, ["train", "tiny.json", "--threads", "1"]),
  commandScenario("sweep", { ...PLAIN, sweep: { seed: [1, 2] } }, [
    "sweep",
    "tiny.json",
    "--threads",
    "1",
  ]),
  commandScenario("ensemble", { ...PLAIN, ensemble: { seed: [1, 2] } }, [
    "train",
    "tiny.json",
    "--threads",
    "1",
  ]),
  reportScenario(),
  dataScenario(
    "cache",
    () => fetchDataset(SOURCE, { cacheDirectory: "cache", directory: "given" }),
  ),
  dataScenario("download", () => loadDataset(SOURCE, { cacheDirectory: "cache", fetch: answer })),
];

/** Runs a scenario as a process of its own. */
async function runOn(
  disk: Disk,
  scenario: Scenario,
  fault?: { readonly at: number; readonly fault: Fault },
) {
  const process = disk.process(fault);
  using _files = useFileSystem(process);
  const ended = await scenario.run();
  return { ...ended, process };
}

/** Results of the undisturbed run of a scenario. */
interface Undisturbed {
  readonly before: Disk;
  readonly operations: number;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly hashes: Readonly<Record<string, string>>;
}

async function undisturbed(scenario: Scenario): Promise<Undisturbed> {
  const before = await scenario.prepare();
  const disk = before.clone();
  const { code, stderr, process } = await runOn(disk, scenario);
  if (code !== 0) throw new Error(`the undisturbed ${scenario.name} ended with ${code}: ${stderr}`);
  const files = disk.files(scenario.folder);
  return { before, operations: process.operations, files, hashes: hashesOf(files) };
}

/** Tries one fault, and the same command after it; returns what contradicts the proof. */
async function tryFault(
  scenario: Scenario,
  { before, files: expected, hashes }: Undisturbed,
  fault: { readonly at: number; readonly fault: Fault },
): Promise<string | undefined> {
  const disk = before.clone();
  const first = await runOn(disk, scenario, fault);
  const { hit } = first.process;
  const said = (what: string) =>
    `${scenario.name}, operation ${fault.at} (${hit}), ${fault.fault}: ${what}`;
  const half = halfWritten(disk.files(scenario.folder), [expected, before.files(scenario.folder)]);
  if (half !== undefined) return said(`"${half}" is half-written`);
  if (!first.process.isKilled && first.code !== 0 && !isClear(first.stderr)) {
    return said(`ended with the message ${JSON.stringify(first.stderr)}`);
  }
  const second = await runOn(disk, scenario);
  if (second.code !== 0) return said(`the same command then failed: ${second.stderr}`);
  const files = disk.files(scenario.folder);
  const found = hashesOf(files);
  const other = Object.keys({ ...hashes, ...found }).find((name) => hashes[name] !== found[name]);
  if (other !== undefined) return said(`"${other}" is another in the end`);
  const left = [...files.keys()].find(isLeftOver);
  if (left !== undefined && first.code !== 0) return said(`"${left}" is left`);
  const log = [...files].find(([name, bytes]) => name.endsWith("log.jsonl") && !isLines(bytes));
  if (log !== undefined) return said(`"${log[0]}" has a broken line`);
}

/** Returns whether a message has this project's form, without the system's number of the error. */
function isClear(stderr: string): boolean {
  const last = stderr.trimEnd().split("\n").findLast((line) => /Cannot |failed/.test(line));
  return last !== undefined && !/os error|at file:|undefined/.test(last);
}

/** The sample tries one operation out of so many, each by another fault. */
const SAMPLED = 61;

/** The proof. */
export const proof: Proof = {
  name: "faults",
  about: "Lets every operation on files fail, or be the last, and runs the same command again",
  columns: [
    "Command",
    "Operations",
    "Faults tried",
    "Other bytes in the end",
    "Half-written files",
  ],
  async run({ sample, log }: ProofOptions): Promise<Outcome> {
    const rows: (readonly (string | number)[])[] = [];
    const failures: string[] = [];
    for (const scenario of SCENARIOS) {
      const known = await undisturbed(scenario);
      let tried = 0;
      const before = failures.length;
      for (let at = 1; at <= known.operations; at++) {
        const all = sample ? [FAULTS[Math.floor(at / SAMPLED) % FAULTS.length] as Fault] : FAULTS;
        if (sample && at % SAMPLED !== 1) continue;
        for (const fault of all) {
          tried++;
          try {
            const failure = await tryFault(scenario, known, { at, fault });
            if (failure !== undefined) {
              failures.push(failure);
              log(failure);
            }
          } catch (error) {
            failures.push(`${scenario.name}, operation ${at}, ${fault}: ${(error as Error).stack}`);
          }
        }
      }
      log(`${scenario.name}: ${tried} faults, ${failures.length - before} failures`);
      const half = failures.slice(before).filter((line) => line.includes("half-written")).length;
      const others = failures.length - before - half;
      rows.push([scenario.name, known.operations, tried, others, half]);
    }
    return { rows, failures };
  },
};
