/**
 * The lines by which a process says what the small runs left, written and read.
 *
 * @module
 */
import { sha256 } from "../../../lib/data/sha256.ts";
import { SMALL_RUNS } from "../../golden/small_runs.ts";
import type { Line } from "./print.ts";

/** Hashes of all bytes of all small runs, never stopped, and stopped and resumed. */
export interface Found {
  readonly undisturbed: string;
  readonly resumed: string;
}

/**
 * Reads what a process printed.
 *
 * @throws {SyntaxError} if a run is missing
 */
export function readPrinted(text: string): Found {
  const [end, ...lines] = text.trimEnd().split("\n").toReversed();
  if (end !== "done") throw new SyntaxError(`Cannot read runs: expected "done": received "${end}"`);
  const found = lines.toReversed().map((line) => JSON.parse(line) as Line);
  const hashOf = (resumed: boolean) => {
    const here = found.filter(({ interrupted }) => interrupted === resumed);
    const hashes = Object.fromEntries(here.map(({ run, bytes }) => {
      const each = Object.entries(bytes).map(([what, text]) => [what, sha256(fromHex(text))]);
      return [run, Object.fromEntries(each)];
    }));
    return hashOfHashes(hashes);
  };
  return { undisturbed: hashOf(false), resumed: hashOf(true) };
}

/** Returns the hash of the hashes of all small runs, as they are kept in small_runs.json. */
export function hashOfHashes(
  hashes: Readonly<Record<string, Readonly<Record<string, string>>>>,
): string {
  const lines = Object.keys(SMALL_RUNS).map((run) => {
    const { model, state, steps, probabilities } = hashes[run] ?? {};
    return `${[run, model, state, steps, probabilities]}\n`;
  });
  return sha256(new TextEncoder().encode(lines.join("")));
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}
