/**
 * Whether a run was trained by one process at a time, from the lines of its log.
 *
 * A process logs "run started" after it has claimed the run folder and before it trains, and "run finished"
 * before it releases the folder. All processes append to the same file, so the order of its lines is that of
 * the events.
 *
 * @module
 */

/** A line of a run's log. */
export interface LogLine {
  readonly time: string;
  readonly process: number;
  readonly message: string;
}

/** Returns the first lines of the processes that trained a run, as often as another one had its turn between. */
export function turnsOf(lines: readonly LogLine[]): readonly LogLine[] {
  return lines.filter(({ process }, index) => process !== lines[index - 1]?.process);
}

/**
 * Returns what contradicts that a run was trained by one process at a time and finished once; undefined if
 * nothing does. Every process but the last must have been killed before its successor started.
 *
 * @param kills the times of kills by process [ms since 1970]
 */
export function trainedTwice(
  lines: readonly LogLine[],
  kills: ReadonlyMap<number, number>,
): string | undefined {
  const finished = lines.filter(({ message }) => message === "run finished").length;
  if (finished !== 1) return `finished ${finished} times`;
  if (lines.at(-1)?.message !== "run finished") return "was trained after it had finished";
  const turns = turnsOf(lines);
  if (new Set(turns.map(({ process }) => process)).size < turns.length) {
    return `was trained by processes in turn: ${turns.map(({ process }) => process)}`;
  }
  for (const [index, { process, time, message }] of turns.entries()) {
    if (message !== "run started") return `${process} began with "${message}"`;
    const before = turns[index - 1]?.process;
    if (before === undefined) continue;
    const killed = kills.get(before);
    if (killed === undefined) return `${process} started although ${before} was not killed`;
    if (killed > Date.parse(time)) return `${process} started before ${before} was killed`;
  }
}
