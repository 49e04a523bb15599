/** The command `deno task verify`, on recipes that a workspace puts in the place of the real ones. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { decodeVerifiedRuns } from "../../../lib/analysis/verify/verified.ts";
import { DIGITS, inWorkspace, TINY, withDigits, type Workspace, writeTiny } from "../workspace.ts";

const RUNS = "outputs/samples/quickstart/runs.jsonl";

/** A few steps on digits with the name, the seed and almost the accuracy of the quickstart. */
async function withQuickstart(workspace: Workspace): Promise<void> {
  await withDigits(workspace);
  await workspace.write("configs/quickstart.json", {
    extends: DIGITS,
    pipeline: [{ stage: "train", epochs: 2 }],
  });
}

function read({ folder }: Workspace, path: string): string {
  return Deno.readTextFileSync(join(folder, path));
}

Deno.test("verify distinguishes recipes with their known results from others", async () => {
  await inWorkspace(async (workspace) => {
    await withQuickstart(workspace);
    const verify = (...args: string[]) => workspace.run("verify", ["quickstart", ...args]);

    const unknown = await verify();
    assertEquals(unknown.code, 1, unknown.stderr);
    assertStringIncludes(unknown.stderr, "quickstart, seed 42: expected a seed with a known run");

    const updated = await verify("--keep", "--update");
    assertStringIncludes(updated.stderr, "already finished");
    const [known] = decodeVerifiedRuns(read(workspace, RUNS), RUNS);
    assert(known !== undefined && known.samples === 2000);
    for (const file of ["config.json", "metrics.jsonl", "summary.json", "report.svg"]) {
      const run = `outputs/verified/${known.run}`;
      const sample = read(workspace, `outputs/samples/quickstart/${file}`);
      assertEquals(sample, read(workspace, `${run}/${file}`));
    }

    const accuracy = `${((2000 - known.mistakes) / 20).toFixed(2)} %`;
    const same = await verify("--quiet");
    assertStringIncludes(same.stdout, accuracy);
    assertStringIncludes(same.stdout, known.sha256.slice(0, 12));
    // two epochs end below the accuracy that the recipe promises
    assertEquals(same.code, 1);
    const low = `expected an accuracy of at least 95.50 %: received ${accuracy}`;
    assertEquals(same.stderr, `quickstart, seed 42: ${low}\n`);

    const other = { ...known, sha256: known.sha256.replaceAll(/./g, "0") };
    await workspace.write(RUNS, `${JSON.stringify(other)}\n`);
    const changed = await verify("--quiet", "--keep");
    assertEquals(changed.code, 1);
    const bits = "model.safetensors with the SHA-256 000000000000…: " +
      `received ${known.sha256.slice(0, 12)}…`;
    assertStringIncludes(changed.stderr, `quickstart, seed 42: expected ${bits}\n`);
  });
});

Deno.test("verify trains the seeds of a recipe and the members of an ensemble once", async () => {
  await inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const tiny = { ...TINY, name: "tiny" };
    await workspace.write("data.json", tiny);
    await workspace.write("configs/mnist_deformed.json", { extends: "../data.json" });
    await workspace.write("configs/mnist_ensemble.json", {
      extends: "mnist_deformed.json",
      ensemble: { seed: [1, 2, 3] },
    });
    const names = ["mnist_ensemble", "mnist_deformed"];
    const { code, stdout, stderr } = await workspace.run("verify", [
      ...names,
      "--all-seeds",
      "--update",
    ]);
    const made = workspace.list("outputs/verified").filter((path) =>
      path.endsWith("manifest.json")
    );
    assertEquals(made.length, 5 + 1, stderr);
    const lines = stdout.trimEnd().split("\n");
    assertEquals(lines.length, 2 + 5 + 1 + 1);
    assertStringIncludes(lines[lines.length - 1], "standard deviation of 5 seeds");
    assertEquals(code, 1); // such a network does not reach 99 %
    const path = "outputs/samples/mnist_ensemble/runs.jsonl";
    const [ensemble, ...more] = decodeVerifiedRuns(read(workspace, path), path);
    assertEquals([ensemble?.file, more.length], ["summary.json", 0]);
  });
});

Deno.test("verify lists the recipes if an unknown one is requested", async () => {
  await inWorkspace(async (workspace) => {
    const { code, stderr } = await workspace.run("verify", ["mnist_minut"]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, 'received "mnist_minut": did you mean "mnist_minute"?');
  });
});
