/**
 * Runs the steps of one rank: its programs, and the exchanges between them.
 *
 * @module
 */
import type { Machine } from "../../engine/backend.ts";
import type { Slice } from "./division.ts";
import type { RankStep } from "./programs.ts";
import type { Ranks } from "./ranks.ts";
import { gradientSumName, nodeGradientName, receivedSlicesName, REQUESTS } from "./steps.ts";

/** Requests of one rank, to pause or to stop all ranks after a step. */
export interface Requests {
  readonly pause: boolean;
  readonly stop: boolean;
}

/** Views of the machine's memory that a step exchanges for one parameter group. */
interface GroupViews {
  /** Blocks to send to each rank, and to receive from each rank, in each round of exchanges. */
  readonly rounds: readonly {
    readonly send: readonly Uint8Array[];
    readonly receive: readonly Uint8Array[];
  }[];
  /** Slice of the sum that this rank has computed. */
  readonly slice: Uint8Array;
  /** Slice of the sum that each rank has computed. */
  readonly sum: readonly Uint8Array[];
}

/**
 * Returns a function that runs one step of a rank up to its update. It receives the index of the step in the
 * segment and the requests of this rank, and resolves to the requests of any rank, which are the same on all
 * ranks.
 */
export function rankStepRunner(
  machine: Machine,
  step: RankStep,
  ranks: Ranks,
): (index: number, requests: Requests) => Promise<Requests> {
  const requested = machine.floats("in:requests");
  const empty = sliceBytes(requested, { first: 0, length: 0 });
  const groups = step.groups.map(({ group, slices }): GroupViews => {
    const own = slices[ranks.rank];
    const isCombining = own.length > 0;
    const nodes = step.nodes[ranks.rank]
      .map((_, index) => machine.floats(`in:${nodeGradientName(group, index)}`));
    const firsts = step.nodes.map((_, rank) => step.nodes.slice(0, rank).flat().length);
    const rounds = Array.from({ length: Math.max(...step.nodes.map(({ length }) => length)) });
    return {
      rounds: rounds.map((_, round) => ({
        send: slices.map((slice) => round < nodes.length ? sliceBytes(nodes[round], slice) : empty),
        receive: step.nodes.map(({ length }, rank) => {
          if (round >= length || !isCombining) return empty;
          const first = (firsts[rank] + round) * own.length;
          return sliceBytes(machine.floats(`in:${receivedSlicesName(group)}`), {
            first,
            length: own.length,
          });
        }),
      })),
      slice: isCombining
        ? sliceBytes(machine.floats(`out:${gradientSumName(group)}`), {
          first: 0,
          length: own.length,
        })
        : empty,
      sum: slices.map((slice) => sliceBytes(machine.floats(`in:${gradientSumName(group)}`), slice)),
    };
  });
  const [own, all] = [machine.floats("out:numbers"), machine.floats("in:numbers")];
  const ownNumbers = sliceBytes(own, { first: 0, length: step.numbers[ranks.rank].length });
  const allNumbers = step.numbers.map((slice) => sliceBytes(all, slice));
  const requestsAt = (index: number) =>
    step.numbers.some(({ first, length }) => all[first + length - REQUESTS + index] !== 0);

  return async (index, { pause, stop }) => {
    requested.set([Number(pause), Number(stop)]);
    await machine.run({ program: step.gradients, from: index, to: index + 1 });
    await ranks.gather(ownNumbers, allNumbers);
    for (const { rounds } of groups) {
      for (const { send, receive } of rounds) await ranks.exchange(send, receive);
    }
    if (step.combine !== undefined) await machine.run({ program: step.combine, from: 0, to: 1 });
    for (const { slice, sum } of groups) await ranks.gather(slice, sum);
    return { pause: requestsAt(0), stop: requestsAt(1) };
  };
}

/** Returns the bytes of a slice of elements. */
function sliceBytes(values: Float32Array<SharedArrayBuffer>, { first, length }: Slice): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset + 4 * first, 4 * length);
}
