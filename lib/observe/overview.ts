/**
 * Data at a glance: how many samples of each class there are, what their mean is, and some of them.
 *
 *     data.<part>.counts     U32 [classes]              samples of each class
 *     data.means             F32 [classes, …shape]      mean of some training samples of each class; [0, …]
 *                                                       where there is no room
 *     data.averaged          U32 [classes]              how many samples that is the mean of
 *     data.samples.rows      U32 [samples]              some training samples of each class
 *     data.samples.labels    U16 [samples]
 *     data.samples.values    U8 or F32 [samples, …shape]
 *
 * @module
 */
import { z } from "zod";
import type { Part, Parts } from "../data/dataset.ts";
import { means } from "../data/normalize/statistics.ts";
import {
  evenly,
  featuresOf,
  labelsOf,
  PARTS,
  partsOf,
  rawPart,
  type SplitName,
  type Values,
  valuesOf,
} from "../data/parts.ts";
import { countByClass } from "../data/split/stratify.ts";
import { defined } from "../config/defined.ts";
import { canonicalJson, parseJson } from "../run/json.ts";
import type { Fields } from "../run/observations.ts";
import type { StoredTensor } from "../run/safetensors.ts";
import { takeTensor, takeText, takeValue } from "../run/take.ts";
import type { Observer } from "../train/observation/observer.ts";
import { samplesIn } from "./samples.ts";

/** What there is of each class in a part. */
export interface ClassCounts {
  /** The part. */
  readonly part: SplitName;
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
  readonly values: Values;
}

/** The data at a glance; features as loaded. */
export interface DataOverview {
  /** Shape of one sample, for example [28, 28]. */
  readonly shape: readonly number[];
  /** Names of the features, where the data has them. */
  readonly columns?: readonly string[];
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

const NAME = "data";

const schema = z.strictObject({
  parts: z.array(z.enum(PARTS)),
  shape: z.array(z.int().min(1)),
  columns: z.array(z.string()).exactOptional(),
});

const fields: Fields<DataOverview> = {
  name: NAME,
  encode({ shape, columns, parts, means, averaged, samples: { rows, labels, values } }) {
    const classes = averaged.length;
    const text = { parts: parts.map(({ part }) => part), shape, ...defined({ columns }) };
    return {
      tensors: new Map<string, StoredTensor>([
        ...parts.map(({ part, counts }) =>
          [`${NAME}.${part}.counts`, { shape: [classes], data: counts }] as const
        ),
        [`${NAME}.means`, { shape: [means.length === 0 ? 0 : classes, ...shape], data: means }],
        [`${NAME}.averaged`, { shape: [classes], data: averaged }],
        [`${NAME}.samples.rows`, { shape: [rows.length], data: rows }],
        [`${NAME}.samples.labels`, { shape: [rows.length], data: labels }],
        [`${NAME}.samples.values`, { shape: [rows.length, ...shape], data: values }],
      ]),
      metadata: new Map([[NAME, canonicalJson(text)]]),
    };
  },
  decode(file, what) {
    if (!file.metadata.has(NAME)) return undefined;
    const text = takeText(file, NAME, what);
    const { parts, shape, ...named } = takeValue(parseJson(text, what), schema, what);
    const counted = (name: string, length?: number) =>
      takeTensor(file, { name: `${NAME}.${name}`, type: Uint32Array, shape: [length] }, what).data;
    const averaged = counted("averaged");
    const classes = averaged.length;
    const kept = file.tensors.get(`${NAME}.means`)?.data.length === 0 ? 0 : classes;
    const means = { name: `${NAME}.means`, type: Float32Array, shape: [kept, ...shape] };
    const { rows, labels } = samplesIn(file, `${NAME}.samples`, what);
    const wanted = { name: `${NAME}.samples.values`, shape: [rows.length, ...shape] };
    const isBytes = file.tensors.get(wanted.name)?.data instanceof Uint8Array;
    const { data: values } = isBytes
      ? takeTensor(file, { ...wanted, type: Uint8Array }, what)
      : takeTensor(file, { ...wanted, type: Float32Array }, what);
    return {
      shape,
      ...named,
      parts: parts.map((part) => ({ part, counts: counted(`${part}.counts`, classes) })),
      means: takeTensor(file, means, what).data,
      averaged,
      samples: { rows, labels, values },
    };
  },
};

/** Observer of the data. */
export const overview: Observer<DataOverview> = {
  fields,
  data: ({ classes, columns }, parts) => overviewOf(parts, classes.length, columns),
};

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
 * @param columns names of the features, where the data has them
 */
export function overviewOf(
  parts: Parts,
  classes: number,
  columns?: readonly string[],
): DataOverview {
  const raw = rawPart(parts.train);
  const features = featuresOf(raw);
  const room = Math.floor(MOST_FEATURES / (features * classes));
  const byClass = rowsByClass(raw, classes);
  return {
    shape: raw.samples.shape,
    ...defined({ columns }),
    parts: partsOf(parts).map(([part, each]) => ({ part, counts: countsOf(each, classes) })),
    ...(room === 0
      ? { means: new Float32Array(), averaged: new Uint32Array(classes) }
      : meansOf(raw, byClass, features)),
    samples: samplesOf(raw, byClass.flatMap((rows) => [...evenly(rows, Math.min(SHOWN, room))])),
  };
}

/** Samples of each class in a part. */
function countsOf(part: Part, classes: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(countByClass(labelsOf(part), classes));
}

/** The rows of each class, in rising order. */
function rowsByClass(part: Part, classes: number): readonly Uint32Array<ArrayBuffer>[] {
  const { samples: { labels }, rows } = part;
  const found = Array.from(countsOf(part, classes), (count) => new Uint32Array(count));
  const taken = new Uint32Array(classes);
  for (const row of rows) {
    const label = labels[row];
    const place = taken[label];
    (found[label] as Uint32Array)[place] = row;
    taken[label] = place + 1;
  }
  return found;
}

function meansOf(
  { samples }: Part,
  byClass: readonly Uint32Array[],
  features: number,
): Pick<DataOverview, "means" | "averaged"> {
  const all = new Float32Array(byClass.length * features);
  const averaged = byClass.map((rows, label) => {
    const some = evenly(rows, AVERAGED);
    if (some.length > 0) all.set(means({ samples, rows: some }), label * features);
    return some.length;
  });
  return { means: all, averaged: Uint32Array.from(averaged) };
}

function samplesOf(part: Part, rows: readonly number[]): LabelledSamples {
  return {
    rows: Uint32Array.from(rows),
    labels: labelsOf({ ...part, rows: Uint32Array.from(rows) }),
    values: valuesOf(part, rows),
  };
}
