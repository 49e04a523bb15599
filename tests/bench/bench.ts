/**
 * `deno task bench`: how fast this project is, and beside whom.
 *
 * @module
 */
import { callCommand, runOfModule } from "../../pipelines/cli/command.ts";
import { defineCommand } from "../../pipelines/cli/declaration.ts";
import {
  anyText,
  isWritable,
  listOf,
  oneOf,
  optional,
  threads,
  unexpectedValue,
  wholeNumber,
  withDefault,
} from "../../pipelines/cli/options.ts";
import type { WorkloadName } from "./workloads.ts";

const GROUPS = ["kernels", "steps", "augmented", "checkpoints", "runs"] as const;
const WORKLOADS: readonly WorkloadName[] = ["S", "M", "L"];

/** The command. */
export const command = defineCommand({
  name: "bench",
  summary: "Benchmarks operations, training steps, augmentation, whole runs and other libraries",
  usage: [""],
  positionals: { count: [0, 0], expected: "options alone" },
  about: `The networks are S, 784-128-10 with batches of 64; M, 784-512-512-10 with 128; and L,
784-2500-2000-1500-1000-500-10 with 256; all with Adam. The data are the four files of MNIST in the
folder that the environment's MNIST_DIR names, else Debian's Fashion-MNIST.`,
  options: {
    only: withDefault(
      "LIST",
      GROUPS.join(","),
      'What to measure. "augmented" is training S on images augmented in each of the ways there are, ' +
        '"checkpoints" training S with a checkpoint at the end of each epoch and without',
      listOf("groups", GROUPS),
    ),
    workload: withDefault(
      "LIST",
      WORKLOADS.join(","),
      "Which networks",
      listOf("networks", WORKLOADS),
    ),
    threads,
    backend: withDefault(
      "NAME",
      "exact",
      "What computes dense products in steps and runs, exact or blas",
      oneOf("exact", "blas"),
    ),
    rounds: withDefault(
      "N",
      "3",
      "How often everything is measured, by turns, 1 to 100",
      wholeNumber(1, 100),
    ),
    peers: optional(
      "DIR",
      "Also run the peers in DIR (peer_numpy.py, peer_torch.py, peer_sklearn.py), and onnxruntime " +
        "where the environment's PEERS_DIR has it, in the same rounds",
      anyText,
    ),
    python: withDefault(
      "FILE",
      "python3",
      "What runs the Python peers, each with the libraries it finds",
      anyText,
    ),
    json: withDefault(
      "FILE",
      "outputs/benchmarks/bench.json",
      "Where results are written, under outputs/; the drawing is beside it",
      // better to refuse a file at once than when all has been measured
      (path, name) => {
        if (isWritable(path) && path.endsWith(".json")) return path;
        throw unexpectedValue("a file like outputs/benchmarks/NAME.json", name, path);
      },
    ),
  },
  result:
    `Every process is started anew. Peers run without OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE, which slow
them down, and with one thread too where that may be faster. Numbers are medians over the rounds.`,
  run: runOfModule(import.meta.resolve("./benchmark.ts")),
});

if (import.meta.main) Deno.exit(await callCommand(command, Deno.args));
