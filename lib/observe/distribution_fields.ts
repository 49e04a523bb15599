/**
 * Fields of the distributions of activations, parameters and gradients at some moments of a training:
 *
 *     distributions.range    F32 [moments, series, 2]      smallest and largest number in the bins
 *     distributions.counts   U32 [moments, series, bins]   numbers in each bin
 *     distributions.others   U32 [moments, series, 2]      zeros, and numbers that are not finite
 *     distributions.dead     U32 [moments, layers]         units of a layer that are 0 for all samples
 *
 * The text holds the rest in JSON: the moments, the series, and the number of samples.
 *
 * @module
 */
import { z } from "zod";
import { canonicalJson, parseJson } from "../run/json.ts";
import type { Fields, Observations } from "../run/observations.ts";
import type { StoredTensor } from "../run/safetensors.ts";
import { takeTensor, takeText, takeValue } from "../run/take.ts";
import { BINS, type Histogram } from "./histogram.ts";

/** A moment of a training. */
export interface Moment {
  /** Epochs finished. */
  readonly epoch: number;
  /** Steps taken since the start. */
  readonly step: number;
}

/** What a distribution is of: outputs of a hidden layer, a parameter, or the gradient of one. */
export type DistributionKind = "activation" | "parameter" | "gradient";

/** What is looked at again and again. */
export interface DistributionSubject {
  /** What it is. */
  readonly kind: DistributionKind;
  /** Name of the layer, "relu1", or of the parameter, "dense1.weight". */
  readonly name: string;
  /** Shape of the parameter; of activations [units]. */
  readonly shape: readonly number[];
}

/** Distributions of the same numbers, one for each moment. */
export interface DistributionSeries extends DistributionSubject {
  /** In the order of the moments. */
  readonly histograms: readonly Histogram[];
}

/** Distributions at some moments of a training. */
export interface Distributions {
  /** Samples that activations are of, and over which the loss is the mean whose gradient is taken. */
  readonly samples: number;
  /** The moments in their order; the first is before the first step. */
  readonly moments: readonly Moment[];
  /** Activations, parameters and gradients, each in the order of the network. */
  readonly series: readonly DistributionSeries[];
}

/** Distributions at one moment. */
export interface MomentDistributions {
  /** Samples, as in {@linkcode Distributions}. */
  readonly samples: number;
  /** When. */
  readonly moment: Moment;
  /** A histogram of each subject, in the order of the network. */
  readonly histograms: readonly (DistributionSubject & { readonly histogram: Histogram })[];
}

/**
 * Returns distributions with those of a later moment.
 *
 * Those of other subjects, of other layers or other samples, are dropped: a run that goes on from another
 * one may have another activation function.
 */
export function withMoment(
  before: Distributions | undefined,
  { samples, moment, histograms }: MomentDistributions,
): Distributions {
  const subjects = ({ kind, name, shape }: DistributionSubject) => ({ kind, name, shape });
  const wanted = canonicalJson({ samples, series: histograms.map(subjects) });
  const known = before !== undefined &&
      canonicalJson({ samples: before.samples, series: before.series.map(subjects) }) === wanted
    ? before
    : undefined;
  return {
    samples,
    moments: [...known?.moments ?? [], moment],
    series: histograms.map(({ histogram, ...subject }, index) => ({
      ...subject,
      histograms: [...known?.series[index]?.histograms ?? [], histogram],
    })),
  };
}

const NAME = "distributions";

const about = z.strictObject({
  samples: z.int().min(1),
  moments: z.array(z.strictObject({ epoch: z.int().min(0), step: z.int().min(0) })).min(1),
  series: z.array(z.strictObject({
    kind: z.enum(["activation", "parameter", "gradient"]),
    name: z.string(),
    shape: z.array(z.int().min(1)),
  })),
});

/** How distributions are stored. */
export const distributionFields: Fields<Distributions> = { name: NAME, encode, decode };

function encode({ samples, moments, series }: Distributions): Observations {
  const layers = series.filter(({ kind }) => kind === "activation");
  const all = moments.flatMap((_, moment) => series.map(({ histograms }) => histograms[moment]));
  const dead = moments.flatMap((_, moment) =>
    layers.map(({ histograms }) => histograms[moment]?.dead ?? 0)
  );
  const counts = new Uint32Array(all.length * BINS);
  all.forEach((histogram, index) => counts.set(histogram.counts, index * BINS));
  const ranges = all.flatMap(({ low, high }) => [low, high]);
  const others = all.flatMap(({ zeros, infinite }) => [zeros, infinite]);
  const shape = [moments.length, series.length];
  const subjects = series.map(({ kind, name, shape }) => ({ kind, name, shape }));
  return {
    tensors: new Map<string, StoredTensor>([
      [`${NAME}.range`, { shape: [...shape, 2], data: Float32Array.from(ranges) }],
      [`${NAME}.counts`, { shape: [...shape, BINS], data: counts }],
      [`${NAME}.others`, { shape: [...shape, 2], data: Uint32Array.from(others) }],
      [`${NAME}.dead`, { shape: [moments.length, layers.length], data: Uint32Array.from(dead) }],
    ]),
    metadata: new Map([[NAME, canonicalJson({ samples, moments, series: subjects })]]),
  };
}

function decode(file: Observations, what: string): Distributions | undefined {
  if (!file.metadata.has(NAME)) return undefined;
  const text = takeText(file, NAME, what);
  const { samples, moments, series } = takeValue(parseJson(text, what), about, what);
  const layers = series.filter(({ kind }) => kind === "activation").length;
  const counted = (name: string, ...shape: readonly number[]) =>
    takeTensor(file, { name: `${NAME}.${name}`, type: Uint32Array, shape }, what).data;
  const shape = [moments.length, series.length];
  const range = takeTensor(
    file,
    { name: `${NAME}.range`, type: Float32Array, shape: [...shape, 2] },
    what,
  ).data;
  const counts = counted("counts", ...shape, BINS);
  const others = counted("others", ...shape, 2);
  const dead = counted("dead", moments.length, layers);
  let layer = 0; // activations so far
  return {
    samples,
    moments,
    series: series.map((subject, index): DistributionSeries => {
      const own = subject.kind === "activation" ? layer++ : undefined;
      return {
        ...subject,
        histograms: moments.map((_, moment): Histogram => {
          const at = moment * series.length + index;
          return {
            low: range[2 * at],
            high: range[2 * at + 1],
            counts: counts.slice(at * BINS, (at + 1) * BINS),
            zeros: others[2 * at],
            infinite: others[2 * at + 1],
            ...(own === undefined ? {} : { dead: dead[moment * layers + own] }),
          };
        }),
      };
    }),
  };
}
