/** Every entry of every registry, used as a config uses it: a training from the data to the report. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { parseConfig } from "../../../lib/config/read.ts";
import { augmentations } from "../../../lib/data/augment/mod.ts";
import { normalizations } from "../../../lib/data/normalize/mod.ts";
import { preparations } from "../../../lib/data/prepare/mod.ts";
import { reductions } from "../../../lib/data/reduce/mod.ts";
import { initializers } from "../../../lib/nn/initializers/mod.ts";
import { layers, singleLayers } from "../../../lib/nn/layers/mod.ts";
import { losses } from "../../../lib/nn/losses/mod.ts";
import { averagings } from "../../../lib/optim/averaging/mod.ts";
import { optimizers } from "../../../lib/optim/optimizers/mod.ts";
import { schedules } from "../../../lib/optim/schedules/mod.ts";
import { RULES } from "../../../pipelines/experiment/config_file.ts";
import { runExperiment } from "../../../pipelines/experiment/experiment.ts";
import { openView } from "../../../pipelines/cli/view.ts";
import { inWorkspace, TINY, type Workspace, writeTiny } from "../workspace.ts";

/** The parts of a registry that a config's use of it needs. */
interface Registry {
  readonly kind: string;
  readonly names: readonly string[];
}

/** Entries by the key of the config that chooses from their registry. */
type Chosen = Readonly<Record<keyof typeof REGISTRIES, object & { readonly name: string }>>;

/** Every registry whose things can be chosen for any data. */
const REGISTRIES = {
  method: preparations,
  normalization: normalizations,
  reduction: reductions,
  augmentation: augmentations,
  layer: layers,
  layerOfBlock: singleLayers,
  initializer: initializers,
  loss: losses,
  optimizer: optimizers,
  schedule: schedules,
  averaging: averagings,
};

/** Options without which an entry cannot be made, by kind and name. */
const REQUIRED: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  reduction: { pca: { components: 4 } },
  layer: {
    dense: { units: 6 },
    maxout: { units: 6 },
    dropout: { rate: 0.2 },
    gaussianNoise: { stddev: 0.1 },
    residual: { layers: [{ name: "dense", units: 6 }, { name: "tanh" }] },
  },
  initializer: { constant: { value: 0.1 } },
  schedule: { warmUp: { then: { name: "constant" } } },
};

const dense = (options: object) => ({ name: "dense", units: 6, ...options });

/** Default initializer, which reports omit. */
const USUAL = "heNormal";

const ORDER = ["load", "split", "prepare", "normalize", "reduce", "train", "evaluate", "report"];

/** The tiny config with an entry of every registry in it. */
function configOf(chosen: Chosen): unknown {
  const { initializer, layer, layerOfBlock } = chosen;
  const given = new Map<string, object>(TINY.pipeline.map(({ stage, ...rest }) => [stage, rest]));
  given.set("prepare", { methods: [chosen.method] });
  given.set("normalize", { method: chosen.normalization });
  given.set("reduce", { method: chosen.reduction });
  given.set("train", {
    ...given.get("train"),
    layers: [
      dense({ initializer }),
      layer,
      { name: "residual", layers: [layerOfBlock] },
      { name: "relu" },
      dense({ units: 3 }),
    ],
    loss: chosen.loss,
    optimizer: chosen.optimizer,
    learningRate: chosen.schedule,
    averaging: chosen.averaging,
    augment: [chosen.augmentation],
  });
  return { ...TINY, pipeline: ORDER.map((stage) => ({ stage, ...given.get(stage) })) };
}

/** Runs a config in this process; returns the path of the run's folder. */
function run({ folder }: Workspace, config: unknown): Promise<string> {
  return runExperiment(parseConfig(config, RULES), {
    output: join(folder, "outputs"),
    dataDirectory: folder,
    cacheDirectory: folder,
    fresh: false,
    detail: "quiet",
    view: openView("quiet"),
    workers: 2,
    signal: new AbortController().signal,
  });
}

/** Runs in which every entry of the longest registry is used once, and those of the others again and again. */
const RUNS = Math.max(...Object.values(REGISTRIES).map(({ names }) => names.length));

function chosenIn(run: number): Chosen {
  const entries = Object.entries(REGISTRIES).map(([key, { kind, names }]: [string, Registry]) => {
    const name = names[run % names.length];
    return [key, { name, ...REQUIRED[kind]?.[name] }] as const;
  });
  return Object.fromEntries(entries) as Chosen;
}

for (let number = 0; number < RUNS; number++) {
  const chosen = chosenIn(number);
  const names = Object.values(chosen).map(({ name }) => name);
  Deno.test(`train with ${names.join(", ")} ends with a report that names them`, () =>
    inWorkspace(async (workspace) => {
      await writeTiny(workspace);
      const path = await run(workspace, configOf(chosen));
      const read = (file: string) => Deno.readTextFile(join(path, file));
      const { epochs, validation, test } = JSON.parse(await read("summary.json"));
      assertEquals(epochs, 2);
      for (const { loss, accuracy } of [validation, test]) {
        assert(Number.isFinite(loss) && accuracy >= 0 && accuracy <= 1, `${loss}, ${accuracy}`);
      }
      const report = await read("report.svg");
      for (const name of names) {
        assert(report.includes(name) || name === USUAL, `a report that names ${name}`);
      }
    }));
}
