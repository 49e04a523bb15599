import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { FILES } from "../../lib/run/folder.ts";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "./workspace.ts";

const SUMMARY = JSON.stringify({
  validation: { accuracy: 0.9712 },
  test: { accuracy: 0.97855 },
  parameters: 101_770,
  epochs: 10,
});

const CONFIG = JSON.stringify({
  name: "MNIST",
  pipeline: [
    { stage: "load", dataset: { name: "mnist" } },
    {
      stage: "train",
      layers: [{ name: "dense", units: 128 }, { name: "relu" }, { name: "dense", units: 10 }],
    },
  ],
});

const FINISHED = JSON.stringify({ finished: "2026-01-02T03:04:05.000Z" });

/** Uses a folder with a finished run, an unfinished one, a broken one, other results, and no results. */
function withRuns(use: (workspace: Workspace) => Promise<void>): Promise<void> {
  return inWorkspace(async (workspace) => {
    const { folder, write } = workspace;
    await write(`outputs/mnist-0123456789/${FILES.config}`, CONFIG);
    await write(
      `outputs/mnist-0123456789/${FILES.timing}`,
      '{"stage":"train","milliseconds":65432}',
    );
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
    await write("outputs/digits-profile-ffffffffff/profile.json", '{"name":"Digits"}');
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

/** Returns printed lines with one fixed date. */
function undated(stdout: string): readonly string[] {
  return stdout.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "2026-11-30 14:18").split("\n");
}

const OTHERS = 'not listed, since they are not results: empty-cccccccccc, "my notes"\n';

Deno.test("runs lists every kind of result by name, and describes a damaged one in a line", () =>
  withRuns(async ({ run }) => {
    const { code, stdout, stderr } = await run("runs", []);
    assertEquals([code, stderr], [
      0,
      'bad-bbbbbbbbbb: expected a config with a name in "config.json": received other text\n' +
      OTHERS,
    ]);
    assertEquals(undated(stdout), [
      "run                         kind         state       date              data   network  parameters  epochs  validation     best        time     size",
      "──────────────────────────  ───────────  ──────────  ────────────────  ─────  ───────  ──────────  ──────  ──────────  ───────  ──────────  ───────",
      "bad-bbbbbbbbbb              run          broken      2026-11-30 14:18  –      –                 –       –           –        –           –      1 B",
      "compare-ffffffffff          comparison   finished    2026-11-30 14:18  –      –                 –       –           –        –           –      2 B",
      "digits-explore-ffffffffff   exploration  finished    2026-11-30 14:18  –      –                 –       –           –        –           –     18 B",
      "digits-lr-range-ffffffffff  rate test    finished    2026-11-30 14:18  –      –                 –       –           –        –           –     24 B",
      "digits-profile-ffffffffff   profile      finished    2026-11-30 14:18  –      –                 –       –           –        –           –     17 B",
      "digits-sweep-ffffffffff     sweep        finished    2026-11-30 14:18  –      –                 –       –           –        –           –     17 B",
      "half-aaaaaaaaaa             run          unfinished  2026-11-30 14:18  –      –                 –       3           –        –           –     34 B",
      "mnist-0123456789            run          finished    2026-11-30 14:18  mnist  128-10      101,770      10     97.12 %  97.12 %  1 min 05 s  2.35 kB",
      "",
    ]);
    assertEquals((await run("runs", ["list"])).stdout, stdout);
  }));

Deno.test("runs shows test accuracies, sorts and filters if requested", () =>
  withRuns(async ({ run }) => {
    const names = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await run("runs", [...args, "--json"]);
      assertEquals([code, stderr], [0, ""]);
      return JSON.parse(stdout).map(({ run }: { run: string }) => run.replace(/-\w+$/, ""));
    };
    const tested = await run("runs", ["--test", "--filter", "kind=run", "--filter", "MNIST"]);
    assertEquals(undated(tested.stdout).slice(2), [
      "mnist-0123456789  run   2026-11-30 14:18  mnist  128-10      101,770      10     97.12 %  97.12 %  97.86 %  1 min 05 s  2.35 kB",
      "",
    ]);
    assertEquals(await names("--sort", "accuracy", "--filter", "kind=run"), [
      "mnist",
      "bad",
      "half",
    ]);
    assertEquals(await names("--sort", "epochs", "--filter", "kind=run"), ["half", "mnist", "bad"]);
    assertEquals(await names("--sort", "size", "--filter", "kind=run"), ["mnist", "half", "bad"]);
    assertEquals((await names("--sort", "date", "--reverse"))[0], "mnist"); // of January
    assertEquals((await names("--reverse"))[0], "mnist");
    assertEquals(await names("--filter", "state=finished", "--filter", "digits-s"), [
      "digits-sweep",
    ]);
    assertEquals(await names("--filter", "network=*-10"), ["mnist"]);
    assertEquals(await names("--filter", "parameters=101770"), ["mnist"]);
    const none = await run("runs", ["--filter", "data=fashion"]);
    assertEquals([none.code, none.stdout, none.stderr], [
      0,
      "",
      'none of the 8 runs in "outputs" matches the filter\n',
    ]);
    const wrong = await run("runs", ["--sort", "tim"]);
    assertEquals([wrong.code, wrong.stdout], [2, ""]);
    assertStringIncludes(wrong.stderr, ' after --sort: received "tim": did you mean "time"?');
    const hidden = await run("runs", ["--sort", "test"]);
    assertStringIncludes(hidden.stderr, 'expected --test beside "test" after --sort');
  }));

Deno.test("runs --json prints everything that is known of each run", () =>
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
      data: "mnist",
      network: "128-10",
      parameters: 101_770,
      epochs: 10,
      validation: 0.9712,
      best: 0.9712,
      time: 65_432,
      bytes: 2346,
    });
    const [bad] = JSON.parse(stdout);
    assertEquals(
      bad.problem,
      'expected a config with a name in "config.json": received other text',
    );
    const tested = await run("runs", ["--json", "--test"]);
    assertEquals(JSON.parse(tested.stdout).at(-1).test, 0.97855);
  }));

