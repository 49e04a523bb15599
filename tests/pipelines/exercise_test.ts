import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { exercises } from "../../lib/analysis/exercise/exercises.ts";
import { inWorkspace } from "./workspace.ts";

Deno.test("exercise writes files without type errors, and judges them", () =>
  inWorkspace(async ({ run, folder }) => {
    for (const { name } of exercises) assertEquals((await run("exercise", [name])).code, 0, name);
    const path = join(folder, "outputs/exercises/relu_backward.ts");
    const text = await Deno.readTextFile(path);

    const unfinished = await run("exercise", ["relu-backward", "--check"]);
    assertEquals([unfinished.code, unfinished.stdout], [
      1,
      "reluBackward() throws: not written yet\n",
    ]);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", join(folder, "outputs/exercises")],
      env: { NO_COLOR: "1" },
    }).output();
    assert(success, new TextDecoder().decode(stderr));

    await Deno.writeTextFile(
      path,
      text.replace(/throw .*/, "return select(greater(x, 0), dy, 0);"),
    );
    const again = await run("exercise", ["relu-backward"]); // never overwrites what was written
    assertStringIncludes(again.stdout, "stays as it is");
  }));

Deno.test("exercise judges a solved function equal, in a separate process", () =>
  inWorkspace(async ({ run, runAlone, folder }) => {
    await run("exercise", ["relu-backward"]);
    const path = join(folder, "outputs/exercises/relu_backward.ts");
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(
      path,
      text.replace(/throw .*/, "return select(greater(x, 0), dy, 0);"),
    );
    const { code, stdout } = await runAlone("exercise", ["relu-backward", "--check"]);
    assertEquals([code, stdout], [0, "equal to the solution, bit for bit\n"]);
  }));

Deno.test("exercise lists exercises, suggests the nearest name, and explains a missing file", () =>
  inWorkspace(async ({ run }) => {
    const { stdout } = await run("exercise", []);
    for (const { name, summary } of exercises) {
      assertStringIncludes(stdout, name);
      assertStringIncludes(stdout, summary);
    }
    const unknown = await run("exercise", ["relu"]);
    assertEquals(unknown.code, 2);
    assertStringIncludes(unknown.stderr, 'did you mean "relu-backward"');
    const missing = await run("exercise", ["adam", "--check"]);
    assertEquals(missing.code, 1);
    assertStringIncludes(missing.stderr, 'exercise adam" writes it');
  }));
