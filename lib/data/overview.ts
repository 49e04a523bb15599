/**
 * Data at a glance: how many samples of each class there are, what their mean is, and some of them.
 *
 * @module
 */
import type { Part, Parts } from "./dataset.ts";

/** What there is of each class in a part. */
export interface ClassCounts {
  /** The part. */
  readonly part: keyof Parts;
  /** Samples of each class [classes]. */
  readonly counts: Uint32Array<ArrayBuffer>;
}

/** Some samples. */
export interface LabelledSamples {
  /** Row of each in the file it came from. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Class of each. */
  readonly labels: Uint16Array<ArrayBuffer>;
  /** Features [samples, …shape]. */
  readonly values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

/** The data at a glance; features as loaded. */
export interface DataOverview {
  /** Shape of one sample, for example [28, 28]. */
  readonly shape: readonly number[];
  /** The parts in the order train, validation, test. */
  readonly parts: readonly ClassCounts[];
  /**
   * Mean of training samples of each class [classes, …shape], 0 of a class that has none; empty where
   * there is no room for all.
   */
  readonly means: Float32Array<ArrayBuffer>;
  /** Of how many samples each of these is the mean [classes]. */
  readonly averaged: Uint32Array<ArrayBuffer>;
  /** Some training samples of each class, class after class. */
  readonly samples: LabelledSamples;
}

/** Samples of a class over which means are taken, at most: all of them would take as long as an epoch. */
const AVERAGED = 250;

/** Samples of a class that are shown, at most. */
const SHOWN = 8;

/** Features of all that are shown, and of all means, at most. */
const MOST_FEATURES = 200_000;

/**
 * The parts of some data at a glance. Of a class with more samples than are looked at, those that are
 * lie evenly over its rows. Means are summed in double precision, in the order of the rows.
 *
 * Where there is no room for a sample of each class, there are neither means nor samples.
 *
 * @param classes number of classes
 */
export function overviewOf(parts: Parts, classes: number): DataOverview {
  const names = ["train", "validation", "test"] as const;
  const { samples } = parts.train;
  const raw = { ...parts.train, samples: samples.prepared?.raw ?? samples };
  const { shape } = raw.samples;
  const features = shape.reduce((product, length) => product * length, 1);
  const room = Math.floor(MOST_FEATURES / (features * classes));
  const byClass = rowsByClass(raw, classes);
  return {
    shape,
    parts: names.flatMap((part) => {
      const found = parts[part];
      if (found === undefined) return [];
      return [{ part, counts: countsOf(found, classes) }];
    }),
    ...(room === 0
      ? { means: new Float32Array(), averaged: new Uint32Array(classes) }
      : meansOf(raw, byClass, features)),
    samples: samplesOf(raw, byClass.flatMap((rows) => [...spread(rows, Math.min(SHOWN, room))])),
  };
}

/** Samples of each class in a part. */
function countsOf({ samples: { labels }, rows }: Part, classes: number): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(classes);
  for (const row of rows) {
    const label = labels[row] as number;
    counts[label] = (counts[label] as number) + 1;
  }
  return counts;
}

/** The rows of each class, in rising order. */
function rowsByClass(part: Part, classes: number): readonly Uint32Array[] {
  const { samples: { labels }, rows } = part;
  const found = Array.from(countsOf(part, classes), (count) => new Uint32Array(count));
  const taken = new Uint32Array(classes);
  for (const row of rows) {
    const label = labels[row] as number;
    const place = taken[label] as number;
    (found[label] as Uint32Array)[place] = row;
    taken[label] = place + 1;
  }
  return found;
}

/** Some of a list's rows, at most so many, evenly over it from its first. */
function spread(rows: Uint32Array, most: number): Uint32Array {
  const count = Math.min(most, rows.length);
  return Uint32Array.from(
    { length: count },
    (_, i) => rows[Math.floor(i * rows.length / count)] as number,
  );
}

function meansOf(
  { samples: { values } }: Part,
  byClass: readonly Uint32Array[],
  features: number,
): Pick<DataOverview, "means" | "averaged"> {
  const means = new Float32Array(byClass.length * features);
  const averaged = byClass.map((rows, label) => {
    const some = spread(rows, AVERAGED);
    const sums = new Float64Array(features);
    for (const row of some) addRow(sums, values, row * features);
    if (some.length > 0) means.set(sums.map((sum) => sum / some.length), label * features);
    return some.length;
  });
  return { means, averaged: Uint32Array.from(averaged) };
}

function addRow(sums: Float64Array, values: Uint8Array | Float32Array, start: number): void {
  for (let f = 0; f < sums.length; f++) {
    sums[f] = (sums[f] as number) + (values[start + f] as number);
  }
}

function samplesOf(
  { samples: { values, labels, shape } }: Part,
  rows: readonly number[],
): LabelledSamples {
  const features = shape.reduce((product, length) => product * length, 1);
  const length = rows.length * features;
  const shown = values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  rows.forEach((row, index) => {
    shown.set(values.subarray(row * features, (row + 1) * features), index * features);
  });
  return {
    rows: Uint32Array.from(rows),
    labels: Uint16Array.from(rows, (row) => labels[row] as number),
    values: shown,
  };
}
