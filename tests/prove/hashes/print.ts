/**
 * Prints what the small runs leave, in any engine: it uses nothing of Deno or of the web.
 *
 * @module
 */
import {
  runSmall,
  SMALL_RUNS,
  type SmallRunBytes,
  type SmallRunOptions,
} from "../../golden/small_runs.ts";

/** Line of JSON that is printed for a run. */
export interface Line {
  readonly run: string;
  readonly interrupted: boolean;
  /** Bytes as hexadecimal text. */
  readonly bytes: Readonly<Record<keyof SmallRunBytes, string>>;
}

/** Prints a line: shells of engines have `print`, Deno and Node the console. */
const printLine = (globalThis as { readonly print?: (line: string) => void }).print ?? console.log;

/**
 * Trains the small runs, without and with a stop on the way, and prints the bytes that each leaves as a
 * line; at last the line "done".
 */
export async function printRuns(options: SmallRunOptions): Promise<void> {
  for (const [run, small] of Object.entries(SMALL_RUNS)) {
    for (const interrupted of [false, true]) {
      const found = await runSmall(small, { ...options, interrupted });
      const bytes = Object.entries(found).map(([what, bytes]) => [what, hexOf(bytes)]);
      printLine(JSON.stringify({ run, interrupted, bytes: Object.fromEntries(bytes) }));
    }
  }
  printLine("done");
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
