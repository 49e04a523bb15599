/** V8's flags as the tasks that compute have them, for processes that tests and benchmarks start. */
import { fromFileUrl } from "@std/path";
import { V8_FLAGS_CHOICE } from "../pipelines/tools/v8_flags.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/**
 * Returns the options that a task's shell puts in place of {@link V8_FLAGS_CHOICE}: `--v8-flags`, or none
 * if this Deno knows none of the flags.
 */
export function chosenV8Flags(): readonly string[] {
  const { stdout } = new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", "--eval", `echo ${V8_FLAGS_CHOICE}`],
    cwd: ROOT,
  }).outputSync();
  return new TextDecoder().decode(stdout).split(/\s+/).filter((word) => word !== "");
}

/** Returns the words of a task's command, with the chosen flags in place. */
export function wordsOf(command: string): readonly string[] {
  return command.replace(V8_FLAGS_CHOICE, chosenV8Flags().join(" ")).split(/ +/);
}
