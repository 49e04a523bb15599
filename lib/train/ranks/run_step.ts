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

/** Requests to pause or to stop all ranks after a step; true for those that are made. */
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
  /** Slice of the summed gradient that this rank computes and sends. */
  readonly slice: Uint8Array;
  /** Slices of the summed gradient, one from each rank. */
  readonly sum: readonly Uint8Array[];
}

/**
 * Returns a function that runs the part of a rank's step before the update of the parameters, and exchanges
 * its data with the other ranks. Its arguments are the step, counted from 0 in its epoch, and the requests of
 * this rank. It resolves to those requests that at least one rank has made; all ranks get the same result.
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

/** Returns a view of the bytes of a slice of single-precision elements. */
function sliceBytes(values: Float32Array<SharedArrayBuffer>, { first, length }: Slice): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset + 4 * first, 4 * length);
}
