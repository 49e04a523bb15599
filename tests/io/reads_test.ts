/** Restrictions of reads. They hold for the whole process, so nothing else is tested here. */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import {
  openStoredFile,
  readFile,
  readFolderEntries,
  readTextFileSync,
} from "../../lib/io/files.ts";
import {
  admitCommandLinePath,
  admitConfigPath,
  isContentWithheld,
  restrictReads,
} from "../../lib/io/reads.ts";

const folder = await Deno.makeTempDir();
const path = (...parts: string[]) => join(folder, ...parts);

for (const name of ["own", "other"]) {
  await Deno.mkdir(path(name, "inner"), { recursive: true });
  await Deno.writeTextFile(path(name, "inner", "file"), name);
}
await Deno.symlink(path("other", "inner", "file"), path("own", "link"));
await Deno.symlink(path("own"), path("alias"));
await Deno.symlink("/dev/zero", path("own", "zero"));
await new Deno.Command("mkfifo", { args: [path("own", "pipe")] }).output();

const tidy = () => Deno.remove(folder, { recursive: true });

Deno.test("readFile(), openStoredFile() and readTextFileSync() reject files that are not regular", async () => {
  for (
    const [name, reason] of [
      ["zero", "it is a device, a pipe or a socket, not a file"],
      ["pipe", "it is a device, a pipe or a socket, not a file"],
      ["inner", "it is a folder, not a file"],
    ]
  ) {
    const file = path("own", name);
    const message = `Cannot read config "${file}": ${reason}`;
    for (const read of [readFile, openStoredFile]) {
      assertEquals((await assertRejects(() => read(file, "config"), Error)).message, message);
    }
    assertEquals(assertThrows(() => readTextFileSync(file, "config", 9), Error).message, message);
  }
});

Deno.test("readTextFileSync() reads no more than its limit", () => {
  const file = path("own", "inner", "file");
  assertEquals(readTextFileSync(file, "config", 3), "own");
  assertThrows(
    () => readTextFileSync(file, "config", 2),
    Error,
    `Cannot read config "${file}": expected at most 2 bytes: received 3`,
  );
});

Deno.test("openStoredFile() has the length that the file had, even if it grows", async () => {
  const file = path("own", "growing");
  await Deno.writeTextFile(file, "12345");
  const { pieces } = await openStoredFile(file, "table");
  await Deno.writeTextFile(file, "6789", { append: true });
  const read = await Array.fromAsync(pieces, (piece) => new TextDecoder().decode(piece));
  assertEquals(read.join(""), "12345");
});

Deno.test("restrictReads() permits some files and folders, with targets of links, and no others", async () => {
  restrictReads([path("own"), path("missing")]);
  const refused = (file: string) =>
    assertRejects(() => readFile(file, "run"), Error, "it lies outside the files and folders");
  await readFile(path("own", "inner", "file"), "run");
  await readFile(path("alias", "inner", "file"), "run");
  await refused(path("own", "link"));
  await refused(path("other", "inner", "file"));
  await refused(path("own", "..", "other", "inner", "file"));
  await refused("/etc/passwd");
  await assertRejects(() => readFolderEntries(path("other")), Error, "it lies outside");
  await Deno.mkdir(path("missing"));
  await Deno.writeTextFile(path("missing", "file"), "");
  await readFile(path("missing", "file"), "run");
  await Deno.mkdir(path("missingToo"));
  await Deno.writeTextFile(path("missingToo", "file"), "");
  await refused(path("missingToo", "file"));
});

Deno.test("messages quote files of admitCommandLinePath(), and not those of admitConfigPath()", async () => {
  const file = path("other", "inner", "file");
  admitConfigPath(file);
  await readFile(file, "run");
  await readFile(path("own", "link"), "run");
  assertEquals([isContentWithheld(file), isContentWithheld(path("own", "link"))], [true, true]);
  assertEquals(isContentWithheld(path("own", "inner", "file")), false);
  await assertRejects(() => readFolderEntries(path("other")), Error, "it lies outside");
  admitCommandLinePath(path("other"));
  assertEquals((await readFolderEntries(path("other"))).length, 1);
  assertEquals(isContentWithheld(file), false);
  await tidy();
});

/** Modules that read besides files.ts, each after expectAdmitted() or what the program itself has written. */
const READERS = [
  "find_file.ts",
  "results/claim.ts",
  "results/run_folder.ts",
  "results/runs.ts",
];

Deno.test("files are read by one module, and by few others", async () => {
  const root = new URL("../../lib/io/", import.meta.url);
  const reading: string[] = [];
  for (const folder of ["", "results/"]) {
    for await (const { name, isFile } of Deno.readDir(new URL(folder, root))) {
      if (!isFile) continue;
      const source = await Deno.readTextFile(new URL(folder + name, root));
      const isReading = /(Deno|fileSystem\(\))\.(read(Text)?(File|Dir)(Sync)?|open(Sync)?)\(/;
      if (isReading.test(source)) reading.push(folder + name);
    }
  }
  assertEquals(reading.sort(), ["files.ts", ...READERS]);
});
