/**
 * Runs of format 3, which named splits "part", augmentations "deform" and ensembles "committee": what they
 * hold is what runs hold now, and all commands take them.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { FORMER_NAMES, renameFormerConfigKeys } from "../../lib/config/former_names.ts";
import { decodeSafetensors, type Safetensors } from "../../lib/run/codec/safetensors.ts";
import { FILES } from "../../lib/run/folder.ts";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "./workspace.ts";

const OLDER = fromFileUrl(new URL("../fixtures/format_3", import.meta.url));

/** The ensemble and its members in the order of their seeds. */
const RUNS = ["older-committee-289900c771", "older-1a382e4ada", "older-07e6c7b856"] as const;

const AFFINE = [{ name: "affine" }, { name: "noise" }];

/** The config of the runs, by the names of keys then or now. */
function configOf(augment: string, copies: string, ensemble: string): object {
  const pipeline = TINY.pipeline.map((stage) => {
    if (stage.stage === "train") return { ...stage, [augment]: AFFINE };
    return stage.stage === "evaluate" ? { ...stage, on: ["test"], [copies]: 2 } : stage;
  });
  return { ...TINY, name: "older", pipeline, [ensemble]: { seed: [1, 2] } };
}

const PRESENT = configOf("augment", "augmentedCopies", "ensemble");
const FORMER = configOf("deform", "deformations", "committee");

function bytesOf(folder: string, file: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(join(folder, file));
}

function textOf(folder: string, file: string): string {
  return Deno.readTextFileSync(join(folder, file));
}

/** Tensors and metadata by present names, without the ids of runs. */
function contentOf(folder: string, file: string): Safetensors {
  const { tensors, metadata } = decodeSafetensors(bytesOf(folder, file), file);
  const present = (text: string) => text.replace(/^deformed\./, "augmented.");
  const keys = (text: string) =>
    text.replace(/"parts":/, '"splits":').replace(/"part":/, '"split":')
      .replaceAll(/older-[0-9a-f]{10}/g, "older");
  const sorted = (text: string) =>
    text.startsWith("{") ? JSON.stringify(Object.entries(JSON.parse(text)).sort()) : text;
  return {
    tensors: new Map([...tensors].map(([name, tensor]) => [present(name), tensor] as const).sort()),
    metadata: new Map(
      [...metadata].map(([name, text]) => [name, sorted(keys(text))] as const).sort(),
    ),
  };
}

async function copyOlder({ folder }: Workspace): Promise<void> {
  for (const run of RUNS) {
    for (const { name } of Deno.readDirSync(join(OLDER, run))) {
      const path = join(folder, "outputs", run, name);
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.copyFile(join(OLDER, run, name), path);
    }
  }
}

Deno.test("runs of format 3 have the tensors, metrics and numbers of the same runs now, by value", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("present.json", PRESENT);
    const trained = await workspace.run("train", ["present.json", "--quiet"]);
    assertEquals(trained.code, 0, trained.stderr);
    const ensemble = join(workspace.folder, runOf(trained));
    const { members } = JSON.parse(
      JSON.stringify(Object.fromEntries(
        decodeSafetensors(bytesOf(ensemble, FILES.results), "results").metadata,
      )),
    );
    const names = JSON.parse(members).map(({ run }: { readonly run: string }) => run);
    const runs = [ensemble, ...names.map((name: string) => join(dirname(ensemble), name))];
    for (const [index, run] of runs.entries()) {
      const older = join(OLDER, RUNS[index]);
      const isMember = index > 0;
      for (const file of [FILES.metrics, FILES.summary]) {
        assertEquals(textOf(run, file), textOf(older, file));
      }
      const files = [FILES.results, FILES.observations, ...(isMember ? [FILES.model] : [])];
      for (const file of files) assertEquals(contentOf(run, file), contentOf(older, file));
      const [now, then] = [run, older].map((folder) => JSON.parse(textOf(folder, FILES.config)));
      assertEquals(now, renameFormerConfigKeys(then));
    }
    assertEquals(
      textOf(ensemble, FILES.suspicious),
      textOf(join(OLDER, RUNS[0]), FILES.suspicious).replaceAll('"part":', '"split":'),
    );
  }));

