/**
 * Estimates the time of a training step that is divided among several processes, called ranks.
 *
 *     T(R) = g s(R) + u + c(R) + 3 (R − 1) l + 4 b(R) / w
 *
 * T(R) is the time of a step of R ranks, g and u are the times of gradients and update in one process, s(R) is
 * the largest fraction of the batch that a rank computes, c(R) the time to add slices, l and w the latency and
 * the bandwidth of the link, and b(R) the most numbers that a rank sends or receives: slices of gradients
 * first, then slices of their sum. Loss and layer states are exchanged too, so there are three rounds of
 * messages. All ranks compute the whole update.
 *
 * @module
 */
import { sum } from "../../tensor/math/statistics.ts";
import { divideNodes } from "../../train/ranks/division.ts";

/** Latency and bandwidth of the connection between two ranks. */
export interface Link {
  /** Time of a short message [µs]. */
  readonly latency: number;
  /** Bytes per µs that a rank sends while it receives as many. */
  readonly bandwidth: number;
}

/**
 * Times of the parts of a training step in one process, and the sizes on which exchanges between processes
 * depend.
 */
export interface StepParts {
  /** Time of forward, loss and backward [µs]. */
  readonly gradients: number;
  /** Time of the update [µs]. */
  readonly update: number;
  /** Number of parameters. */
  readonly parameters: number;
  /** Number of values that the optimizer keeps for each parameter. */
  readonly slots: number;
  /** Number of samples in a batch. */
  readonly batch: number;
  /** Number of micro-batches of a batch, whose gradients are computed separately and then added. */
  readonly shards: number;
}

/** Estimated time of a training step that is divided among ranks [µs]. */
export interface RankTime {
  /** Number of ranks. */
  readonly ranks: number;
  /** Time of the slowest rank for gradients, their sum and the update. */
  readonly computing: number;
  /** Time of the messages between ranks. */
  readonly exchange: number;
  /** Sum of `computing` and `exchange`. */
  readonly total: number;
}

/**
 * Estimates the time of a training step that is divided among ranks, from the times of its parts in one
 * process.
 *
 * @param ranks number of ranks
 * @throws {RangeError} if there are more ranks than micro-batches
 */
export function estimateRankTime(parts: StepParts, link: Link, ranks: number): RankTime {
  const { gradients, update, parameters, slots, batch, shards } = parts;
  const nodes = divideNodes(shards, ranks, batch);
  const leaves = nodes.map((own) => sum(own.map(({ from, to }) => to - from)));
  const share = Math.max(...leaves) / sum(leaves);
  const moved = 3 + 2 * slots; // numbers per parameter that an update reads or writes
  const combine = ranks === 1 ? 0 : update * (nodes.flat().length + 1) / (ranks * moved);
  const computing = gradients * share + update + combine;
  const exchange = estimateExchangeTime({ parameters, shards, batch }, link, ranks);
  return { ranks, computing, exchange, total: computing + exchange };
}

/**
 * Estimates the time [µs] in which ranks exchange gradients and updated parameters in one step.
 *
 * @param ranks number of ranks
 * @throws {RangeError} if there are more ranks than micro-batches
 */
export function estimateExchangeTime(
  { parameters, shards, batch }: Pick<StepParts, "parameters" | "shards" | "batch">,
  { latency, bandwidth }: Link,
  ranks: number,
): number {
  const counts = divideNodes(shards, ranks, batch).map(({ length }) => length);
  const all = sum(counts);
  const slice = parameters / ranks;
  const gradients = Math.max(
    ...counts.map((own) => Math.max(own * (parameters - slice), (all - own) * slice)),
  );
  const numbers = gradients + (parameters - slice);
  return 3 * (ranks - 1) * latency + 4 * numbers / bandwidth;
}
