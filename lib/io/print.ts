/**
 * Printing of results to stdout and messages to stderr, with control characters escaped. All commands
 * load this module, so it is small.
 *
 * @module
 */
import { escapeControls } from "../format/visible.ts";
import { errorReason } from "./reason.ts";

/** An output stream for text, such as `Deno.stdout` or `Deno.stderr`. */
export interface Output {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

/** Writes a text to an output stream, without escaping control characters. */
export function writeText(output: Output, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += output.writeSync(bytes.subarray(at));
}

/**
 * Prints a line to stdout. Does nothing if the pipe is closed, as in `… | head`.
 *
 * @throws {Error} if the line cannot be written, for example because the disk is full
 */
export function printLine(line: string): void {
  try {
    writeText(Deno.stdout, `${escapeControls(line)}\n`);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    throw new Error(`Cannot write to the standard output: ${errorReason(error)}`, { cause: error });
  }
}

/** Prints a message to stderr. Errors of writing are ignored. */
export function printMessage(message: string): void {
  try {
    writeText(Deno.stderr, `${escapeControls(message)}\n`);
  } catch {
    // there is no other place to report this error
  }
}
