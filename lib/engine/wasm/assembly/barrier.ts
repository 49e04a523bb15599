/** Looks at the generation before a worker goes to sleep: a tenth of a millisecond or so. */
const SPINS: i32 = 100000;
/** Nanoseconds after which a sleeping worker looks whether another has failed. */
const PATIENCE: i64 = 50_000_000;

/**
 * Waits until all workers are here. Words at the address: how many have arrived, how many sleep, the
 * generation, which the last to arrive raises, and whether a worker has failed; then this traps.
 *
 * Who waits looks again and again for a while, which costs a fraction of a microsecond where all workers
 * run, and then sleeps, so that a machine with other work to do is not held up.
 */
export function barrier(words: usize, workers: i32): void {
  const generation = atomic.load<i32>(words, 8);
  if (atomic.add<i32>(words, 1) == workers - 1) {
    atomic.store<i32>(words, 0);
    atomic.add<i32>(words, 1, 8);
    if (atomic.load<i32>(words, 4) != 0) atomic.notify(words + 8, workers);
    return;
  }
  for (let spin = 0; spin < SPINS; spin++) {
    if (atomic.load<i32>(words, 8) != generation) return;
  }
  atomic.add<i32>(words, 1, 4);
  while (atomic.load<i32>(words, 8) == generation) {
    if (atomic.load<i32>(words, 12) != 0) unreachable();
    atomic.wait<i32>(words + 8, generation, PATIENCE);
  }
  atomic.sub<i32>(words, 1, 4);
}
