// Where workers wait for each other. A phase is what a program does between two barriers: each worker's
// partition of it is claimed once, by that worker or, if it is late, by another, and the phase ends when
// all partitions are complete.
//
// Words at the address `barrier`: the phase, how many partitions are complete since the first phase, how
// many workers sleep, and whether one has failed. Then, a cache line for each partition, the phase in which
// it can be claimed next.

/** Reads of the phase before a worker goes to sleep, at a third of a nanosecond or so each. */
const SPINS: i32 = 100000;
/** Nanoseconds after which a sleeping worker checks whether another has failed. */
const PATIENCE: i64 = 50_000_000;
/** Bytes of a cache line. */
const LINE: usize = 64;

/** Claims a partition of a phase, unless it has been claimed. */
export function claim(barrier: usize, partition: i32, phase: i32): bool {
  const next = barrier + LINE * (<usize> partition + 1);
  return atomic.load<i32>(next) == phase &&
    atomic.cmpxchg<i32>(next, phase, phase + 1) == phase;
}

/** Counts a partition as complete; true if it was the last of its phase. The count may wrap around. */
export function complete(barrier: usize, partitions: i32, phase: i32): bool {
  return atomic.add<i32>(barrier, 1, 4) == partitions * (phase + 1) - 1;
}

/** Begins the next phase, and wakes workers that sleep. */
export function advance(barrier: usize, next: i32): void {
  atomic.store<i32>(barrier, next);
  if (atomic.load<i32>(barrier, 8) != 0) atomic.notify(barrier, -1);
}

/** Reads the phase so many times at most; true if it is over. */
export function spin(barrier: usize, phase: i32, times: i32): bool {
  for (let read = 0; read < times; read++) {
    if (atomic.load<i32>(barrier) != phase) return true;
  }
  return false;
}

/**
 * Waits until a phase is over; traps if a worker has failed.
 *
 * Spins for a while, which costs a fraction of a microsecond where all workers run, and then sleeps, so
 * that a machine with other work to do is not held up.
 */
export function waitForPhaseEnd(barrier: usize, phase: i32): void {
  if (spin(barrier, phase, SPINS)) return;
  atomic.add<i32>(barrier, 1, 8);
  while (atomic.load<i32>(barrier) == phase) {
    if (atomic.load<i32>(barrier, 12) != 0) unreachable();
    atomic.wait<i32>(barrier, phase, PATIENCE);
  }
  atomic.sub<i32>(barrier, 1, 8);
}
