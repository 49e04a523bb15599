/** The command `deno task data` as people run it: a process with narrow permissions. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import project from "../../deno.json" with { type: "json" };
import { inWorkspace, type Workspace } from "../pipelines/workspace.ts";

/** The permission to use the network, which the command has and these tests take away. */
const NET = project.tasks.ann.command.split(" ").filter((flag) => flag.startsWith("--allow-net="));

/** Runs the command without a network. */
function data({ runAlone }: Workspace, ...args: readonly string[]) {
  return runAlone("data", args, { without: NET });
}

Deno.test("deno task data downloads mnist-10k into the cache and lists it as ready", async () => {
  await inWorkspace(async (workspace) => {
    const before = await data(workspace);
    assertEquals(before.code, 0);
    assertStringIncludes(before.stdout, "included in the program");
    assertStringIncludes(before.stdout, "not downloaded yet, 11.6 MB");
    assertEquals(await data(workspace, "fetch", "mnist-10k"), {
      code: 0,
      stdout: "",
      stderr: "ready mnist-10k in .cache/\n",
    });
    assertEquals(Array.from(Deno.readDirSync(join(workspace.folder, ".cache"))).length, 4);
    assertStringIncludes((await data(workspace)).stdout, "ready in .cache/");
  });
});

Deno.test("deno task data reports wrong arguments and exits with 2", async () => {
  await inWorkspace(async (workspace) => {
    const cases: readonly (readonly [readonly string[], string])[] = [
      [["--data-dir", "x"], 'expected "fetch NAME" or nothing: received --data-dir alone'],
      [["fetsh", "mnist"], 'expected "fetch NAME" or nothing: received "fetsh mnist"'],
      [["fetch"], "expected the name of one data set: received 0"],
      [["fetch", "mnist", "idx"], "expected the name of one data set: received 2"],
      [["fetch", "mnist", "--dir=x"], 'expected one of --data-dir, --help: received "--dir=x"'],
      [["fetch", "mnist", "--data-dir"], "expected a value after --data-dir"],
      [["fetch", "csf"], 'expected one of "mnist-10k", "mnist", "fashion-mnist": received "csf"'],
      [["fetch", "mnits"], 'received "mnits": did you mean "mnist"?'],
      [["fetch", "idx"], '"idx", which reads your own files'],
    ];
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = await workspace.run("data", args);
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, 'Cannot run "deno task data": ');
      assertStringIncludes(stderr, message);
    }
  });
});

Deno.test("deno task data exits with 1 if the data is not available, and leaves no files", async () => {
  await inWorkspace(async (workspace) => {
    const offline = await data(workspace, "fetch", "mnist");
    assertEquals([offline.code, offline.stdout], [1, ""]);
    assertStringIncludes(offline.stderr, "--allow-net=ossci-datasets.s3.amazonaws.com");
    const missing = await data(workspace, "fetch", "mnist", "--data-dir", "nowhere");
    assertEquals(missing.code, 1);
    assertStringIncludes(missing.stderr, 'Cannot load "mnist" from "nowhere"');
    assertEquals(Array.from(Deno.readDirSync(workspace.folder)), []);
  });
});

Deno.test("deno task data --help prints its usage", async () => {
  await inWorkspace(async (workspace) => {
    const { code, stdout, stderr } = await data(workspace, "--help");
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, "deno task data fetch NAME [OPTIONS]");
    assertStringIncludes(stdout, "  --data-dir DIR  ");
  });
});
