import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  readFile,
  readFileIfAny,
  removeTemporaryFiles,
  writeFileAtomic,
} from "../../lib/io/files.ts";

/** Runs a test in a folder of its own. */
async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function names(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

Deno.test("writeFileAtomic() writes bytes or text, replaces a file and leaves no other files", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "new/folder/file");
    await writeFileAtomic(path, "first, and longer");
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
    assertEquals(await Deno.readFile(path), Uint8Array.of(1, 2, 3));
    assertEquals(names(join(folder, "new/folder")), ["file"]);
  });
});

Deno.test("writeFileAtomic() writes a file larger than one system call writes", async () => {
  await inFolder(async (folder) => {
    const bytes = new Uint8Array(5_000_000).map((_, i) => i % 253);
    await writeFileAtomic(join(folder, "large"), bytes);
    assertEquals(await Deno.readFile(join(folder, "large")), bytes);
  });
});

Deno.test("writeFileAtomic() leaves the last complete content of concurrent writes", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "file");
    const contents = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(10_000 + i));
    await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
    assertEquals(contents.includes(await Deno.readTextFile(path)), true);
    assertEquals(names(folder), ["file"]);
  });
});

Deno.test("writeFileAtomic() leaves no files if the path is a folder", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "taken");
    await Deno.mkdir(path);
    await Deno.writeTextFile(join(path, "inside"), "x");
    const error = await assertRejects(() => writeFileAtomic(path, "y"), Error);
    assertStringIncludes(error.message, `Cannot write "${path}": `);
    assertEquals(names(folder), ["taken"]);
  });
});

Deno.test("writeFileAtomic() keeps the old content if the disk is full", async (t) => {
  await inFolder(async (folder) => {
    const mounted = await run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder);
    try {
      await t.step({
        name: "on a small file system (only the superuser can make one)",
        ignore: !mounted,
        fn: async () => {
          const path = join(folder, "file");
          await writeFileAtomic(path, "old");
          const error = await assertRejects(
            () => writeFileAtomic(path, new Uint8Array(1e6)),
            Error,
          );
          assertEquals(error.message, `Cannot write "${path}": no space is left on the disk`);
          assertEquals(await Deno.readTextFile(path), "old");
          assertEquals(names(folder), ["file"]);
        },
      });
    } finally {
      if (mounted) await run("umount", folder);
    }
  });
});

Deno.test("writeFileAtomic() and readFile() name a missing permission of the system", async (t) => {
  await inFolder(async (folder) => {
    const path = join(folder, "secret");
    await Deno.writeTextFile(path, "x");
    await Deno.chmod(path, 0);
    await Deno.chmod(folder, 0o500);
    await t.step({
      name: "of the system (the superuser may do everything)",
      ignore: Deno.uid() === 0,
      fn: async () => {
        const denied = Deno.errors.PermissionDenied;
        const message = `"${path}": the system does not permit it`;
        await assertRejects(() => readFile(path, "data"), denied, `Cannot read data ${message}`);
        await assertRejects(() => writeFileAtomic(path, "y"), denied, `Cannot write ${message}`);
      },
    });
    await Deno.chmod(folder, 0o700);
  });
});

Deno.test({
  name: "writeFileAtomic() and readFile() name a missing permission of Deno",
  permissions: { read: ["/nowhere/readable"], write: false },
  fn: async () => {
    const missing = Deno.errors.NotCapable;
    await assertRejects(
      () => readFile("/nowhere/file", "data"),
      missing,
      'Cannot read data "/nowhere/file": this program was started without permission for it',
    );
    await assertRejects(() => writeFileAtomic("/nowhere/file", ""), missing, "Cannot write");
  },
});

Deno.test("readFile() reports a missing file, or a folder, with the expected content", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "none.json");
    const error = await assertRejects(() => readFile(path, "config"), Deno.errors.NotFound);
    assertEquals(error.message, `Cannot read config "${path}": there is no such file or folder`);
    assertEquals(await readFileIfAny(path, "config"), undefined);
    await assertRejects(() => readFileIfAny(folder, "config"), Error, "it is a folder, not a file");
  });
});

Deno.test("removeTemporaryFiles() removes old temporary files and nothing else", async () => {
  await inFolder(async (folder) => {
    const kept = ["file", ".hidden", "x.tmp", ".young.tmp"];
    for (const name of [...kept, ".old.tmp"]) await Deno.writeTextFile(join(folder, name), "x");
    await Deno.utime(join(folder, ".old.tmp"), 1, 1);
    await removeTemporaryFiles(folder, 60_000);
    assertEquals(names(folder), kept.toSorted());
    await removeTemporaryFiles(folder, 0);
    assertEquals(names(folder), [".hidden", "file", "x.tmp"]);
    await removeTemporaryFiles(join(folder, "missing"), 0);
  });
});

/** Returns whether a command could be run and succeeded. */
async function run(command: string, ...args: readonly string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, { args: [...args], stderr: "null" })
      .output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
