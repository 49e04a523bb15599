// The barrier at which workers wait for each other. A phase is the part of a program between two barriers.
// Each partition of a phase is claimed once: by its own worker or, if that is late, by another. The phase
// ends when all partitions are complete.
//
// Words at the address `barrier`: the phase, the number of partitions completed since the first phase, the
// number of sleeping workers, and whether one has failed. Then, in a cache line for each partition, the
// phase in which it can be claimed next.

/**
 * Number of times that a worker reads the phase before it sleeps; each read takes about a third of a
 * nanosecond.
 */
const SPINS: i32 = 100000;
/** Nanoseconds after which a sleeping worker checks whether another has failed. */
const PATIENCE: i64 = 50_000_000;
/** Bytes of a cache line. */
const LINE: usize = 64;

/** Claims a partition of a phase. Returns false if another worker has claimed it, or the phase is over. */
export function claim(barrier: usize, partition: i32, phase: i32): bool {
  const next = barrier + LINE * (<usize> partition + 1);
  return atomic.load<i32>(next) == phase &&
    atomic.cmpxchg<i32>(next, phase, phase + 1) == phase;
}

/**
 * Counts a partition of a phase as complete. Returns true if it was the last of its phase's `partitions`
 * partitions. The count may wrap around.
 */
export function complete(barrier: usize, partitions: i32, phase: i32): bool {
  return atomic.add<i32>(barrier, 1, 4) == partitions * (phase + 1) - 1;
}

/** Begins the phase `next`, and wakes sleeping workers. */
export function advance(barrier: usize, next: i32): void {
  atomic.store<i32>(barrier, next);
  if (atomic.load<i32>(barrier, 8) != 0) atomic.notify(barrier, -1);
}

/** Reads the phase at most `times` times. Returns true as soon as the given phase is over, else false. */
export function spin(barrier: usize, phase: i32, times: i32): bool {
  for (let read = 0; read < times; read++) {
    if (atomic.load<i32>(barrier) != phase) return true;
  }
  return false;
}

/**
 * Waits until a phase is over; traps if another worker has failed.
 *
 * First spins, since the phase ends within a fraction of a microsecond if all workers run, then sleeps, so
 * that a busy system can use the processor.
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
