import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { parseConfig } from "../../../lib/config/read.ts";
import { RULES } from "../../../pipelines/experiment/config_file.ts";
import { runExperiment } from "../../../pipelines/experiment/experiment.ts";
import { StoppedError } from "../../../pipelines/experiment/stages.ts";
import { openView } from "../../../pipelines/cli/view.ts";
import { inWorkspace, TINY, type Workspace, writeTiny } from "../workspace.ts";

/** Runs the tiny experiment in this process. */
function run({ folder }: Workspace, signal: AbortSignal): Promise<string> {
  return runExperiment(parseConfig(TINY, RULES), {
    output: join(folder, "outputs"),
    dataDirectory: folder,
    cacheDirectory: folder,
    fresh: false,
    detail: "quiet",
    view: openView("quiet"),
    signal,
    workers: 1,
  });
}

Deno.test("runExperiment() stopped while data is loaded ends at once and writes nothing", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const before = workspace.list();
    await assertRejects(() => run(workspace, AbortSignal.abort()), StoppedError);
    const controller = new AbortController();
    const running = assertRejects(() => run(workspace, controller.signal), StoppedError);
    controller.abort();
    await running;
    assertEquals(workspace.list(), before);
  }));

Deno.test("runExperiment() gives the bytes of the command", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const path = await run(workspace, new AbortController().signal);
    const name = path.slice(workspace.folder.length + 1);
    const promised = workspace.promised(name);
    await Deno.remove(path, { recursive: true });
    assertEquals((await workspace.run("train", ["tiny.json"])).stdout, `${name}\n`);
    assertEquals(workspace.promised(name), promised);
  }));
