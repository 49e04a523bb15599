/** Tasks as people call them. */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** The tasks that train. */
type Train = "train" | "train:blas";

/**
 * Trains with `deno task train`, or another such task, in a folder of its own below outputs/, which is removed afterwards.
 *
 * @param use is given the path of the finished run
 */
export async function withRun(
  args: readonly string[],
  use: (run: string) => Promise<void>,
  task: Train = "train",
): Promise<void> {
  const output = await Deno.makeTempDir({ dir: `${ROOT}outputs`, prefix: ".test-" });
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", task, ...args, "--output", output, "--quiet"],
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
