/** Deno for arm64, emulated: from npm, by Debian's qemu-user-static and its cross libraries. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";

/** Debian's libraries for arm64. */
const LIBRARIES = "/usr/aarch64-linux-gnu";

/**
 * Uses a program that is Deno's version of this process for arm64.
 *
 * A task's shell starts Deno again by the path of its own executable, which Linux names as
 * /proc/self/exe. Under emulation that is a file for arm64, which only a machine set up for it starts.
 * Therefore the copy that is used reads a link of as many characters instead, to the program that
 * starts the emulator.
 *
 * @param use is given the path of the program
 */
export async function withArm64Deno(use: (deno: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ann-mlp-" });
  const link = `/tmp/${crypto.randomUUID().slice(0, "/proc/self/exe".length - "/tmp/".length)}`;
  try {
    const name = "@deno/linux-arm64-glibc";
    await run(folder, "npm", ["pack", "--silent", `${name}@${Deno.version.deno}`]);
    await run(folder, "tar", ["xzf", `deno-linux-arm64-glibc-${Deno.version.deno}.tgz`]);
    const executable = join(folder, "package/deno");
    await run(folder, "sed", ["--in-place", `s#/proc/self/exe#${link}#g`, executable]);
    await Deno.chmod(executable, 0o755);
    const program = join(folder, "deno");
    const emulator = `qemu-aarch64-static -L ${LIBRARIES} ${executable}`;
    await Deno.writeTextFile(program, `#!/bin/sh\nexec ${emulator} "$@"\n`, { mode: 0o755 });
    await Deno.symlink(program, link);
    await use(program);
  } finally {
    await Deno.remove(link).catch(() => {}); // where it was not made
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(folder: string, program: string, args: readonly string[]): Promise<void> {
  const command = new Deno.Command(program, {
    args: [...args],
    cwd: folder,
    env: { LC_ALL: "C" }, // sed is to take the executable as bytes
    stdout: "null",
  });
  assertEquals((await command.spawn().status).code, 0, `${program} ${args.join(" ")}`);
}
