/** The command `deno task explain`. */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "./workspace.ts";

/** The files of a folder by their names. */
function filesOf({ folder, list }: Workspace, path: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    list(path).map((name) => [name, Deno.readTextFileSync(join(folder, path, name))]),
  );
}

Deno.test("explain shows every number of a config's first step, and writes the same bytes every time", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const first = await workspace.run("explain", ["tiny.json"]);
    assertEquals([first.code, first.stderr], [0, ""]);
    const folder = runOf(first);
    assert(/^outputs\/tiny-explain-[0-9a-f]{10}$/.test(folder), folder);
    const files = filesOf(workspace, folder);
    assertEquals(Object.keys(files), [
      "charts/answer.svg",
      "charts/graph.svg",
      "charts/sample.svg",
      "explain.svg",
      "explain.txt",
    ]);
    const text = files["explain.txt"];
    assertEquals(first.stdout, `${text}${folder}\n`);
    assertStringIncludes(text, "\nFirst batch of 16 samples: mean loss ");
    for (const line of ["z1[1] = ", "L = ", "dW1[14,6] = ", "b2'[3] = "]) {
      assertStringIncludes(text.replace(/ +/g, " "), `\n ${line}`);
    }
    assertStringIncludes(text, "\nbackward of dense1 (≈ central difference)\n");

    assertEquals((await workspace.run("explain", ["tiny.json"])).stdout, first.stdout);
    assertEquals(filesOf(workspace, folder), files);
    const of = async (...args: readonly string[]) =>
      runOf(await workspace.run("explain", ["tiny.json", ...args]));
    assertEquals(await of("--set", "name=tiny"), folder);
    assertNotEquals(await of("--set", "seed=2"), folder);
    assertNotEquals(await of("--split", "test"), folder);
  }));

Deno.test("explain finds a run's sample by its row, and by the lowest probability of its class", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const { pipeline } = TINY;
    const layers = [{ name: "dense", units: 20 }, { name: "relu" }, { name: "dense", units: 3 }];
    await workspace.write("wide.json", {
      ...TINY,
      name: "wide",
      pipeline: pipeline.map((stage) => stage.stage === "train" ? { ...stage, layers } : stage),
    });
    const run = runOf(await workspace.run("train", ["wide.json"]));
    const explained = async (...args: readonly string[]) => {
      const ended = await workspace.run("explain", [run, ...args]);
      assertEquals([ended.code, ended.stderr], [0, ""]);
      return ended.stdout;
    };
    const byRow = await explained("--row", "3");
    assertStringIncludes(
      byRow,
      `wide, weights of ${run.replace("outputs/", "")}: row 3 of the test split`,
    );
    assertStringIncludes(byRow, "strongest units of the first hidden layer");
    assertStringIncludes(byRow, "Neither shows a cause");
    assertStringIncludes(byRow, "The smallest change found that turns the answer ");
    assertEquals(await explained("--split", "test", "--row", "3"), byRow);

    const lossOf = (text: string) => Number(/loss ([\d.e−]+)/.exec(text)?.[1].replace("−", "-"));
    const worst = lossOf(await explained("--worst", "1"));
    assert(worst >= lossOf(await explained("--worst", "2")));
    assert(worst >= lossOf(byRow));
    await explained("--split", "train", "--worst", "1"); // not evaluated by the run

    // an explanation is a result beside the run, whose name still finds the run
    const listed = (await workspace.run("runs", [])).stdout;
    assertStringIncludes(listed, "explanation");
    assertEquals((await workspace.run("explain", ["wide", "--row", "3"])).stdout, byRow);
  }));

Deno.test("explain shows the next update by a run's own optimizer, with its slots from the checkpoint", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const set = [
      'train.optimizer={"name":"momentum"}',
      'train.learningRate={"name":"linear","from":0.1,"to":0.02}',
      'train.averaging={"name":"exponential"}',
    ];
    const options = set.flatMap((each) => ["--set", each]);
    const explained = async (...args: readonly string[]) => {
      const ended = await workspace.run("explain", args);
      assertEquals([ended.code, ended.stderr], [0, ""]);
      return ended;
    };
    const first = await explained("tiny.json", ...options, "--update", "own");
    const start = first.stdout.replace(/ +/g, " ");
    assertStringIncludes(start, "\n rate = 0.1\n step = 1\n W1.velocity[1,1] = 0 ");
    assertStringIncludes(
      start,
      "\nupdate by momentum: Gradient descent with momentum\n W1.velocity'[1,1] = ",
    );
    assertStringIncludes(start, "= W1[1,1] − W1.velocity'[1,1]·rate = ");
    assertNotEquals(runOf(first), runOf(await explained("tiny.json", ...options)));

    const run = runOf(await workspace.run("train", ["tiny.json", ...options]));
    const end = (await explained(run, "--update", "own")).stdout.replace(/ +/g, " ");
    const steps = Number(/ step = (\d+)\n/.exec(end)?.[1]) - 1;
    const slots = `the weights are averages over steps, and the slots those after step ${steps}\n`;
    assertStringIncludes(end, `\nupdate by momentum: Gradient descent with momentum; ${slots}`);
    assert(!/ W1.velocity\[1,1\] = 0 /.test(end));
    assert(Number(/ rate = ([\d.]+)\n/.exec(end)?.[1]) < 0.1);
    const plain = (await explained(run)).stdout.replace(/ +/g, " ");
    assertStringIncludes(plain, "\n rate = 0.1\n");
    assertStringIncludes(plain, "\nupdate: p' = p − rate · dL/dp\n");
  }));

Deno.test("explain rejects samples that do not exist, and contradictory options", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const refused = async (...args: readonly string[]) => {
      const { code, stderr, stdout } = await workspace.run("explain", args);
      assertEquals(stdout, "");
      assertEquals(workspace.list().filter((path) => path.includes("explain")), []);
      return [code, stderr] as const;
    };
    const [first, row] = await refused("tiny.json", "--split", "test", "--row", "30");
    assertEquals(first, 1);
    assertStringIncludes(
      row,
      "Cannot explain row 30: expected one of the 30 rows of the test split, 0 to 29: the nearest is 29",
    );
    const [, worst] = await refused("tiny.json", "--split", "test", "--worst", "31");
    assertStringIncludes(worst, "expected 1 to 30");
    const [usage, both] = await refused("tiny.json", "--row", "1", "--worst", "1");
    assertEquals(usage, 2);
    assertStringIncludes(both, "expected --row or --worst, not both");
    const nothingHeldOut = ["--set", "split.validation=0", "--set", 'evaluate.on=["test"]'];
    const [, split] = await refused("tiny.json", ...nothingHeldOut, "--split", "validation");
    assertStringIncludes(split, "expected a validation split: the data has none");
    const [, set] = await refused("tiny", "--set", "seed=2");
    assertStringIncludes(set, "expected a config with --set");
  }));

Deno.test("explain needs only the permissions of its task", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const { code } = await workspace.runAlone("explain", ["tiny.json"]);
    assertEquals(code, 0);
  }));
