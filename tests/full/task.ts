/** Tasks as people call them. */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Options of running a task. */
export interface TaskOptions {
  /** A task that trains. */
  readonly task?: "train" | "train:blas";
  /** The program that is Deno, and what comes before its arguments. */
  readonly program?: readonly [string, ...string[]];
}

/**
 * Trains with `deno task train`, or another such task, in a folder of its own below outputs/, which is removed afterwards.
 *
 * @param use is given the path of the finished run
 */
export async function withRun(
  args: readonly string[],
  use: (run: string) => Promise<void>,
  { task = "train", program: [deno, ...before] = [Deno.execPath()] }: TaskOptions = {},
): Promise<void> {
  const output = await Deno.makeTempDir({ dir: `${ROOT}outputs`, prefix: ".test-" });
  try {
    const { code, stdout, stderr } = await new Deno.Command(deno, {
      args: [...before, "task", task, ...args, "--output", output, "--quiet"],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assertEquals(code, 0, text(stderr));
    await use(text(stdout).trimEnd().split("\n").at(-1) as string);
  } finally {
    await Deno.remove(output, { recursive: true });
  }
}
