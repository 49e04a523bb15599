/**
 * `deno task bench`: how fast this project is, and beside whom.
 *
 * @module
 */
import {
  type Arguments,
  call,
  type Command,
  threadsOf,
  UsageError,
} from "../../pipelines/cli/command.ts";
import type { BenchOptions } from "./benchmark.ts";
import type { BackendName } from "./contestants.ts";
import type { WorkloadName } from "./workloads.ts";

const HELP =
  `Measures single operations, training steps, what deformations cost and whole runs, and peers beside.

Usage:
  deno task bench [OPTIONS]

The networks are S, 784-128-10 with batches of 64; M, 784-512-512-10 with 128; and L,
784-2500-2000-1500-1000-500-10 with 256; all with Adam. The data are the four files of MNIST in the
folder that the environment's MNIST_DIR names, else Debian's Fashion-MNIST.

Options:
  --only LIST      what to measure, of kernels,steps,deformed,runs; all if not given. "deformed" is
                   training S on images deformed in each of the ways there are
  --workload LIST  which networks, of S,M,L; all if not given
  --threads N      workers, and threads of peers; all processors if not given
  --backend NAME   what computes dense products in steps and runs, exact or blas; exact if not given
  --rounds N       how often everything is measured, by turns, 1 to 100; 3 if not given
  --peers DIR      also run the peers in DIR (peer_numpy.py, peer_torch.py, peer_sklearn.py), and
                   onnxruntime where the environment's PEERS_DIR has it, in the same rounds
  --python FILE    what runs the Python peers, each with the libraries it finds; "python3" if not given
  --json FILE      where results are written, under outputs/; "outputs/benchmarks/bench.json" if not
                   given; the drawing is beside it
  --help           show this text

Every process is started anew. Peers run without OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE, which slow
them down, and with one thread too where that may be faster. Numbers are medians over the rounds.
Exit codes: 0 done, 1 failed, 2 wrong arguments.`;

const GROUPS = ["kernels", "steps", "deformed", "runs"] as const;
const WORKLOADS: readonly WorkloadName[] = ["S", "M", "L"];

const command: Command = {
  task: "bench",
  help: HELP,
  values: ["only", "workload", "threads", "backend", "rounds", "peers", "python", "json"],
  async run(given) {
    if (given.words.length > 0) {
      throw new UsageError(`expected options alone: received "${given.words.join(" ")}"`);
    }
    const options: BenchOptions = {
      groups: new Set(listOf(given, "only", GROUPS)),
      workloads: listOf(given, "workload", WORKLOADS),
      threads: await threadsOf(given),
      backend: backendOf(given),
      rounds: roundsOf(given),
      peers: given.value("peers"),
      python: given.value("python") ?? "python3",
      json: jsonOf(given),
    };
    const { bench } = await import("./benchmark.ts");
    for (const line of await bench(options)) console.log(line);
    return 0;
  },
};

/** The members of a list like "S,M", all of them if it was not given, in the order of the choices. */
function listOf<Choice extends string>(
  given: Arguments,
  name: string,
  choices: readonly Choice[],
): readonly Choice[] {
  const named = given.value(name)?.split(",") ?? choices;
  const wrong = named.find((word) => !(choices as readonly string[]).includes(word));
  if (wrong === undefined) return choices.filter((choice) => named.includes(choice));
  throw new UsageError(
    `expected some of ${choices.join(",")} after --${name}: received "${wrong}"`,
  );
}

function backendOf(given: Arguments): BackendName {
  const name = given.value("backend") ?? "exact";
  if (name === "exact" || name === "blas") return name;
  throw new UsageError(`expected exact or blas after --backend: received "${name}"`);
}

function roundsOf(given: Arguments): number {
  const text = given.value("rounds") ?? "3";
  const rounds = Number(text);
  if (/^\d+$/.test(text) && rounds >= 1 && rounds <= 100) return rounds;
  throw new UsageError(`expected 1 to 100 after --rounds: received "${text}"`);
}

/** Better to refuse a file at once than when all has been measured. */
function jsonOf(given: Arguments): string {
  const path = given.value("json") ?? "outputs/benchmarks/bench.json";
  const { state } = Deno.permissions.querySync({ name: "write", path });
  if (state === "granted" && path.endsWith(".json")) return path;
  throw new UsageError(
    `expected a file like outputs/benchmarks/NAME.json after --json: received "${path}"`,
  );
}

if (import.meta.main) Deno.exit(await call(command, Deno.args));
