import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { FILES } from "../../lib/run/folder.ts";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "./workspace.ts";
import { listRun, runTable } from "../../lib/analysis/runs/listing.ts";

const SUMMARY = JSON.stringify({
  validation: { accuracy: 0.9712 },
  test: { accuracy: 0.97855 },
  parameters: 10,
  epochs: 10,
});

const FINISHED = JSON.stringify({ finished: "2026-01-02T03:04:05.000Z" });

/** Uses a folder with a finished run, an unfinished one, a broken one, other results, and no results. */
function withRuns(use: (workspace: Workspace) => Promise<void>): Promise<void> {
  return inWorkspace(async (workspace) => {
    const { folder, write } = workspace;
    await write(`outputs/mnist-0123456789/${FILES.config}`, '{"name": "MNIST"}');
    await write(`outputs/mnist-0123456789/${FILES.summary}`, SUMMARY);
    await write(`outputs/mnist-0123456789/${FILES.manifest}`, FINISHED);
    await write(`outputs/mnist-0123456789/checkpoints/a`, "x".repeat(2000));
    await write(`outputs/half-aaaaaaaaaa/${FILES.config}`, '{"name": "half\\u001b[2J"}');
    await write(`outputs/half-aaaaaaaaaa/${FILES.metrics}`, "{}\n{}\n{}\n");
    await write(`outputs/bad-bbbbbbbbbb/${FILES.config}`, "{");
    await write("outputs/compare-ffffffffff/compare.json", "{}");
    await write("outputs/digits-explore-ffffffffff/explore.json", '{"title":"Digits"}');
    await write("outputs/digits-lr-range-ffffffffff/lr-range.svg", "<svg/>");
    await write("outputs/digits-lr-range-ffffffffff/summary.json", '{"name": "Digits"}');
    await write("outputs/digits-sweep-ffffffffff/sweep.json", '{"name":"Digits"}');
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
    const { code, stdout, stderr } = await run("runs", []);
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "2026-11-30 14:18").split("\n"), [
      "run                         kind         config    state       date              epochs  validation     test     size",
      "──────────────────────────  ───────────  ────────  ──────────  ────────────────  ──────  ──────────  ───────  ───────",
      "bad-bbbbbbbbbb              run          –         broken      2026-11-30 14:18       –           –        –      1 B",
      "compare-ffffffffff          comparison   –         finished    2026-11-30 14:18       –           –        –      2 B",
      "digits-explore-ffffffffff   exploration  Digits    finished    2026-11-30 14:18       –           –        –     18 B",
      "digits-lr-range-ffffffffff  rate test    Digits    finished    2026-11-30 14:18       –           –        –     24 B",
      "digits-sweep-ffffffffff     sweep        Digits    finished    2026-11-30 14:18       –           –        –     17 B",
      "half-aaaaaaaaaa             run          half?[2J  unfinished  2026-11-30 14:18       3           –        –     34 B",
      "mnist-0123456789            run          MNIST     finished    2026-11-30 14:18      10     97.12 %  97.86 %  2.15 kB",
      "",
    ]);
  }));

