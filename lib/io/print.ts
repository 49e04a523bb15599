/**
 * Printing of results to stdout and messages to stderr, with control characters escaped. All commands
 * load this module, so it is small.
 *
 * @module
 */
import { visible } from "../format/visible.ts";
import { errorReason } from "./reason.ts";

/** A destination of text: `Deno.stdout`, `Deno.stderr`, or one of a test. */
export interface Output {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

/** Writes a whole text, without escapes. */
export function writeAll(output: Output, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += output.writeSync(bytes.subarray(at));
}

/**
 * Prints a line of results to stdout. A closed pipe (`… | head`) is not an error.
 *
 * @throws {Error} if it cannot be written, for example to a file on a full disk
 */
export function printLine(line: string): void {
  try {
    writeAll(Deno.stdout, `${visible(line)}\n`);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    throw new Error(`Cannot write to the standard output: ${errorReason(error)}`, { cause: error });
  }
}

/** Prints a message to stderr. Failures to write are ignored. */
export function printMessage(message: string): void {
  try {
    writeAll(Deno.stderr, `${visible(message)}\n`);
  } catch {
    // there is no other place to report this error
  }
}
