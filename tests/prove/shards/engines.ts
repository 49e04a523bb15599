/** Engines that start the commands of a divided sweep: GNU parallel and Slurm. */
import { join } from "@std/path";
import { output, start } from "../process.ts";
import { startSlurm } from "./slurm_cluster.ts";

/** A sweep to be trained. */
export interface Work {
  /** Folder in which `ann` is called. */
  readonly folder: string;
  /** Environment variables of all commands; `ann` is in the `PATH`. */
  readonly env: Readonly<Record<string, string>>;
  /** Number of shards; the commands that `--list` prints if undefined. */
  readonly shards: number | undefined;
}

/** A sweep that an engine trains. */
export interface Started {
  /** Process of the engine that may be killed, if it has one. */
  readonly driver?: Deno.ChildProcess;
  /** Resolves to whether all commands ended well. */
  readonly ended: Promise<boolean>;
}

/** An engine. */
export interface Engine {
  /** Name and version. */
  readonly name: string;
  /** Starts the commands of a sweep, or only those that have not ended well yet. */
  start(work: Work): Promise<Started>;
}

/** Commands that run at the same time. */
const SLOTS = 3;

/** Arguments of every sweep: one worker, since several processes share the processors. */
export const ARGS = ["grid.json", "--threads", "1"] as const;

/** Returns GNU parallel. */
export async function gnuParallel(): Promise<Engine> {
  const [, version] = /^GNU parallel (\S+)/.exec(await output("parallel", ["--version"])) ?? [];
  return {
    name: `GNU parallel ${version}`,
    async start({ folder, env, shards }) {
      const log = join(folder, "parallel.log");
      const list = join(folder, "runs.sh");
      if (shards === undefined && !await exists(list)) {
        const commands = await output("ann", ["sweep", ...ARGS, "--list"], { folder, env });
        await Deno.writeTextFile(list, commands);
      }
      const again = await exists(log) ? ["--resume-failed"] : [];
      const driver = start("parallel", [
        ...["--jobs", `${SLOTS}`, "--joblog", log, ...again],
        ...(shards === undefined ? ["--arg-file", list] : [
          `ann sweep ${ARGS.join(" ")} --shard {}/${shards}`,
          ":::",
          ...Array.from({ length: shards }, (_, index) => `${index + 1}`),
        ]),
      ], { folder, env, output: "null" });
      return { driver, ended: driver.status.then(({ success }) => success) };
    },
  };
}

/** Milliseconds between two questions about Slurm's tasks. */
const PAUSE = 100;

/** Uses Slurm on a cluster of one node. */
export async function withSlurm(use: (engine: Engine) => Promise<void>): Promise<void> {
  await using cluster = await startSlurm();
  const version = (await output("sinfo", ["--version"], cluster)).trim().split(" ").at(-1);
  /** Tasks of each sweep that have not ended well yet, by its folder. */
  const left = new Map<string, readonly string[]>();
  await use({
    name: `Slurm ${version}`,
    async start({ folder, env: own, shards = 0 }) {
      const env = { ...cluster.env, ...own };
      const all = Array.from({ length: shards }, (_, index) => `${index + 1}`);
      const job = (await output("sbatch", [
        "--parsable",
        `--array=${left.get(folder) ?? all}`,
        `--output=${folder}/slurm-%a.log`,
        "--wrap",
        `ann sweep ${ARGS.join(" ")} --shard $SLURM_ARRAY_TASK_ID/${shards}`,
      ], { folder, env })).trim();
      const ended = async () => {
        for (;;) {
          const states = await output(
            "squeue",
            [...["--noheader", "--array", "--states=all"], `--jobs=${job}`, "--format=%K %T"],
            { env },
          );
          const tasks = states.trim().split("\n").map((line) => line.split(" "));
          if (
            !tasks.some(([, state]) => /^(PENDING|RUNNING|COMPLETING|CONFIGURING)$/.test(state))
          ) {
            const failed = tasks.filter(([, state]) => state !== "COMPLETED");
            left.set(folder, failed.map(([task]) => task));
            return failed.length === 0;
          }
          await new Promise((resolve) => setTimeout(resolve, PAUSE));
        }
      };
      return { ended: ended() };
    },
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
