/**
 * Small trainings that together use every part, by the hashes of what they leave; written anew by
 *
 *     deno test -A tests/golden -- --update
 *
 * A change of a hash is a change of the numbers: raise FORMAT_VERSION.
 */
import { assertEquals } from "@std/assert";
import { augmentations } from "../../lib/data/augment/mod.ts";
import { normalizations } from "../../lib/data/normalize/mod.ts";
import { preparations } from "../../lib/data/prepare/mod.ts";
import { reductions } from "../../lib/data/reduce/mod.ts";
import { sha256 } from "../../lib/data/sha256.ts";
import { singleThread } from "../../lib/engine/wasm/exact.ts";
import { initializers, layers, losses } from "../../lib/nn/mod.ts";
import { averagings, optimizers, schedules } from "../../lib/train/mod.ts";
import { refinements } from "../../pipelines/experiment/stage_table.ts";
import {
  runSmall,
  SHARDED_RUN,
  SMALL_RUNS,
  type SmallRunBytes,
  type SmallRunOptions,
} from "./small_runs.ts";
import hashes from "./small_runs.json" with { type: "json" };

type Hashes = Readonly<Record<keyof SmallRunBytes, string>>;

async function hashesOf(name: string, options: SmallRunOptions): Promise<Hashes> {
  const bytes = Object.entries(await runSmall(SMALL_RUNS[name], options));
  return Object.fromEntries(bytes.map(([what, bytes]) => [what, sha256(bytes)])) as Hashes;
}

const isUpdate = Deno.args.includes("--update");
const kept: Readonly<Record<string, Hashes>> = hashes;
const found: Record<string, Hashes> = {};

/** Numbers of workers, of which each run is made by one in its turn; all are tried by `deno task prove hashes`. */
const WORKERS = [1, 2, 3, 5];

for (const [index, name] of Object.keys(SMALL_RUNS).entries()) {
  const workers = WORKERS[index % WORKERS.length];
  Deno.test(`a small run of ${name} has the bytes of its committed hash, by ${workers} and on one thread`, async () => {
    found[name] = await hashesOf(name, { workers });
    if (!isUpdate) assertEquals(found[name], kept[name]);
    const local = { backend: singleThread, interrupted: true };
    assertEquals(await hashesOf(name, local), found[name], "interrupted, on the calling thread");
  });
}

Deno.test("the committed hashes are those of the small runs", async () => {
  if (isUpdate) {
    const text = `${JSON.stringify(found, null, 2)}\n`;
    return await Deno.writeTextFile(new URL("small_runs.json", import.meta.url), text);
  }
  assertEquals(Object.keys(kept), Object.keys(SMALL_RUNS));
});

/** Names that stand in runs, by the key that they or a list of them stand under. */
function namesUnder(value: unknown, key = ""): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) return value.flatMap((each) => namesUnder(each, key));
  if (typeof value !== "object" || value === null) return [];
  const within = Object.entries(value).flatMap(([key, each]) => namesUnder(each, key));
  return "name" in value ? [[key, String(value.name)], ...within] : within;
}

Deno.test("small runs use every part that a config may name, and every refinement", () => {
  const used = namesUnder(Object.values(SMALL_RUNS));
  const tables = {
    prepare: preparations,
    normalize: normalizations,
    reduce: reductions,
    augment: augmentations,
    layers,
    initializer: initializers,
    loss: losses,
    optimizer: optimizers,
    learningRate: schedules,
    averaging: averagings,
  };
  for (const [key, { names }] of Object.entries(tables)) {
    const here = used.flatMap(([place, name]) => place === key ? [name] : []);
    assertEquals([...new Set(here)].sort(), [...names].sort(), key);
  }
  const { checkpoint: _, ...options } = refinements; // says which files are kept, and changes no byte
  const runs = [...Object.values(SMALL_RUNS), SHARDED_RUN];
  const refined = new Set(runs.flatMap(({ train }) => Object.keys(train)));
  for (const option of Object.keys(options)) assertEquals(refined.has(option), true, option);
});
