/** The command `deno task lr-range`. */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inWorkspace, runOf, type Workspace, writeTiny } from "./workspace.ts";

/** The files of a test by their names. */
function filesOf({ folder, list }: Workspace, path: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    list(path).map((name) => [name, Deno.readTextFileSync(join(folder, path, name))]),
  );
}

Deno.test("lr-range suggests a rate, and writes the same bytes every time", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const args = ["tiny.json", "--from", "0.001", "--to", "1e4", "--steps", "60"];
    const first = await workspace.run("lr-range", args);
    assertEquals([first.code, first.stderr], [0, ""]);
    const folder = runOf(first);
    assert(/^outputs\/tiny-lr-range-[0-9a-f]{10}$/.test(folder), folder);
    const files = filesOf(workspace, folder);
    assertEquals(Object.keys(files), ["lr-range.svg", "steps.jsonl", "summary.json"]);
    const { rates, taken, diverged, ...range } = JSON.parse(files["summary.json"] ?? "");
    assertEquals(range, { name: "tiny", from: 0.001, to: 10_000, steps: 60 });
    assert(diverged && taken < 60);
    assert(rates.valley[0] <= rates.named && rates.named <= rates.valley[1]);
    const steps = (files["steps.jsonl"] ?? "").trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    );
    assertEquals(steps.length, taken);
    assertEquals(Object.keys(steps[0]), ["step", "rate", "loss", "smoothed"]);
    assertEquals(steps[0].rate, 0.001);
    assertStringIncludes(first.stdout, "\nsuggested rate: ");

    const again = await workspace.run("lr-range", [...args, "--threads", "3"]);
    assertEquals(again.stdout, first.stdout);
    assertEquals(filesOf(workspace, folder), files);

    // what a test does not look at does not change it; its rates do
    const set = ["train.epochs=9", "train.learningRate.rate=0.5"].flatMap((set) => ["--set", set]);
    assertEquals((await workspace.run("lr-range", [...args, ...set])).stdout, first.stdout);
    assertNotEquals(runOf(await workspace.run("lr-range", [...args.with(6, "61")])), folder);
  }));

Deno.test("lr-range exits with 2 on wrong arguments, and prints its usage", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    for (
      const [args, message] of [
        [[], "expected one config: received 0"],
        [["tiny.json", "--from", "0"], 'expected a rate above 0 after --from: received "0"'],
        [["tiny.json", "--to", "many"], 'expected a rate above 0 after --to: received "many"'],
        [["tiny.json", "--from", "2", "--to", "1"], "expected --from below --to: received 2 and 1"],
        [["tiny.json", "--steps", "9"], 'expected 10 to 1000000 after --steps: received "9"'],
      ] as const
    ) {
      const { code, stdout, stderr } = await workspace.run("lr-range", args);
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, `Cannot run "deno task lr-range": ${message}`);
    }
    const { code, stdout } = await workspace.run("lr-range", ["--help"]);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "deno task lr-range CONFIG");
    assertEquals(workspace.list().filter((path) => path.startsWith("outputs")), []);
  }));
