/** A run that several ranks train: the files of one process, written by rank 0 alone. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { parseConfig } from "../../../lib/config/read.ts";
import { FILES } from "../../../lib/run/folder.ts";
import { RULES } from "../../../pipelines/experiment/config_file.ts";
import { runExperiment } from "../../../pipelines/experiment/experiment.ts";
import { jointRun } from "../../../pipelines/experiment/joint_run.ts";
import { StoppedError } from "../../../pipelines/experiment/stages.ts";
import { openView } from "../../../pipelines/cli/view.ts";
import { localRanks } from "../../train/local_ranks.ts";
import { inWorkspace, TINY, type Workspace, writeTiny } from "../workspace.ts";

const CONFIG = {
  ...TINY,
  pipeline: TINY.pipeline.map((stage) =>
    stage.stage === "train"
      ? { ...stage, shards: 4, epochs: 3, earlyStopping: { patience: 5 } }
      : stage
  ),
};

const parsed = (config: unknown) => parseConfig(config, RULES);

function optionsIn({ folder }: Workspace, output: string, signal = new AbortController().signal) {
  return {
    output: join(folder, output),
    dataDirectory: folder,
    cacheDirectory: folder,
    fresh: false,
    detail: "quiet" as const,
    view: openView("quiet"),
    signal,
    workers: 1,
  };
}

/**
 * Runs the config by ranks, of which all but the first would write to folders of their own. A controller is
 * aborted on rank 0 after the first epoch.
 */
function together(
  workspace: Workspace,
  size: number,
  controller?: AbortController,
): Promise<readonly PromiseSettledResult<string>[]> {
  return Promise.allSettled(
    localRanks(size).map((ranks) => {
      const output = ranks.rank === 0 ? "outputs" : `rank${ranks.rank}`;
      const own = ranks.rank === 0 ? controller : undefined;
      const options = optionsIn(workspace, output, own?.signal);
      const view = { ...options.view, showEpoch: () => own?.abort() };
      return runExperiment(parsed(CONFIG), { ...options, view, joint: jointRun(ranks, () => {}) });
    }),
  );
}

Deno.test("runExperiment() by 2 and 3 ranks, stopped in between, gives the bytes of one process", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const path = await runExperiment(parsed(CONFIG), optionsIn(workspace, "outputs"));
    const run = path.slice(workspace.folder.length + 1);
    const promised = workspace.promised(run);
    await Deno.remove(join(workspace.folder, "outputs"), { recursive: true });

    const stopped = await together(workspace, 2, new AbortController());
    const isStopped = stopped.map((each) =>
      each.status === "rejected" && each.reason instanceof StoppedError
    );
    assertEquals(isStopped, [true, true]);
    assert(workspace.list().some((path) => path.includes("checkpoints/step")));

    const results = await together(workspace, 3);
    assertEquals(results.map(({ status }) => status), ["fulfilled", "fulfilled", "fulfilled"]);
    assertEquals(workspace.promised(run), promised);
    assertEquals(workspace.list().filter((path) => path.includes("rank")), []);
    assertStringIncludes(await Deno.readTextFile(join(path, FILES.log)), '"ranks":3');

    const again = await together(workspace, 4); // finished: nobody trains
    assertEquals(again[0], { status: "fulfilled", value: path });
    assertEquals(workspace.promised(run), promised);
  }));

Deno.test("the option shards with the value 1 does not change the id of a run", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const withShards = (shards: number) => ({
      ...TINY,
      pipeline: TINY.pipeline.map((stage) =>
        stage.stage === "train" ? { ...stage, shards } : stage
      ),
    });
    const [plain, one, two] = await Promise.all(
      [TINY, withShards(1), withShards(2)].map((config, index) =>
        runExperiment(parsed(config), optionsIn(workspace, `outputs${index}`))
      ),
    );
    const nameOf = (path: string) => path.split("/").at(-1);
    assertEquals(nameOf(one), nameOf(plain));
    assertEquals(nameOf(two) === nameOf(plain), false);
  }));