Deno.test("runs lists folders with any content", () =>
  withRuns(async ({ folder, run, write }) => {
    const strange = "outputs/strange-1111111111";
    await write(`${strange}/${FILES.config}`, '{"name": "x", "pipeline": {"stage": 3}}');
    await write(`${strange}/${FILES.metrics}/file`, "a folder where a file was expected");
    await write(`${strange}/${FILES.model}`, "short");
    await write("outputs/odd-2222222222/config.json", '[{"name": "x"}]');
    await write("outputs/odd-2222222222/model.safetensors", "\xff".repeat(40));
    await write("outputs/odd-2222222222/timing.jsonl", '{"stage":"train"\n{"stage":"train"}');
    await write("outputs/digits-sweep-3333333333/sweep.json", "\u0000");
    await Deno.symlink("nowhere", join(folder, "outputs/digits-sweep-3333333333/runs.jsonl"));
    const { code, stdout, stderr } = await run("runs", []);
    assertEquals([code, stdout.split("\n").length], [0, 2 + 11 + 1]);
    const lines = stderr.trimEnd().split("\n");
    assertEquals(lines.map((line) => line.split(":")[0]), [
      "bad-bbbbbbbbbb",
      "odd-2222222222",
      "strange-1111111111",
      "not listed, since they are not results",
    ]);
  }));

Deno.test("runs reports that there are none, also if the folder is missing", () =>
  withRuns(async ({ run }) => {
    assertEquals(await run("runs", ["--output", "nowhere"]), {
      code: 0,
      stdout: "",
      stderr: 'no runs in "nowhere"\n',
    });
  }));

Deno.test("runs remove removes the named results, and does not follow links", () =>
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
      "digits-profile-ffffffffff",
      "digits-sweep-ffffffffff",
      "empty-cccccccccc",
      "link-eeeeeeeeee",
      "mnist-0123456789",
      "my notes",
    ]);
    await Deno.stat(join(folder, "elsewhere/kept-dddddddddd", FILES.config));
  }));

Deno.test("runs remove rejects names that are not results, and then removes nothing", () =>
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

Deno.test("runs remove accepts paths, beginnings, patterns and latest, each result once", () =>
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
      "digits-profile-ffffffffff",
      "digits-sweep-ffffffffff",
    ]);
  }));

Deno.test("runs remove rejects an ambiguous beginning, and then removes nothing", () =>
  withRuns(async ({ run, list }) => {
    const before = list();
    assertEquals(await run("runs", ["remove", "mnist", "digits"]), {
      code: 1,
      stdout: "",
      stderr: 'Cannot find run "digits": expected the beginning of one name: received that of ' +
        '"digits-explore-ffffffffff", "digits-lr-range-ffffffffff", "digits-profile-ffffffffff", ' +
        '"digits-sweep-ffffffffff"\n',
    });
    assertEquals(list(), before);
  }));

Deno.test("runs exits with 2 on wrong arguments, and prints its usage", () =>
  withRuns(async ({ run }) => {
    for (
      const args of [
        ["delete"],
        ["list", "x"],
        ["remove"],
        ["remove", "x", "--json"],
        ["remove", "x", "--sort", "date"],
        ["--out", "x"],
        ["--output"],
        ["-x"],
        ["--filter", "nam=x"],
      ]
    ) {
      const { code, stdout, stderr } = await run("runs", args);
      assertEquals([code, stdout], [2, ""], args.join(" "));
      assertStringIncludes(stderr, 'Cannot run "deno task runs": expected ');
    }
    const help = await run("runs", ["--help"]);
    assertEquals(help.code, 0);
    assertStringIncludes(help.stdout, "deno task runs remove NAME");
  }));

Deno.test("every command accepts a run by its name, its beginning or latest", () =>
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

Deno.test("compare accepts a sweep in place of its runs, each once", () =>
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
