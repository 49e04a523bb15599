/**
 * results.safetensors: predictions, series over steps and galleries, from which reports and comparisons
 * are drawn.
 *
 * @module
 */
import { z } from "zod";
import {
  decodeFile,
  encodeFile,
  type Field,
  fieldBySplit,
  fieldGroup,
  jsonField,
  optionalField,
  scalarField,
  shapedTensorField,
  tensorField,
  textField,
  withCheck,
  withConversion,
  withFormerName,
} from "./codec/fields.ts";
import { throwReadError } from "./json.ts";
import { isRunName } from "./names.ts";
import type { AugmentedGallery, Gallery, ReductionRecord, RunOrigin, RunRecord } from "./record.ts";
import type { ScoredRun } from "./scored_run.ts";
import type { Evaluation, Score } from "../evaluate/evaluation.ts";
import { STEPS } from "./steps.ts";

/** The part of a {@link RunRecord} that is stored in results.safetensors. */
export type Results = Omit<
  RunRecord,
  "run" | "config" | "parameters" | "epochs" | "observations"
>;

const RAW: Field<Score> = withConversion(
  tensorField(
    "F64",
    [2],
    "loss and accuracy of the weights themselves, if the network has averages",
  ),
  {
    encode: ({ loss, accuracy }) => Float64Array.of(loss, accuracy),
    decode: ([loss, accuracy]) => ({ loss, accuracy }),
  },
);

const EVALUATION: Field<Omit<Evaluation, "split">> = fieldGroup({
  rows: tensorField("U32", ["samples"], "rows of the samples in the file that they come from"),
  labels: tensorField("U16", ["samples"], "true classes"),
  probabilities: tensorField("F32", ["samples", "classes"], "probability of each class"),
  loss: scalarField("mean loss per sample"),
  raw: optionalField(RAW),
});

const GALLERY: Field<Omit<Gallery, "split">> = withConversion(
  fieldGroup({
    rows: tensorField("U32", ["samples"], "rows of the samples that a report shows"),
    values: shapedTensorField(["U8", "F32"], ["samples", "...shape"], "their features as loaded"),
  }),
  {
    encode: ({ rows, shape, values: data }) => ({
      rows,
      values: { shape: [rows.length, ...shape], data },
    }),
    decode: ({ rows, values: { shape: [, ...shape], data } }) => ({ rows, shape, values: data }),
  },
);

const REDUCTION: Field<ReductionRecord> = withCheck(
  fieldGroup(
    { variances: tensorField("F64", ["features"], "variance along each direction") },
    jsonField(
      z.strictObject({ name: z.string(), kept: z.int().min(1) }),
      "name of the reduction, and number of components that are inputs of the network",
      { stringify: ({ name, kept }) => JSON.stringify({ name, kept }) },
    ),
  ),
  ({ kept, variances: { length } }, { source }) => {
    if (kept > length) throwReadError(source, `at most ${length} components kept`, kept);
  },
);

const AUGMENTED: Field<AugmentedGallery> = withConversion(
  fieldGroup({
    rows: tensorField("U32", ["samples"], "rows of some augmented training images"),
    values: shapedTensorField(
      "U8",
      ["samples", "1 + copies", "height", "width"],
      "each of these images and its augmented copies",
    ),
  }),
  {
    encode: ({ rows, shape, copies, values: data }) => ({
      rows,
      values: { shape: [rows.length, 1 + copies, ...shape], data },
    }),
    decode: ({ rows, values: { shape: [, pictures, ...shape], data } }) => ({
      rows,
      shape,
      copies: pictures - 1,
      values: data,
    }),
  },
);

const splitScore = z.strictObject({
  accuracy: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  loss: z.number().nullable(),
});

const member = z.strictObject({
  settings: z.array(z.strictObject({ key: z.string(), value: z.unknown() })),
  run: z.string().refine(isRunName), // joined into a path, so it may not lead out of the folder
  epochs: z.int().min(0),
  scores: z.strictObject({
    validation: splitScore.exactOptional(),
    test: splitScore.exactOptional(),
  }),
});

const MEMBERS: Field<readonly ScoredRun[]> = jsonField(
  z.array(member),
  "members of an ensemble, with their settings and scores",
);

const ORIGIN: Field<RunOrigin> = jsonField(
  z.strictObject({
    run: z.string(),
    kind: z.enum(["weights", "checkpoint"]),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  "run that training started from, and the file of it that was loaded",
);

/** All fields of results.safetensors. Decoding checks labels and probabilities. */
export const RESULTS: Field<Results> = withCheck(
  fieldGroup({
    classes: jsonField(z.array(z.string()), "names of the classes"),
    steps: STEPS,
    evaluations: fieldBySplit("", EVALUATION, "evaluated splits, in the order of the pipeline"),
    galleries: fieldBySplit("gallery.", GALLERY, "splits with a gallery"),
    reduction: optionalField(REDUCTION),
    augmented: optionalField(withFormerName("deformed", AUGMENTED)),
    note: optionalField(textField("remark on the data for readers", z.string())),
    origin: optionalField(ORIGIN),
    members: optionalField(MEMBERS),
  }),
  ({ classes: { length }, evaluations }, { source }) => {
    for (const { split, labels, probabilities } of evaluations) {
      const high = labels.find((label) => label >= length);
      if (high !== undefined) throwReadError(source, `labels of "${split}" below ${length}`, high);
      const wrong = probabilities.find((probability) => !(probability >= 0));
      if (wrong !== undefined) {
        throwReadError(source, `probabilities of "${split}" of at least 0`, wrong);
      }
    }
  },
);

/**
 * Encodes the results of a run as the bytes of results.safetensors.
 *
 * @throws {TypeError} if two evaluations or two galleries have the same split, or lengths of arrays do not
 *     fit
 */
export function encodeResults(results: Results): Uint8Array<ArrayBuffer> {
  return encodeFile(RESULTS, results);
}

/**
 * Decodes the content of a file results.safetensors.
 *
 * @param source name of the file in error messages
 * @throws {SyntaxError} if the bytes are not a safetensors file, or a field is missing or malformed
 */
export function decodeResults(bytes: Uint8Array, source = "results.safetensors"): Results {
  return decodeFile(RESULTS, bytes, source);
}
