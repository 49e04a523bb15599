/**
 * observations.safetensors: what was looked at of the data and of the network on the way, for those who
 * look at a report; there only if the run draws one. Every part of it may be missing.
 *
 * @module
 */
import { z } from "zod";
import {
  converted,
  decodeFile,
  encodeFile,
  type Field,
  group,
  json,
  optional,
  tensor,
} from "./codec/fields.ts";
import { refuse } from "./codec/safetensors.ts";
import { DISTRIBUTIONS } from "./distributions.ts";
import type { DataOverview } from "../observe/overview.ts";
import { PARTS } from "../data/parts.ts";
import type { Embedding, Observations } from "./observed.ts";
import { FIRST_LAYER } from "./looked.ts";
import { sizeOf } from "../tensor/tensor.ts";

const count = z.int().min(1);
const splitName = z.enum(PARTS);

const EMBEDDING: Field<Embedding> = converted(
  group(
    {
      rows: tensor("U32", ["samples"], "rows of the samples in the file that they come from"),
      labels: tensor("U16", ["samples"], "true classes"),
      points: tensor("F32", ["samples", 2], "last hidden layer, on its two main directions"),
      variances: tensor("F64", [3], "variance along each of them, and in all directions"),
    },
    json(
      z.strictObject({ part: splitName, layer: z.string(), units: count }),
      "split, layer and number of its units",
    ),
  ),
  {
    encode: ({ variances, variance, ...others }) => ({
      ...others,
      variances: Float64Array.of(...variances, variance),
    }),
    decode: ({ variances: [x, y, variance], ...others }) => ({
      ...others,
      variances: [x, y],
      variance,
    }),
  },
);

const COUNTS = optional(group({
  counts: tensor("U32", ["classes"], "samples of each class in the split"),
}));

const SAMPLES = group({
  rows: tensor("U32", ["samples"], "rows of some training samples of each class"),
  labels: tensor("U16", ["samples"], "classes of these"),
  values: tensor(["U8", "F32"], ["samples", "...shape"], "features of these"),
});

const DATA: Field<DataOverview> = converted(
  group(
    {
      averaged: tensor("U32", ["classes"], "numbers of samples that the means are of"),
      means: tensor(
        "F32",
        ["means", "...shape"],
        "mean of some training samples of each class; of no class where there is no room",
      ),
      samples: SAMPLES,
      train: COUNTS,
      validation: COUNTS,
      test: COUNTS,
    },
    json(
      z.strictObject({
        parts: z.array(splitName),
        shape: z.array(count),
        columns: z.array(z.string()).exactOptional(),
      }),
      "splits, shape of a sample, and names of the features if they have names",
    ),
  ),
  {
    encode: ({ parts, ...others }) => ({
      ...others,
      parts: parts.map(({ part }) => part),
      ...Object.fromEntries(parts.map(({ part, counts }) => [part, { counts }])),
    }),
    decode({ parts, train, validation, test, ...others }, { what }) {
      const { averaged, means, shape } = others;
      if (![0, averaged.length * sizeOf(shape)].includes(means.length)) {
        refuse(what, `a mean of each of ${averaged.length} classes or of none`, means.length);
      }
      const found = { train, validation, test };
      return {
        ...others,
        parts: parts.map((part) => ({
          part,
          counts: found[part]?.counts ?? refuse(what, `tensor "data.${part}.counts"`, "none"),
        })),
      };
    },
  },
);

/** Fields of observations.safetensors. */
export const OBSERVATIONS: Field<Observations> = group({
  distributions: optional(DISTRIBUTIONS),
  first: optional(FIRST_LAYER),
  embedding: optional(EMBEDDING),
  data: optional(DATA),
});

/** The bytes of observations.safetensors. */
export function encodeObservations(observations: Observations): Uint8Array<ArrayBuffer> {
  return encodeFile(OBSERVATIONS, observations);
}

/**
 * The content of observations.safetensors.
 *
 * @param what the file, for messages
 * @throws {SyntaxError} if the bytes are no such file, or something is missing in it or does not fit
 */
export function decodeObservations(
  bytes: Uint8Array,
  what = "observations.safetensors",
): Observations {
  return decodeFile(OBSERVATIONS, bytes, what);
}
