/** The program `ann`, installed for a test. */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { installCommand } from "../../pipelines/tools/tasks.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** An installed program, and the environment variables with which it is started. */
export interface Installed {
  /** Path of the program. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Installs `ann` by the documented line into a folder, which is also the parent of its user's home. */
export async function installAnn(folder: string): Promise<Installed> {
  const line = installCommand().replace("--global", `--global --root "$ANN_ROOT"`);
  const { DENO_DIR = `${Deno.env.get("HOME")}/.cache/deno` } = Deno.env.toObject();
  const env = { HOME: join(folder, "a home"), ANN_ROOT: join(folder, "root"), DENO_DIR };
  const { code, stderr } = await new Deno.Command("sh", { args: ["-c", line], cwd: ROOT, env })
    .output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return { program: join(folder, "root/bin/ann"), env };
}
