/** V8's flags as the tasks that compute have them, for processes that tests and benchmarks start. */
import { fromFileUrl } from "@std/path";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** The part of a task's command by which its shell chooses the V8 flags that its Deno knows. */
export const V8_FLAGS =
  "$(DENO_V8_FLAGS=$(cat pipelines/v8_flags.txt) deno task -q v8-flags 2>/dev/null || deno task -q v8-flags:known)";

/**
 * Returns the options of Deno that a task's shell puts in place of {@link V8_FLAGS}: one option
 * `--v8-flags`, or none if this Deno knows none of the flags.
 *
 * @param folder where deno.json is
 */
export function chosenV8Flags(folder: string = ROOT): readonly string[] {
  const { stdout } = new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", "--eval", `echo ${V8_FLAGS}`],
    cwd: folder,
    stderr: "inherit",
  }).outputSync();
  return new TextDecoder().decode(stdout).split(/\s+/).filter((word) => word !== "");
}
