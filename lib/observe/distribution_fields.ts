import { z } from "zod";
import {
  type Field,
  fieldGroup,
  jsonField,
  tensorField,
  withConversion,
} from "../run/codec/fields.ts";
import { canonicalJson } from "../run/json.ts";
import { BINS, type Histogram } from "./histogram.ts";

/** A moment of training at which a network is observed. */
export interface Moment {
  /** Number of finished epochs. */
  readonly epoch: number;
  /** Number of training steps before the moment. */
  readonly step: number;
}

/**
 * Kind of the values of a distribution: outputs of a hidden layer, a parameter, or the gradient of a
 * parameter.
 */
export type DistributionKind = "activation" | "parameter" | "gradient";

/** The layer or parameter whose values have a distribution. */
interface DistributionSubject {
  readonly kind: DistributionKind;
  /** Name of the layer, "relu1", or of the parameter, "dense1.weight". */
  readonly name: string;
  /** Shape of the parameter; [units] for a layer's outputs. */
  readonly shape: readonly number[];
}

/** Distributions of one layer's or parameter's values at several moments. */
export interface DistributionSeries extends DistributionSubject {
  /** A histogram for each moment. */
  readonly histograms: readonly Histogram[];
}

/** Distributions of activations, parameters and gradients at several moments of training. */
export interface Distributions {
  /** Number of samples for which activations and the gradients of the mean loss are computed. */
  readonly samples: number;
  /** Moments in the order of training; the first is before the first step. */
  readonly moments: readonly Moment[];
  /** Activations, parameters and gradients, each in the order of the network. */
  readonly series: readonly DistributionSeries[];
}

/** Distributions of activations, parameters and gradients at one moment of training. */
export interface MomentDistributions {
  /** Number of samples for which activations and the gradients of the mean loss are computed. */
  readonly samples: number;
  readonly moment: Moment;
  /**
   * A histogram for each layer and parameter: activations, parameters, gradients, each in the order of the
   * network.
   */
  readonly histograms: readonly (DistributionSubject & { readonly histogram: Histogram })[];
}

/**
 * Returns distributions with the histograms of a later moment appended. If the earlier distributions have
 * other layers, shapes or numbers of samples, they are dropped: a run that continues another run may have
 * another network.
 */
export function appendMoment(
  earlier: Distributions | undefined,
  { samples, moment, histograms }: MomentDistributions,
): Distributions {
  const subjects = ({ kind, name, shape }: DistributionSubject) => ({ kind, name, shape });
  const wanted = canonicalJson({ samples, series: histograms.map(subjects) });
  const known = earlier !== undefined &&
      canonicalJson({ samples: earlier.samples, series: earlier.series.map(subjects) }) === wanted
    ? earlier
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

/** Properties of distributions that are stored as JSON. */
interface StoredJson extends Pick<Distributions, "samples" | "moments"> {
  readonly series: readonly DistributionSubject[];
}

/** Schema of {@linkcode StoredJson}. */
const about: z.ZodType<StoredJson> = z.strictObject({
  samples: z.int().min(1),
  moments: z.array(z.strictObject({ epoch: z.int().min(0), step: z.int().min(0) })).min(1),
  series: z.array(z.strictObject({
    kind: z.enum(["activation", "parameter", "gradient"]),
    name: z.string(),
    shape: z.array(z.int().min(1)),
  })),
});

/** First axes of the stored tensors. */
const SHAPE = ["moments", "series"];

/** Fields in which distributions are stored. */
export const distributionFields: Field<Distributions> = withConversion(
  fieldGroup(
    {
      range: tensorField("F32", [...SHAPE, 2], "smallest and largest number in the bins"),
      counts: tensorField("U32", [...SHAPE, BINS], "numbers in each bin, of equal width"),
      others: tensorField("U32", [...SHAPE, 2], "zeros, and numbers that are not finite"),
      dead: tensorField(
        "U32",
        ["moments", "layers"],
        "units of a layer that are 0 for all samples",
      ),
    },
    jsonField(about, "moments, names and shapes of the series, number of samples", {
      lengths: layerAxisLength,
    }),
  ),
  { encode: encodeDistributions, decode: decodeDistributions },
);

/**
 * Distributions as they are stored; {@linkcode distributionFields} describes each tensor.
 */
interface StoredDistributions extends StoredJson {
  readonly range: Float32Array<ArrayBuffer>;
  readonly counts: Uint32Array<ArrayBuffer>;
  readonly others: Uint32Array<ArrayBuffer>;
  readonly dead: Uint32Array<ArrayBuffer>;
}

/** Returns whether a distribution is that of the outputs of a layer. */
function isLayerOutput({ kind }: Pick<DistributionSubject, "kind">): boolean {
  return kind === "activation";
}

/** Returns the number of series that are outputs of layers: the length of the axis "layers". */
function layerAxisLength({ series }: StoredJson): { readonly layers: number } {
  return { layers: series.filter(isLayerOutput).length };
}

/** Converts distributions to the tensors that are stored. */
function encodeDistributions({ samples, moments, series }: Distributions): StoredDistributions {
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
    dead: Uint32Array.from(each(series.filter(isLayerOutput), ({ dead = 0 }) => dead)),
  };
}

/** Converts stored tensors to distributions. */
function decodeDistributions(
  { samples, moments, series, range, counts, others, dead }: StoredDistributions,
): Distributions {
  const layers = series.filter(isLayerOutput);
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
          ...(isLayerOutput(subject) ? { dead: dead[layer] } : {}),
        };
      }),
    })),
  };
}
