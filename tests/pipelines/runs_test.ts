import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { FILES } from "../../lib/run/folder.ts";
import { inWorkspace, type Workspace } from "./workspace.ts";
import { listRun, runTable } from "../../lib/analysis/runs/listing.ts";

const SUMMARY = JSON.stringify({
  validation: { accuracy: 0.9712 },
  test: { accuracy: 0.97855 },
  parameters: 10,
  epochs: 10,
});

/** Uses a folder with a finished run, an unfinished one, a broken one, and what is no run. */
function withRuns(use: (workspace: Workspace) => Promise<void>): Promise<void> {
  return inWorkspace(async (workspace) => {
    const { folder, write } = workspace;
    await write(`outputs/mnist-0123456789/${FILES.config}`, '{"name": "MNIST"}');
    await write(`outputs/mnist-0123456789/${FILES.summary}`, SUMMARY);
    await write(`outputs/mnist-0123456789/${FILES.manifest}`, "{}");
    await write(`outputs/mnist-0123456789/checkpoints/a`, "x".repeat(2000));
    await write(`outputs/half-aaaaaaaaaa/${FILES.config}`, '{"name": "half\\u001b[2J"}');
    await write(`outputs/half-aaaaaaaaaa/${FILES.metrics}`, "{}\n{}\n{}\n");
    await write(`outputs/bad-bbbbbbbbbb/${FILES.config}`, "{");
    await write(`outputs/README.md`, "no run");
    await write(`outputs/empty-cccccccccc/notes.txt`, "no run: it has no config");
    await write(`outputs/my notes/${FILES.config}`, "{}");
    await write(`elsewhere/kept-dddddddddd/${FILES.config}`, '{"name": "kept"}');
    await Deno.symlink(
      join(folder, "elsewhere/kept-dddddddddd"),
      join(folder, "outputs/link-eeeeeeeeee"),
    );
    await Deno.symlink(join(folder, "elsewhere"), join(folder, "outputs/half-aaaaaaaaaa/link"));
    await use(workspace);
  });
}

Deno.test("runs lists runs by name, with state, accuracy and size, and nothing else", () =>
  withRuns(async ({ run }) => {
    assertEquals(await run("runs", []), {
      code: 0,
      stdout: [
        "run               config    state       epochs  validation     test     size",
        "────────────────  ────────  ──────────  ──────  ──────────  ───────  ───────",
        "bad-bbbbbbbbbb    –         broken           –           –        –      1 B",
        "half-aaaaaaaaaa   half?[2J  unfinished       3           –        –     34 B",
        "mnist-0123456789  MNIST     finished        10     97.12 %  97.86 %  2.11 kB",
        "",
      ].join("\n"),
      stderr: "",
    });
  }));

Deno.test("runs says so when there are none, in a folder that is missing too", () =>
  withRuns(async ({ run }) => {
    assertEquals(await run("runs", ["--output", "nowhere"]), {
      code: 0,
      stdout: "",
      stderr: 'no runs in "nowhere"\n',
    });
  }));

Deno.test("runs remove removes what is named, and does not follow links", () =>
  withRuns(async ({ folder, run }) => {
    const { code, stdout } = await run("runs", ["remove", "half-aaaaaaaaaa", "bad-bbbbbbbbbb"]);
    assertEquals([code, stdout], [0, "removed half-aaaaaaaaaa\nremoved bad-bbbbbbbbbb\n"]);
    const left = (await Array.fromAsync(Deno.readDir(join(folder, "outputs")))).map(({ name }) =>
      name
    );
    assertEquals(left.sort(), [
      "README.md",
      "empty-cccccccccc",
      "link-eeeeeeeeee",
      "mnist-0123456789",
      "my notes",
    ]);
    await Deno.stat(join(folder, "elsewhere/kept-dddddddddd", FILES.config));
  }));

Deno.test("runs remove refuses what is no run, and then removes nothing", () =>
  withRuns(async ({ folder, run }) => {
    const names = [
      "..",
      ".",
      "../elsewhere/kept-dddddddddd",
      "mnist-0123456789/../half-aaaaaaaaaa",
      "mnist-0123456789/",
      join(folder, "outputs/mnist-0123456789"),
      "link-eeeeeeeeee",
      "README.md",
      "empty-cccccccccc",
      "my notes",
      "",
    ];
    const remove = (name: string) => run("runs", ["remove", "mnist-0123456789", name]);
    for (const name of names) {
      const { code, stdout, stderr } = await remove(name);
      assertEquals([code, stdout], [1, ""], name);
      assertStringIncludes(stderr, 'expected the name of a run in "outputs"');
    }
    await Deno.stat(join(folder, "outputs/mnist-0123456789", FILES.manifest));
    await Deno.stat(join(folder, "elsewhere/kept-dddddddddd", FILES.config));
    assertStringIncludes(
      (await remove("mnist-0123456788")).stderr,
      'did you mean "mnist-0123456789"?',
    );
  }));

Deno.test("runs exits with 2 on wrong arguments, and shows how it is used", () =>
  withRuns(async ({ run }) => {
    for (const args of [["delete"], ["remove"], ["--out", "x"], ["--output"], ["-x"]]) {
      const { code, stdout, stderr } = await run("runs", args);
      assertEquals([code, stdout], [2, ""], args.join(" "));
      assertStringIncludes(stderr, 'Cannot run "deno task runs": expected ');
    }
    const help = await run("runs", ["--help"]);
    assertEquals(help.code, 0);
    assertStringIncludes(help.stdout, "deno task runs remove NAME");
  }));

Deno.test("runTable() lines up names to the left and figures to the right", () => {
  const run = listRun("a-0123456789", {
    texts: new Map([["config.json", '{"name": "a"}'], ["summary.json", SUMMARY]]),
    finished: true,
    bytes: 5,
  });
  assertEquals(runTable([run]), [
    "run           config  state     epochs  validation     test  size",
    "────────────  ──────  ────────  ──────  ──────────  ───────  ────",
    "a-0123456789  a       finished      10     97.12 %  97.86 %   5 B",
  ]);
});

Deno.test("listRun() calls a run broken whose files cannot be understood", () => {
  const state = (config: string, summary: string) =>
    listRun("x", {
      texts: new Map([["config.json", config], ["summary.json", summary]]),
      finished: true,
      bytes: 0,
    }).state;
  assertEquals(state('{"name": "a"}', SUMMARY), "finished");
  for (const bad of ["", "null", "[]", "3", '{"name": 3}']) {
    assertEquals(state(bad, SUMMARY), "broken");
  }
  for (const bad of ["", "null", '{"epochs": "10"}']) {
    assertEquals(state('{"name": "a"}', bad), "broken");
  }
});
