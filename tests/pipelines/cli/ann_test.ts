/** The command `ann`: by itself, installed, and as tasks call it from other folders. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { restrictPermissions, TASK_STARTUP } from "../../../pipelines/cli/startup.ts";
import project from "../../../deno.json" with { type: "json" };
import { installAnn } from "../installed.ts";
import { type Ended, inWorkspace, runOf, TINY, type Workspace, writeTiny } from "../workspace.ts";

const ROOT = fromFileUrl(new URL("../../../", import.meta.url));

async function ended(command: Deno.Command): Promise<Ended> {
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  // Deno fetches packages that its cache lacks when an installed command is first called
  return { code, stdout: text(stdout), stderr: text(stderr).replace(/^(Download \S+\n)+/, "") };
}

/** Installs `ann` into a workspace; returns how it is called. */
async function install(
  { folder }: Workspace,
): Promise<(...args: readonly string[]) => Deno.Command> {
  const { program, env } = await installAnn(folder);
  return (...args) =>
    new Deno.Command(program, { args: [...args], cwd: join(folder, "my work"), env });
}

Deno.test("ann, installed by the documented command, trains in any folder on data beside a config", () =>
  inWorkspace(async (workspace) => {
    const { folder, write, list } = workspace;
    const ann = await install(workspace);
    await writeTiny(workspace);
    await Deno.mkdir(join(folder, "my work/configs"), { recursive: true });
    await Deno.rename(join(folder, "data"), join(folder, "my work/configs/data"));
    await write("my work/configs/tiny.json", TINY);

    const trained = await ended(ann("train", "configs/tiny.json", "--quiet"));
    assertEquals([trained.code, trained.stderr], [0, ""]);
    const run = runOf(trained);
    assert(/^outputs\/tiny-[0-9a-f]{10}$/.test(run), run);
    assert(list(`my work/${run}`).includes("report.svg"));
    assertEquals((await ended(ann("evaluate", run))).code, 0);
    assertEquals((await ended(ann("predict", run, "configs/data/test-images"))).code, 0);

    const fetched = await ended(ann("data", "fetch", "mnist-10k"));
    assertEquals(fetched.stderr, `ready mnist-10k in ${folder}/a home/.cache/ann-mlp/\n`);
    assertEquals(list("a home/.cache/ann-mlp").length, 4);

    assertEquals(await ended(ann("train", "--output", "elsewhere")), {
      code: 2,
      stdout: "",
      stderr:
        'Cannot run "ann train": expected an --output in outputs/, the only folder that this program ' +
        'may write to: received "elsewhere"\nSee "ann train --help"\n',
    });
    assertEquals(list("my work").filter((path) => !/^(configs|outputs)\//.test(path)), []);
  }));

Deno.test("ann lists its commands, describes one, and suggests the intended one", () =>
  inWorkspace(async ({ folder }) => {
    const script = join(ROOT, "pipelines/ann.ts");
    const ann = (...args: readonly string[]) =>
      ended(
        new Deno.Command(Deno.execPath(), {
          args: ["run", "--no-prompt", "--allow-read", script, ...args],
          cwd: folder,
        }),
      );
    const all = await ann();
    assertEquals([all.code, all.stderr], [0, ""]);
    assertStringIncludes(all.stdout, "\n  ann COMMAND [ARGUMENTS] [OPTIONS]\n");
    assertStringIncludes(all.stdout, "\n  train      Runs an experiment");
    for (const words of [["help"], ["--help"], ["-h"]]) assertEquals(await ann(...words), all);
    const train = await ann("help", "train");
    assertStringIncludes(train.stdout, "\n  ann train [CONFIG] [OPTIONS]\n");
    assertEquals(await ann("train", "--help"), train);
    const version = await ann("--version");
    const form = /^ann-mlp \S+, run format \d+, Deno (\S+) \(\S+\)\n$/.exec(version.stdout);
    assertEquals(form?.[1], Deno.version.deno);
    assertStringIncludes(version.stdout, `ann-mlp ${project.version},`);
    for (const words of [["trian"], ["help", "trian"]]) {
      const { code, stdout, stderr } = await ann(...words);
      assertEquals([code, stdout], [2, ""]);
      assert(
        stderr.startsWith('Cannot run "ann trian": expected one of check, explore, train,'),
        stderr,
      );
      assert(stderr.endsWith('received "trian": did you mean "train"?\nSee "ann help"\n'), stderr);
    }
  }));

Deno.test("a task accepts paths relative to the folder from which it is called, and writes to the project's", () =>
  inWorkspace(async (workspace) => {
    const { folder, write, list, runAlone } = workspace;
    await writeTiny(workspace);
    await write("own/tiny.json", { extends: "../tiny.json" });
    const env = { INIT_CWD: join(folder, "own") };
    const trained = await runAlone("train", ["tiny.json", "--quiet"], { env });
    assertEquals([trained.code, trained.stderr], [0, ""]);
    const run = runOf(trained);
    assert(run.startsWith(`${folder}/outputs/tiny-`), run);
    assertEquals(
      (await runAlone("report", [`../outputs/${run.split("/").at(-1)}`], { env })).code,
      0,
    );
    assertEquals((await runAlone("runs", [], { env })).stdout.split("\n").length, 4);
    const output = ["--output", "outputs"];
    const refused = await runAlone("train", ["tiny.json", ...output], { env });
    assertStringIncludes(
      refused.stderr,
      `expected an --output in ${folder}/outputs/, the only folder`,
    );
    assertEquals(list("own"), ["tiny.json"]);
  }));

Deno.test("restrictPermissions() leaves a command only the permissions that it needs", async () => {
  const source = `
    import { restrictPermissions } from ${
    JSON.stringify(new URL("../../../pipelines/cli/startup.ts", import.meta.url))
  };
    restrictPermissions(JSON.parse(Deno.args[0]), ${JSON.stringify(TASK_STARTUP)});
    const state = (descriptor) => Deno.permissions.querySync(descriptor).state === "granted";
    console.log(JSON.stringify([
      state({ name: "write", path: "outputs/a" }),
      state({ name: "write", path: ".cache" }),
      state({ name: "net", host: "example.org" }),
      state({ name: "env", variable: "INIT_CWD" }),
      state({ name: "read" }),
    ]));`;
  const flags =
    "--allow-read --allow-write=outputs,.cache --allow-net=example.org --allow-env=INIT_CWD";
  const left = async (...needs: Parameters<typeof restrictPermissions>[0]) => {
    const module = `data:text/javascript,${encodeURIComponent(source)}`;
    const args = ["run", "--no-prompt", ...flags.split(" "), module, JSON.stringify(needs)];
    const { stdout, stderr } = await ended(new Deno.Command(Deno.execPath(), { args, cwd: ROOT }));
    return stdout === "" ? stderr : JSON.parse(stdout);
  };
  assertEquals(await left(), [false, false, false, false, true]);
  assertEquals(await left("outputs"), [true, false, false, false, true]);
  assertEquals(await left("cache", "mirrors"), [false, true, true, false, true]);
  assertEquals(await left("outputs", "cache", "mirrors"), [true, true, true, false, true]);
});

Deno.test("ann --help loads only the declarations of commands", async () => {
  const { stdout } = await ended(
    new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", join(ROOT, "pipelines/ann.ts")],
    }),
  );
  const graph: { readonly modules: readonly Module[] } = JSON.parse(stdout);
  const first = graph.modules.find(({ specifier }) => specifier.endsWith("/ann.ts")) as Module;
  const loaded = loadedFirst(graph.modules, first).map((path) =>
    path.slice(`file://${ROOT}`.length)
  );
  assertEquals(loaded.filter((path) => !/^pipelines\/(tools\/)?\w+\.ts$/.test(path)), [
    "lib/data/split/samples.ts",
    "lib/format/visible.ts",
    "lib/io/environment.ts",
    "lib/io/mpi/launcher.ts",
    "lib/io/print.ts",
    "lib/io/reads.ts",
    "lib/io/reason.ts",
    "lib/tensor/tensor.ts",
    "pipelines/cli/command.ts",
    "pipelines/cli/declaration.ts",
    "pipelines/cli/help.ts",
    "pipelines/cli/options.ts",
    "pipelines/cli/startup.ts",
  ]);
});

/** A module in what `deno info --json` prints. */
interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly isDynamic?: boolean;
    readonly code?: { readonly specifier: string };
  }[];
}

/** The modules that are loaded with one, dynamic imports left out. */
function loadedFirst(modules: readonly Module[], first: Module): readonly string[] {
  const seen = new Set<string>();
  const visit = ({ specifier, dependencies = [] }: Module) => {
    if (seen.has(specifier)) return;
    seen.add(specifier);
    for (const { isDynamic, code } of dependencies) {
      const module = modules.find((module) => module.specifier === code?.specifier);
      if (isDynamic !== true && module !== undefined) visit(module);
    }
  };
  visit(first);
  return [...seen].sort();
}
