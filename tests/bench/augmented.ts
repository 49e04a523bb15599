/**
 * Measures the cost of augmentations: epochs of S on augmented images, and epochs of the same training on unchanged
 * images.
 *
 * @module
 */
import type { Dataset } from "../../lib/data/dataset.ts";
import { augmentations, imageDeformations } from "../../lib/data/augment/mod.ts";
import { median } from "../../lib/tensor/math/statistics.ts";
import { formatMeasured } from "../../lib/format/numbers.ts";
import { formatTable, left, right } from "../../lib/format/text_table.ts";
import { openSession, type Session } from "../../lib/train/session.ts";
import { SETTINGS, trainingOf, whole, WORKLOADS } from "./workloads.ts";

/** Augmentations of each case; their options are the defaults of configs. */
const CASES: Readonly<Record<string, readonly string[]>> = {
  "as they are": [],
  affine: ["affine"],
  elastic: ["elastic"],
  "affine and elastic": ["affine", "elastic"],
  cutout: ["cutout"],
  mixup: ["mixup"],
  noise: ["noise"],
};

/** A measured training. */
export interface AugmentedResult {
  /** Name of the augmentations. */
  readonly name: string;
  /** Microseconds a step of 64 images, the median epoch's. */
  readonly step: number;
  /** Median over the rounds of its time by that of the images as they are, in the same round. */
  readonly ratio: number;
  /** The smallest and the largest of these. */
  readonly low: number;
  readonly high: number;
}

/** Measures whole epochs, in each round one of each case after the other. */
export async function measureAugmented(
  data: Dataset,
  { threads, rounds }: { readonly threads: number; readonly rounds: number },
): Promise<readonly AugmentedResult[]> {
  await using sessions = new AsyncDisposableStack();
  const opened: Session[] = [];
  for (const names of Object.values(CASES)) {
    opened.push(sessions.use(await openCase(data, names, threads)));
  }
  const times: number[][] = opened.map(() => []);
  for (let epoch = 1; epoch <= rounds; epoch++) {
    for (const [index, session] of opened.entries()) {
      times[index]?.push(await timeEpoch(session, epoch));
    }
  }
  return Object.keys(CASES).map((name, index) => {
    const own = times[index];
    const ratios = own.map((time, round) => time / times[0]?.[round]);
    return {
      name,
      step: median(own),
      ratio: median(ratios),
      low: Math.min(...ratios),
      high: Math.max(...ratios),
    };
  });
}

async function openCase(
  data: Dataset,
  names: readonly string[],
  threads: number,
): Promise<Session> {
  const made = names.map((name) => augmentations.create(augmentations.schema.parse({ name })));
  const training = trainingOf(WORKLOADS.S, whole(data.train), { threads });
  const session = await openSession({
    ...training,
    deformations: imageDeformations(made, data.train),
  });
  await session.initialize();
  await timeEpoch(session, 0); // to warm up
  return session;
}

/** Microseconds a step of an epoch; shuffling it is part of the work. */
async function timeEpoch(session: Session, epoch: number): Promise<number> {
  const begun = performance.now();
  session.prepare(epoch, SETTINGS);
  await session.run(0);
  return 1000 * (performance.now() - begun) / session.batches.steps;
}

/** Lines of the table of what augmentations cost. */
export function augmentedTable(results: readonly AugmentedResult[]): readonly string[] {
  return formatTable({
    columns: [
      left("training of S on images"),
      ...["µs a step", "ratio", "low", "high"].map(right),
    ],
    rows: results.map(({ name, step, ratio, low, high }) => [
      name,
      ...[step, ratio, low, high].map(formatMeasured),
    ]),
  });
}
