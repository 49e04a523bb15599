/**
 * This project in the protocol of a side-by-side benchmark of training programs:
 *
 *     peer.ts --mode train|infer|e2e|startup --workload S|M|L [--reps N] [--threads N] [--backend blas]
 *
 * prints one line of JSON. The data are the four gzip files of MNIST's form in the folder MNIST_DIR.
 *
 *     train     samples a second over so many epochs (L: over 40 steps each), after a warm-up
 *     infer     images a second for the test images in one call, and the latency of one image
 *     e2e       all of it: load, 5 epochs of S, test accuracy
 *     startup   load, and exit
 *
 * All train with ReLU, softmax cross-entropy and Adam at 0.001, batches shuffled every epoch.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { countProcessors } from "../../lib/io/environment.ts";
import { blas } from "../../lib/engine/blas/blas.ts";
import { native } from "../../lib/io/native.ts";
import { infer } from "./inference.ts";
import { endToEnd, load, train, type WorkloadName, WORKLOADS } from "./workloads.ts";

const { mode = "train", workload: name = "S", reps = "3", ...given } = parseArgs(Deno.args, {
  string: ["mode", "workload", "reps", "threads", "backend"],
});
const backend = given.backend === "blas" ? blas(native) : undefined;
const threads = Number(given.threads ?? countProcessors());
const workload = WORKLOADS[name as WorkloadName];
if (workload === undefined) {
  throw new RangeError(`Cannot measure: expected S, M or L: received ${name}`);
}
const data = await load();
const measured = mode === "train"
  ? await train(workload, data, { reps: Number(reps), threads, backend })
  : mode === "infer"
  ? await infer(workload, data, threads)
  : mode === "e2e"
  ? await endToEnd(workload, data, { threads, backend })
  : {};
console.log(JSON.stringify({ peer: "ann-mlp", mode, workload: name, ...measured }));
