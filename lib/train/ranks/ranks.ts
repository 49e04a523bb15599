/**
 * The processes that train one network together, and the interface by which they exchange bytes.
 *
 * An implementation moves bytes and adds nothing: every sum is computed by training, in its own order.
 *
 * @module
 */

/**
 * The ranks of one training: processes that run the same steps on parts of each batch.
 *
 * All ranks call the same functions in the same order, with blocks of sizes that fit together, and await
 * each call before the next. The blocks of one list are views of one buffer, which may be shared memory.
 * They do not overlap, and may be empty. A call rejects if another rank has ended or does not answer.
 */
export interface Ranks {
  /** Number of this process, from 0. */
  readonly rank: number;
  /** Number of processes. */
  readonly size: number;
  /**
   * Sends block `send[r]` to rank r, and fills `receive[r]` with the block from rank r, for all ranks
   * including this one (MPI's Alltoallv).
   */
  exchange(send: readonly Uint8Array[], receive: readonly Uint8Array[]): Promise<void>;
  /**
   * Sends `own` to all ranks, and fills `all[r]` with the block of rank r (MPI's Allgatherv). `own` is
   * not a view of the same bytes as `all[rank]`.
   */
  gather(own: Uint8Array, all: readonly Uint8Array[]): Promise<void>;
}