Deno.test("runs --json prints what the list has", () =>
  withRuns(async ({ run }) => {
    const { code, stdout } = await run("runs", ["--json"]);
    assertEquals(code, 0);
    const { date, ...mnist } = JSON.parse(stdout).at(-1);
    assertMatch(date, /^2026-01-02T03:04:05/);
    assertEquals(mnist, {
      run: "mnist-0123456789",
      kind: "run",
      config: "MNIST",
      state: "finished",
      epochs: 10,
      validation: 0.9712,
      test: 0.97855,
      bytes: 2146,
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
      "compare-ffffffffff",
      "digits-explore-ffffffffff",
      "digits-lr-range-ffffffffff",
      "digits-sweep-ffffffffff",
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
      "outputs/../outputs/mnist-0123456789",
      "elsewhere/kept-dddddddddd",
      join(folder, "elsewhere/kept-dddddddddd"),
      join(folder, "elsewhere/*"),
      "/",
      "nothing-*",
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

Deno.test("runs remove takes paths, beginnings, patterns and latest, each result once", () =>
  withRuns(async ({ folder, run }) => {
    const removed = async (...names: readonly string[]) => {
      const { code, stdout, stderr } = await run("runs", ["remove", ...names]);
      assertEquals([code, stderr], [0, ""]);
      return stdout.trimEnd().split("\n").map((line) => line.replace("removed ", ""));
    };
    const explored = "digits-explore-ffffffffff";
    assertEquals(await removed(`outputs/${explored}/`, explored), [explored]);
    assertEquals(await removed("./outputs/bad"), ["bad-bbbbbbbbbb"]);
    assertEquals(await removed(join(folder, "outputs/compare-ffffffffff")), ["compare-ffffffffff"]);
    assertEquals(await removed("latest", "outputs/digits-*"), [
      "mnist-0123456789",
      "digits-lr-range-ffffffffff",
      "digits-sweep-ffffffffff",
    ]);
  }));

Deno.test("runs remove refuses a beginning that several names have, and then removes nothing", () =>
  withRuns(async ({ run, list }) => {
    const before = list();
    assertEquals(await run("runs", ["remove", "mnist", "digits"]), {
      code: 1,
      stdout: "",
      stderr: 'Cannot find run "digits": expected the beginning of one name: received that of ' +
        '"digits-explore-ffffffffff", "digits-lr-range-ffffffffff", "digits-sweep-ffffffffff"\n',
    });
    assertEquals(list(), before);
  }));

Deno.test("runs exits with 2 on wrong arguments, and shows how it is used", () =>
  withRuns(async ({ run }) => {
    for (
      const args of [["delete"], ["remove"], ["remove", "x", "--json"], ["--out", "x"], [
        "--output",
      ], ["-x"]]
    ) {
      const { code, stdout, stderr } = await run("runs", args);
      assertEquals([code, stdout], [2, ""], args.join(" "));
      assertStringIncludes(stderr, 'Cannot run "deno task runs": expected ');
    }
    const help = await run("runs", ["--help"]);
    assertEquals(help.code, 0);
    assertStringIncludes(help.stdout, "deno task runs remove NAME");
  }));

Deno.test("every command takes a run by its name, its beginning or latest", () =>
  inWorkspace(async (workspace) => {
    const { run } = workspace;
    await writeTiny(workspace);
    await workspace.write("other.json", { ...TINY, name: "other", seed: 2 });
    const done = async (task: Parameters<typeof run>[0], ...args: readonly string[]) => {
      const ended = await run(task, args);
      assertEquals([ended.code, task], [0, task], ended.stderr);
      return ended;
    };
    const tiny = runOf(await done("train", "tiny.json", "--quiet"));
    const other = runOf(await done("train", "other.json", "--quiet", "--from", "tiny"));
    const name = tiny.replace("outputs/", "");
    const evaluated = await done("evaluate", name, "--on", "test", "--against", other);
    assertEquals(
      (await done("evaluate", "tiny", "--on", "test", "--against", "latest")).stdout,
      evaluated.stdout,
    );
    const predicted = await done("predict", tiny, "data/test-images");
    assertEquals(
      (await done("predict", name, "data/test-images")).stdout,
      predicted.stdout,
    );
    assertEquals(runOf(await done("report", `${tiny}/`)), `${tiny}/report.svg`);
    assertEquals(runOf(await done("report", "tin")), `${tiny}/report.svg`);
    assertEquals(runOf(await done("pack", "ti")), `${tiny}.zip`);
    await done("reproduce", name, "--quiet");
    assertEquals((await done("compare", "tiny", "other")).code, 0);
    assertEquals((await done("runs", "remove", "tiny")).stdout, `removed ${name}\n`);
  }));

Deno.test("compare takes a sweep for its runs, each once", () =>
  inWorkspace(async (workspace) => {
    const { run } = workspace;
    await writeTiny(workspace);
    await workspace.write("grid.json", { ...TINY, name: "grid", sweep: { seed: [1, 2, 3] } });
    const swept = await run("sweep", ["grid.json", "--quiet"]);
    const sweep = runOf(swept);
    const names = workspace.list("outputs").flatMap((path) =>
      /^(.*)\/manifest\.json$/.exec(path)?.[1] ?? []
    );
    assertEquals(names.length, 3);
    const compared = await run("compare", [sweep]);
    assertEquals([compared.code, compared.stderr], [0, ""]);
    for (const name of names) assertStringIncludes(compared.stdout, name);
    assertEquals((await run("compare", ["grid-s"])).stdout, compared.stdout);
    const all = await run("compare", [sweep, ...names.map((name) => `outputs/${name}`)]);
    assertEquals([all.code, all.stderr], [0, ""]);
    const wrong = await run("evaluate", [sweep]);
    assertEquals([wrong.code, wrong.stderr], [
      1,
      `Cannot read run "${sweep}": expected the folder of a run: received that of a sweep\n`,
    ]);
    const removed = await run("runs", ["remove", "outputs/grid-*"]);
    assertEquals([removed.code, removed.stdout.match(/removed/g)?.length], [0, 4]);
  }));

Deno.test("runTable() lines up names to the left and figures to the right", () => {
  const run = listRun("a-0123456789", {
    kind: "run",
    texts: new Map([
      ["config.json", '{"name": "a"}'],
      ["summary.json", SUMMARY],
      ["manifest.json", "{}"],
    ]),
    changed: undefined,
    bytes: 5,
  });
  assertEquals(runTable([run]), [
    "run           kind  config  state     date  epochs  validation     test  size",
    "────────────  ────  ──────  ────────  ────  ──────  ──────────  ───────  ────",
    "a-0123456789  run   a       finished  –         10     97.12 %  97.86 %   5 B",
  ]);
});

Deno.test("listRun() calls a run broken whose files cannot be understood", () => {
  const state = (config: string, summary: string) =>
    listRun("x", {
      kind: "run",
      texts: new Map([
        ["config.json", config],
        ["summary.json", summary],
        ["manifest.json", "{}"],
      ]),
      changed: undefined,
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
