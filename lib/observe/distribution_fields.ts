import { z } from "zod";
import { converted, type Field, group, json, tensor } from "../run/codec/fields.ts";
import { canonicalJson } from "../run/json.ts";
import { BINS, type Histogram } from "./histogram.ts";

export interface Moment {
  readonly epoch: number;
  readonly step: number;
}

/** The values of a distribution: outputs of a hidden layer, a parameter, or the gradient of one. */
export type DistributionKind = "activation" | "parameter" | "gradient";

interface DistributionSubject {
  readonly kind: DistributionKind;
  /** Name of the layer, "relu1", or of the parameter, "dense1.weight". */
  readonly name: string;
  /** Shape of the parameter; of activations [units]. */
  readonly shape: readonly number[];
}

/** Distributions of the same values at several moments. */
export interface DistributionSeries extends DistributionSubject {
  readonly histograms: readonly Histogram[];
}

export interface Distributions {
  /** Number of samples of the activations, and of the mean loss of the gradients. */
  readonly samples: number;
  /** The moments in order; the first is before the first step. */
  readonly moments: readonly Moment[];
  /** Activations, parameters and gradients, each in the order of the network. */
  readonly series: readonly DistributionSeries[];
}

export interface MomentDistributions {
  readonly samples: number;
  readonly moment: Moment;
  /** One histogram for each subject, in the order of the network. */
  readonly histograms: readonly (DistributionSubject & { readonly histogram: Histogram })[];
}

/**
 * Adds the distributions of a later moment. Series of other layers or samples are dropped: a run that
 * continues another one may have another activation function.
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

interface About extends Pick<Distributions, "samples" | "moments"> {
  readonly series: readonly DistributionSubject[];
}

const about: z.ZodType<About> = z.strictObject({
  samples: z.int().min(1),
  moments: z.array(z.strictObject({ epoch: z.int().min(0), step: z.int().min(0) })).min(1),
  series: z.array(z.strictObject({
    kind: z.enum(["activation", "parameter", "gradient"]),
    name: z.string(),
    shape: z.array(z.int().min(1)),
  })),
});

const SHAPE = ["moments", "series"];

export const distributionFields: Field<Distributions> = converted(
  group({
    range: tensor("F32", [...SHAPE, 2], "smallest and largest number in the bins"),
    counts: tensor("U32", [...SHAPE, BINS], "numbers in each bin, of equal width"),
    others: tensor("U32", [...SHAPE, 2], "zeros, and numbers that are not finite"),
    dead: tensor("U32", ["moments", "layers"], "units of a layer that are 0 for all samples"),
  }, json(about, "moments, names and shapes of the series, number of samples", { lengths })),
  { encode, decode },
);

interface Stored extends About {
  readonly range: Float32Array<ArrayBuffer>;
  readonly counts: Uint32Array<ArrayBuffer>;
  readonly others: Uint32Array<ArrayBuffer>;
  readonly dead: Uint32Array<ArrayBuffer>;
}

function isLayer({ kind }: Pick<DistributionSubject, "kind">): boolean {
  return kind === "activation";
}

function lengths({ series }: About): { readonly layers: number } {
  return { layers: series.filter(isLayer).length };
}

function encode({ samples, moments, series }: Distributions): Stored {
  const each = <Item>(of: readonly DistributionSeries[], item: (histogram: Histogram) => Item) =>
    moments.flatMap((_, moment) => of.map(({ histograms }) => item(histograms[moment])));
  const counts = new Uint32Array(moments.length * series.length * BINS);
  each(series, (histogram) => histogram).forEach((histogram, index) =>
    counts.set(histogram.counts, index * BINS)
  );
  return {
    samples,
    moments,
    series: series.map(({ kind, name, shape }) => ({ kind, name, shape })),
    range: Float32Array.from(each(series, ({ low, high }) => [low, high]).flat()),
    counts,
    others: Uint32Array.from(each(series, ({ zeros, infinite }) => [zeros, infinite]).flat()),
    dead: Uint32Array.from(each(series.filter(isLayer), ({ dead = 0 }) => dead)),
  };
}

function decode({ samples, moments, series, range, counts, others, dead }: Stored): Distributions {
  const layers = series.filter(isLayer);
  return {
    samples,
    moments,
    series: series.map((subject, index) => ({
      ...subject,
      histograms: moments.map((_, moment): Histogram => {
        const at = moment * series.length + index;
        const layer = moment * layers.length + layers.indexOf(subject);
        return {
          low: range[2 * at],
          high: range[2 * at + 1],
          counts: counts.slice(at * BINS, (at + 1) * BINS),
          zeros: others[2 * at],
          infinite: others[2 * at + 1],
          ...(isLayer(subject) ? { dead: dead[layer] } : {}),
        };
      }),
    })),
  };
}
