/** The command `deno task data` as people run it: a process with narrow permissions. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Runs the command in a folder and gives what it wrote. */
async function data(folder: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      "--allow-read",
      "--allow-write=.cache",
      `--config=${join(ROOT, "deno.json")}`,
      join(ROOT, "pipelines/data.ts"),
      ...args,
    ],
    cwd: folder,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("deno task data fetches mnist-10k into the cache and lists it as ready", async () => {
  await inFolder(async (folder) => {
    const before = await data(folder, "list");
    assertEquals(before.code, 0);
    assertStringIncludes(before.stdout, "comes with the program");
    assertStringIncludes(before.stdout, "to be downloaded, 11.6 MB");
    assertEquals(await data(folder, "fetch", "mnist-10k"), {
      code: 0,
      stdout: "",
      stderr: "ready mnist-10k in .cache/\n",
    });
    assertEquals(Array.from(Deno.readDirSync(join(folder, ".cache"))).length, 4);
    assertStringIncludes((await data(folder, "list")).stdout, "ready in .cache/");
  });
});

Deno.test("deno task data says what is wrong with its arguments and exits with 2", async () => {
  await inFolder(async (folder) => {
    const cases: readonly (readonly [readonly string[], string])[] = [
      [[], 'expected "list" or "fetch NAME": received nothing'],
      [["fetsh", "mnist"], 'expected "list" or "fetch NAME": received "fetsh mnist"'],
      [["fetch"], "expected the name of one data set: received 0"],
      [["fetch", "mnist", "idx"], "expected the name of one data set: received 2"],
      [["fetch", "mnist", "--dir=x"], 'expected one of --data-dir, --help: received "--dir=x"'],
      [["fetch", "mnist", "--data-dir"], "expected a value after --data-dir"],
      [["fetch", "mnits"], 'received "mnits": did you mean "mnist"?'],
      [["fetch", "idx"], '"idx" is files of your own'],
    ];
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = await data(folder, ...args);
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, 'Cannot run "deno task data": ');
      assertStringIncludes(stderr, message);
    }
  });
});

Deno.test("deno task data exits with 1 where the data cannot be had, and leaves nothing", async () => {
  await inFolder(async (folder) => {
    const offline = await data(folder, "fetch", "mnist");
    assertEquals([offline.code, offline.stdout], [1, ""]);
    assertStringIncludes(offline.stderr, "--allow-net=ossci-datasets.s3.amazonaws.com");
    const missing = await data(folder, "fetch", "mnist", "--data-dir", "nowhere");
    assertEquals(missing.code, 1);
    assertStringIncludes(missing.stderr, 'Cannot load "mnist" from "nowhere"');
    assertEquals(Array.from(Deno.readDirSync(folder)), []);
  });
});

Deno.test("deno task data --help prints its usage", async () => {
  await inFolder(async (folder) => {
    const { code, stdout, stderr } = await data(folder, "--help");
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, "deno task data fetch NAME [--data-dir DIR]");
  });
});
