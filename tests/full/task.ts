/** Tasks as people call them. */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/**
 * Trains with `deno task train` in a folder of its own below outputs/, which is removed afterwards.
 *
 * @param use is given the path of the finished run
 */
export async function withRun(
  args: readonly string[],
  use: (run: string) => Promise<void>,
): Promise<void> {
  const output = await Deno.makeTempDir({ dir: `${ROOT}outputs`, prefix: ".test-" });
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "train", ...args, "--output", output, "--quiet"],
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
