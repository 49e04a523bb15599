// Where workers wait for each other. A turn is what a program does between two barriers: each worker's
// share of it is taken once, by that worker or, if it is late, by another, and the turn passes when
// all shares are done.
//
// Words at the address `turns`: the turn, how many shares are done since the first, how many workers
// sleep, and whether one has failed. Then, a cache line for each share, the turn in which it is taken
// next.

/** Looks at the turn before a worker goes to sleep, at a third of a nanosecond or so each. */
const SPINS: i32 = 100000;
/** Nanoseconds after which a sleeping worker looks whether another has failed. */
const PATIENCE: i64 = 50_000_000;
/** Bytes of a cache line. */
const LINE: usize = 64;

/** Takes a share of a turn, unless it has been taken. */
export function takeShare(turns: usize, share: i32, turn: i32): bool {
  const next = turns + LINE * (<usize> share + 1);
  return atomic.load<i32>(next) == turn && atomic.cmpxchg<i32>(next, turn, turn + 1) == turn;
}

/** Says that a share is done; true if it was the last of its turn. The count may wrap around. */
export function endShare(turns: usize, shares: i32, turn: i32): bool {
  return atomic.add<i32>(turns, 1, 4) == shares * (turn + 1) - 1;
}

/** Lets the next turn begin, and wakes those who sleep. */
export function passTurn(turns: usize, next: i32): void {
  atomic.store<i32>(turns, next);
  if (atomic.load<i32>(turns, 8) != 0) atomic.notify(turns, -1);
}

/** Looks so many times whether a turn is over. */
export function watchTurn(turns: usize, turn: i32, times: i32): bool {
  for (let look = 0; look < times; look++) {
    if (atomic.load<i32>(turns) != turn) return true;
  }
  return false;
}

/**
 * Waits until a turn is over; traps if a worker has failed.
 *
 * Looks again and again for a while, which costs a fraction of a microsecond where all workers run, and
 * then sleeps, so that a machine with other work to do is not held up.
 */
export function awaitTurn(turns: usize, turn: i32): void {
  if (watchTurn(turns, turn, SPINS)) return;
  atomic.add<i32>(turns, 1, 8);
  while (atomic.load<i32>(turns) == turn) {
    if (atomic.load<i32>(turns, 12) != 0) unreachable();
    atomic.wait<i32>(turns, turn, PATIENCE);
  }
  atomic.sub<i32>(turns, 1, 8);
}
