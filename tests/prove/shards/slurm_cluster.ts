/** A Slurm cluster of one node, started and ended without privileges and beside any other. */
import { join } from "@std/path";
import { output } from "../process.ts";

/** A running cluster. */
export interface SlurmCluster extends AsyncDisposable {
  /** Environment variables with which Slurm's commands reach the cluster. */
  readonly env: Readonly<Record<string, string>>;
}

/** Debian keeps daemons where only the superuser's `PATH` leads. */
const PATH = `${Deno.env.get("PATH")}:/usr/sbin:/sbin`;

/** Tasks that run at the same time; the configuration overrides the number of processors. */
const SLOTS = 3;

/** Milliseconds between two looks at whether the node is ready. */
const PAUSE = 100;

/** Times that the node is looked at before it counts as failed. */
const MOST_LOOKS = 300;

/**
 * Starts a cluster whose files are all in a temporary folder: munged, which authenticates, slurmctld and
 * slurmd. Ending it kills its jobs and removes the folder.
 *
 * @throws {MissingError} if a daemon is not installed
 */
export async function startSlurm(): Promise<SlurmCluster> {
  await using starting = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "ann-mlp-" });
  starting.defer(() => Deno.remove(folder, { recursive: true }));
  const config = join(folder, "slurm.conf");
  const socket = join(folder, "munge.socket");
  const env = { SLURM_CONF: config, PATH };
  const run = (program: string, ...args: readonly string[]) => output(program, args, { env });
  await Deno.chmod(folder, 0o711); // munged refuses a socket that others cannot reach
  await Deno.writeFile(join(folder, "key"), crypto.getRandomValues(new Uint8Array(1024)), {
    mode: 0o400,
  });
  for (const name of ["state", "spool"]) await Deno.mkdir(join(folder, name));
  await Deno.writeTextFile(config, configuration(folder, socket));
  const file = (option: string, name: string) => `--${option}=${join(folder, name)}`;
  await run(
    "munged",
    `--socket=${socket}`,
    file("key-file", "key"),
    file("pid-file", "munged.pid"),
    file("seed-file", "munged.seed"),
    file("log-file", "munged.log"),
  );
  starting.defer(() => run("munged", "--stop", `--socket=${socket}`).then(() => {}));
  await run("slurmctld");
  starting.defer(async () => {
    await run("scancel", "--user", (await output("id", ["-un"])).trim(), "--signal=KILL");
    await run("scontrol", "shutdown"); // both daemons
    for (const name of ["slurmctld", "slurmd"]) await gone(join(folder, `${name}.pid`));
  });
  await run("slurmd");
  for (
    let looks = 0;
    (await run("sinfo", "--noheader", "--format=%T")).trim() !== "idle";
    looks++
  ) {
    if (looks === MOST_LOOKS) throw new Error("Cannot start Slurm: its node does not become idle");
    await pause();
  }
  const ending = starting.move();
  return { env, [Symbol.asyncDispose]: () => ending.disposeAsync() };
}

/** Returns the configuration of a cluster, whose daemons run as the user of this process. */
function configuration(folder: string, socket: string): string {
  const host = Deno.hostname().split(".")[0];
  const user = Deno.uid() === 0 ? "root" : Deno.env.get("USER");
  const [controller, daemon] = [freePort(), freePort()];
  return `ClusterName=proof
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${daemon}
SlurmUser=${user}
SlurmdUser=${user}
AuthType=auth/munge
AuthInfo=socket=${socket}
CredType=cred/munge
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
SlurmdParameters=config_overrides
ReturnToService=2
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${SLOTS}
PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE
`;
}

/** Returns a port of this machine that is free now. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Waits until the process whose number a file holds has ended; daemons remove the file as they end. */
async function gone(file: string): Promise<void> {
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    try {
      await Deno.stat(file);
    } catch {
      return;
    }
    await pause();
  }
  throw new Error(`Cannot end Slurm: "${file}" is still there`);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE));
}
