/** Commands as people run them: processes of their own, with the flags of their tasks and no others. */
import { assertEquals } from "@std/assert";
import { inWorkspace, runOf, TINY, writeTiny } from "../workspace.ts";

Deno.test("every command works with the permissions of its task", () =>
  inWorkspace(async (workspace) => {
    const done = async (...[task, args]: Parameters<typeof workspace.runAlone>) => {
      const ended = await workspace.runAlone(task, args);
      assertEquals(ended.code, 0, `${task}: ${ended.stderr}`);
      return ended;
    };
    await writeTiny(workspace);
    const { "name": _, ...rest } = TINY;
    await workspace.write("grid.json", { ...rest, name: "grid", sweep: { seed: [1, 2] } });
    const run = runOf(await done("train", ["tiny.json"]));
    const other = runOf(await done("train", ["tiny.json", "--set", "seed=2", "--quiet"]));
    await done("sweep", ["grid.json"]);
    await done("explore", ["tiny.json"]);
    await done("lr-range", ["tiny.json", "--steps", "20"]);
    await done("profile", ["tiny.json"]);
    await done("evaluate", [run]);
    await done("predict", [run, "data/test-images"]);
    await done("compare", [run, other]);
    await done("report", [run]);
    await done("runs", ["remove", other.replace("outputs/", "")]);
    await done("runs", []);
    await done("data", []);
  }));