Deno.test("commands accept runs of format 3: report, evaluate, predict, compare and runs", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await copyOlder(workspace);
    await workspace.write(`outputs/${RUNS[1]}/surroundings.svg`, "<svg/>");
    for (const run of [RUNS[0], RUNS[1]]) {
      const drawn = await workspace.run("report", [`outputs/${run}`]);
      assertEquals([drawn.code, drawn.stderr], [0, ""]);
    }
    const files = workspace.list(`outputs/${RUNS[1]}`);
    for (const file of ["charts/augmented.svg", "charts/embedding.svg", "charts/balance.svg"]) {
      assertEquals(files.includes(file), true, file);
    }
    const environments = files.filter((file) => /^(surroundings|environment)/.test(file));
    assertEquals(environments, ["environment.svg"]);
    const data = ["--data-dir", "data"];
    for (const run of [RUNS[0], RUNS[1]]) {
      const evaluated = await workspace.run("evaluate", [`outputs/${run}`, ...data]);
      assertEquals(evaluated.code, 0, evaluated.stderr);
      const summary = JSON.parse(textOf(join(OLDER, run), FILES.summary));
      assertStringIncludes(evaluated.stdout, `${summary.test.mistakes} mistakes in 30`);
      const predicted = await workspace.run("predict", [`outputs/${run}`, "data/test-images"]);
      assertEquals(predicted.code, 0, predicted.stderr);
    }
    const compared = await workspace.run("compare", RUNS.slice(1).map((run) => `outputs/${run}`));
    assertEquals(compared.code, 0, compared.stderr);
    const listed = await workspace.run("runs", []);
    assertEquals([listed.code, listed.stderr], [0, ""]);
    for (const run of RUNS) assertStringIncludes(listed.stdout, run);
  }));

Deno.test("configs with former names of keys give the same runs, also by extends and --set", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("present.json", PRESENT);
    await workspace.write("former.json", FORMER);
    const { ensemble: _, ...single } = PRESENT as { readonly ensemble: unknown };
    await workspace.write("base.json", single);
    await workspace.write("over.json", {
      extends: "base.json",
      pipeline: [{ stage: "train", deform: [{ name: "cutout" }] }],
    });
    const folder = async (...args: readonly string[]) => {
      const ended = await workspace.run("train", [...args, "--quiet"]);
      assertEquals(ended.code, 0, ended.stderr);
      return runOf(ended);
    };
    assertEquals(await folder("former.json"), await folder("present.json"));
    const cutout = '=[{"name": "cutout"}]';
    const set = await folder("base.json", "--set", `train.augment${cutout}`);
    assertEquals(await folder("base.json", "--set", `train.deform${cutout}`), set);
    assertEquals(await folder("over.json"), set);
    assertEquals(
      await folder("base.json", "--set", "train.deform[0].rotate=3"),
      await folder("base.json", "--set", "train.augment[0].rotate=3"),
    );
    await workspace.write("both.json", {
      ...single,
      pipeline: TINY.pipeline.map((stage) =>
        stage.stage === "train" ? { ...stage, augment: AFFINE, deform: AFFINE } : stage
      ),
    });
    const both = await workspace.run("train", ["both.json"]);
    assertEquals(both.code, 2);
    assertStringIncludes(both.stderr, "pipeline[3].deform (train.deform): expected no such key");
    const option = await workspace.run("evaluate", [set, "--deformations", "2"]);
    assertEquals(option.code, 2);
    assertStringIncludes(
      option.stderr,
      'expected --augmented-copies, the present name: received "--deformations"',
    );
    assertEquals(Object.keys(FORMER_NAMES).length, 3);
  }));
