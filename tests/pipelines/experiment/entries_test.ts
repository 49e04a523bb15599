/** Every entry of every registry, used as a config uses it: a training from the data to the report. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { parseConfig } from "../../../lib/config/read.ts";
import { deformations } from "../../../lib/data/augment/mod.ts";
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

/** What changes in the tiny config: stages that stand before training, and options of training. */
interface Change {
  readonly before?: Readonly<Record<string, object>>;
  readonly train?: object;
}

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

/** Every registry whose things can be chosen for any data, and how a config chooses one. */
const USES: readonly (readonly [Registry, (named: object) => Change])[] = [
  [preparations, (named) => ({ before: { prepare: { methods: [named] } } })],
  [normalizations, (named) => ({ before: { normalize: { method: named } } })],
  [reductions, (named) => ({ before: { reduce: { method: named } } })],
  [deformations, (named) => ({ train: { deform: [named] } })],
  [layers, (named) => ({ train: { layers: network(named) } })],
  [singleLayers, (named) => ({ train: { layers: network(block(named)) } })],
  [initializers, (named) => ({ train: { layers: network(dense({ initializer: named })) } })],
  [losses, (named) => ({ train: { loss: named } })],
  [optimizers, (named) => ({ train: { optimizer: named } })],
  [schedules, (named) => ({ train: { learningRate: named } })],
  [averagings, (named) => ({ train: { averaging: named } })],
];

const dense = (options: object) => ({ name: "dense", units: 6, ...options });
const block = (named: object) => ({ name: "residual", layers: [named] });
const network = (named: object) => [dense({}), named, { name: "relu" }, dense({ units: 3 })];

/** What reports leave out, since it goes without saying. */
const USUAL = "heNormal";

const ORDER = ["load", "split", "prepare", "normalize", "reduce", "train", "evaluate", "report"];

/** The tiny config with a change. */
function changed({ before = {}, train = {} }: Change): unknown {
  const given = new Map<string, object>(TINY.pipeline.map(({ stage, ...rest }) => [stage, rest]));
  for (const [stage, options] of Object.entries(before)) given.set(stage, options);
  given.set("train", { ...given.get("train"), ...train });
  const pipeline = ORDER.flatMap((stage) => {
    const options = given.get(stage);
    return options === undefined ? [] : [{ stage, ...options }];
  });
  return { ...TINY, pipeline };
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

for (const [registry, changeOf] of USES) {
  for (const name of registry.names) {
    const required = REQUIRED[registry.kind]?.[name];
    const place = registry === singleLayers ? "in a block" : "by its name";
    Deno.test(`train with ${registry.kind} "${name}" ${place} ends in a report that names it`, () =>
      inWorkspace(async (workspace) => {
        await writeTiny(workspace);
        const path = await run(workspace, changed(changeOf({ name, ...required })));
        const read = (file: string) => Deno.readTextFile(join(path, file));
        const { epochs, validation, test } = JSON.parse(await read("summary.json"));
        assertEquals(epochs, 2);
        for (const { loss, accuracy } of [validation, test]) {
          assert(Number.isFinite(loss) && accuracy >= 0 && accuracy <= 1, `${loss}, ${accuracy}`);
        }
        const isNamed = (await read("report.svg")).includes(name);
        assert(isNamed || name === USUAL, `a report that names ${name}`);
      }));
  }
}
