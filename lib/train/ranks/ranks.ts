/**
 * The processes that train one network together, and the interface by which they exchange bytes.
 *
 * An implementation only transfers bytes. Sums are computed by training, in an order that does not depend on
 * the number of processes.
 *
 * @module
 */

/**
 * The ranks of one training: processes that run the same steps on parts of each batch.
 *
 * All ranks call the same functions in the same order, and await each call before the next. A block has the
 * same length for its sender as for its receiver. The blocks of one list are views of one buffer, which may be
 * shared memory. They do not overlap, and may be empty. A call rejects if another rank has ended or does not
 * answer.
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
