/**
 * Printing results to stdout and messages to stderr, with control characters as escapes. All commands load
 * this module, so it is small.
 *
 * @module
 */
import { visible } from "../format/visible.ts";
import { reason } from "./reason.ts";

/** Where text is written: Deno.stderr, Deno.stdout, or a test's own. */
export interface Output {
  writeSync(bytes: Uint8Array): number;
  /** Whether a person sees it at once. */
  isTerminal(): boolean;
}

/** Writes all of a text, as it is. */
export function writeAll(output: Output, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += output.writeSync(bytes.subarray(at));
}

/**
 * Prints a line of results to stdout. A reader that has gone away (`… | head`) ends nothing.
 *
 * @throws {Error} if it cannot be written, for example to a file on a full disk
 */
export function printLine(line: string): void {
  try {
    writeAll(Deno.stdout, `${visible(line)}\n`);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    throw new Error(`Cannot write to the standard output: ${reason(error)}`, { cause: error });
  }
}

/** Prints a message to stderr, if that can be written. */
export function printMessage(message: string): void {
  try {
    writeAll(Deno.stderr, `${visible(message)}\n`);
  } catch {
    // nobody is left to be told
  }
}
