/** Calls write only the regions that they declare, on which barriers depend. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { compile } from "../../../lib/engine/compiler/compile.ts";
import { MATMUL_WORK } from "../../../lib/engine/compiler/form.ts";
import { compileKernels } from "../../../lib/engine/workers/machine.ts";
import { allocateMachineMemory } from "../../../lib/engine/wasm/memory_plan.ts";
import {
  isPerWorker,
  KERNEL_SCRATCH,
  type MemoryAccess,
  type Program,
} from "../../../lib/engine/program/program.ts";
import { accessedByteRange, callPartition } from "../../../lib/engine/program/partition.ts";
import { instantiateKernels, makePhases } from "../../../lib/engine/workers/executor.ts";
import { dense, network, relu, softmaxCrossEntropy } from "../../../lib/nn/mod.ts";
import { source } from "../../../lib/tensor/mod.ts";
import { adam, trainingStep, updateGroups } from "../../../lib/train/mod.ts";
import { normalValues } from "../../numbers.ts";
import { bindInputs, storedSources, tagged } from "../bits.ts";

const [FEATURES, BATCH] = [21, 6];

/** A training step with panels that are whole, that are not, and none; sums over all gradients too. */
function step() {
  const layers = [130, 70, 64, 10].flatMap((units, index) => [
    ...(index === 0 ? [] : [relu()]),
    dense({ units, initializer: { name: "heNormal" } }),
  ]);
  const net = network(layers, FEATURES);
  return trainingStep({
    network: net,
    batch: BATCH,
    seed: 1,
    groups: updateGroups(net, { optimizer: adam() }),
    loss: softmaxCrossEntropy(),
    source: source("features", FEATURES, "sparse8"),
    normalization: { name: "unit", shift: 0, scale: 1 / 255 },
  });
}

/** A memory with the step's program in it, shared out, and its inputs. */
function prepared(program: Program, workers: number) {
  const source = step();
  const all = tagged(source);
  const size = source.state.parameters?.shape[0] ?? 0;
  const pixels = Array.from({ length: BATCH * FEATURES }, (_, i) => i % 3 === 0 ? i : 0);
  const inputs = {
    ...Object.fromEntries(
      Object.entries(source.state).map((
        [name, { shape }],
      ) => [name, Array(shape[0] ?? 1).fill(0.5)]),
    ),
    parameters: normalValues("parameters", [size]),
    rows: [0, 1, 2, 3, 4, 5],
    labels: [0, 1, 2, 3, 4, 5],
    learningRate: [0.01],
    step: [3],
  };
  const sources = { features: { values: pixels, scale: 1 / 255 } };
  const plan = { programs: { step: program }, perStep: [], steps: 1, workers };
  const planned = allocateMachineMemory({ ...plan, sources: storedSources(all, { sources }) });
  bindInputs(planned.spaces, all, { inputs });
  return planned;
}

function changedPlaces(before: Int32Array, after: Int32Array): readonly number[] {
  const places: number[] = [];
  for (let at = 0; at < after.length; at++) if (after[at] !== before[at]) places.push(at);
  return places;
}

for (const workers of [1, 2, 3, 5]) {
  Deno.test(`calls write only their declared regions, each its own partition, workers: ${workers}`, () => {
    const { outputs, state } = step();
    const program = compile({ outputs, state });
    const { memory, spaces, programs: [main], sources } = prepared(program, workers);
    const kernels = instantiateKernels(compileKernels(), memory, sources);
    const bytes = new Int32Array(memory.buffer);
    const before = new Int32Array(bytes.length);
    let changes = 0;
    program.calls.forEach((call, index) => {
      for (const [worker, { loops, calls }] of (main?.[1] ?? []).entries()) {
        const bound = calls.filter((own) => own.call === index);
        const share = callPartition(call, worker, workers);
        assertEquals(bound.length, share === undefined ? 0 : 1);
        if (share === undefined) continue;
        const workspace: MemoryAccess = {
          region: { space: KERNEL_SCRATCH, offset: 0 },
          bytes: MATMUL_WORK,
        };
        const allowed = [...call.writes, workspace].map((access) => {
          const space = spaces.floats(access.region.space);
          const own = isPerWorker(access.region.space) ? worker * (space.byteLength / workers) : 0;
          const start = space.byteOffset + own + access.region.offset;
          return accessedByteRange(access, share).map((at) => (start + at) / 4);
        });
        before.set(bytes);
        makePhases({ loops, calls: bound }, memory, kernels).forEach((walk) => walk(0));
        for (const at of changedPlaces(before, bytes)) {
          changes++;
          const isAllowed = allowed.some(([from = 0, to = 0]) => from <= at && at < to);
          assert(isAllowed, `${program.labels[index]} of worker ${worker} wrote at ${4 * at}`);
        }
      }
    });
    assertGreater(changes, 10_000);
  });
}
