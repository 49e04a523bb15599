/**
 * results.safetensors: what reports and comparisons draw from.
 *
 *     steps.…                F32 [steps]             what was recorded of each step, see `steps.ts`
 *     <part>.rows            U32 [samples]           rows in the file that the part comes from
 *     <part>.labels          U16 [samples]
 *     <part>.probabilities   F32 [samples, classes]
 *     <part>.loss            F64 []                  mean loss a sample
 *     <part>.raw             F64 [2]                 loss and accuracy of the weights themselves, only if
 *                                                    the network has means of them
 *     gallery.<part>.rows    U32 [samples]
 *     gallery.<part>.values  U8 or F32 [samples, …shape]
 *     reduction.variances    F64 [features]          only where features were reduced
 *     deformed.rows          U32 [samples]           only if training deformed images
 *     deformed.values        U8 [samples, 1 + copies, height, width]
 *
 * The metadata holds lists in JSON: the parts in their order, the parts of the galleries, the names
 * of the classes; the note, if there is one; of a reduction the name and how many are kept; and the other
 * runs that the run was made from, see `relatives.ts`.
 *
 * @module
 */
import { z } from "zod";
import { PARTS } from "../data/parts.ts";
import { parseJson } from "./json.ts";
import type { DeformedGallery, Gallery, ReductionRecord, RunRecord } from "./record.ts";
import type { SplitName } from "../data/parts.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import { type Relatives, relativesOf, relativesText } from "./relatives.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type StoredTensor,
} from "./safetensors.ts";
import { stepTensors, takeSteps } from "./steps.ts";
import { takeTensor, takeText, takeValue } from "./take.ts";
import { defined } from "../config/defined.ts";

/** What results.safetensors holds of a run. */
export type Results = Pick<
  RunRecord,
  | "classes"
  | "steps"
  | "evaluations"
  | "galleries"
  | "reduction"
  | "deformed"
  | "note"
  | keyof Relatives
>;

/**
 * The bytes of results.safetensors.
 *
 * @throws {TypeError} if a part is evaluated or shown twice, or arrays do not fit together
 */
export function encodeResults(
  { classes, steps, evaluations, galleries, reduction, deformed, note, ...relatives }: Results,
): Uint8Array<ArrayBuffer> {
  const parts = onceEach(evaluations.map(({ part }) => part), "evaluated");
  const shown = onceEach(galleries.map(({ part }) => part), "shown");
  const tensors = new Map<string, StoredTensor>([
    ...stepTensors(steps),
    ...evaluations.flatMap((evaluation) => evaluationTensors(evaluation, classes.length)),
    ...galleries.flatMap(galleryTensors),
    ...(reduction === undefined ? [] : [reductionTensor(reduction)]),
    ...(deformed === undefined ? [] : deformedTensors(deformed)),
  ]);
  const metadata = new Map([
    ["classes", JSON.stringify(classes)],
    ["evaluations", JSON.stringify(parts)],
    ["galleries", JSON.stringify(shown)],
    ...(note === undefined ? [] : [["note", note] as const]),
    ...(reduction === undefined ? [] : [["reduction", reductionText(reduction)] as const]),
    ...relativesText(relatives),
  ]);
  return encodeSafetensors({ tensors, metadata });
}

function onceEach(parts: readonly SplitName[], how: string): readonly SplitName[] {
  const twice = parts.find((part, index) => parts.indexOf(part) !== index);
  if (twice === undefined) return parts;
  throw new TypeError(
    `Cannot write results: expected each part ${how} once: received "${twice}" again`,
  );
}

function evaluationTensors(
  { part, rows, labels, probabilities, loss, raw }: Evaluation,
  classes: number,
): readonly (readonly [string, StoredTensor])[] {
  const samples = rows.length;
  return [
    [`${part}.rows`, { shape: [samples], data: rows }],
    [`${part}.labels`, { shape: [samples], data: labels }],
    [`${part}.probabilities`, { shape: [samples, classes], data: probabilities }],
    [`${part}.loss`, { shape: [], data: new Float64Array([loss]) }],
    ...(raw === undefined ? [] : [
      [`${part}.raw`, { shape: [2], data: Float64Array.of(raw.loss, raw.accuracy) }] as const,
    ]),
  ];
}

function galleryTensors(
  { part, rows, shape, values }: Gallery,
): readonly (readonly [string, StoredTensor])[] {
  return [
    [`gallery.${part}.rows`, { shape: [rows.length], data: rows }],
    [`gallery.${part}.values`, { shape: [rows.length, ...shape], data: values }],
  ];
}

const VARIANCES = "reduction.variances";

function reductionTensor({ variances }: ReductionRecord): readonly [string, StoredTensor] {
  return [VARIANCES, { shape: [variances.length], data: variances }];
}

function reductionText({ name, kept }: ReductionRecord): string {
  return JSON.stringify({ name, kept });
}

function deformedTensors(
  { rows, shape, copies, values }: DeformedGallery,
): readonly (readonly [string, StoredTensor])[] {
  return [
    ["deformed.rows", { shape: [rows.length], data: rows }],
    ["deformed.values", { shape: [rows.length, 1 + copies, ...shape], data: values }],
  ];
}

const names = z.array(z.string());
const reductionSchema = z.strictObject({ name: z.string(), kept: z.int().min(1) });
const partNames = z.array(z.enum(PARTS));

/**
 * The content of results.safetensors.
 *
 * @param what the file, for messages
 * @throws {SyntaxError} if the bytes are no such file, or something is missing in it or does not fit
 */
export function decodeResults(bytes: Uint8Array, what = "results.safetensors"): Results {
  const file = decodeSafetensors(bytes, what);
  const listOf = <Item>(name: string, schema: z.ZodType<Item[]>): Item[] =>
    takeValue(parseJson(takeText(file, name, what), what), schema, what);
  const classes = listOf("classes", names);
  const note = file.metadata.get("note");
  return {
    classes,
    steps: takeSteps(file, what),
    evaluations: listOf("evaluations", partNames).map((part) =>
      evaluationOf(file, part, classes.length, what)
    ),
    galleries: listOf("galleries", partNames).map((part) => galleryOf(file, part, what)),
    ...(file.metadata.has("reduction") ? { reduction: reductionOf(file, what) } : {}),
    ...(isDeformed(file) ? { deformed: deformedOf(file, what) } : {}),
    ...defined({ note }),
    ...relativesOf(file, what),
  };
}

function reductionOf(file: Safetensors, what: string): ReductionRecord {
  const text = takeText(file, "reduction", what);
  const { name, kept } = takeValue(parseJson(text, what), reductionSchema, what);
  const shape = [undefined];
  const { data } = takeTensor(file, { name: VARIANCES, type: Float64Array, shape }, what);
  if (kept <= data.length) return { name, kept, variances: data };
  throw new SyntaxError(
    `Cannot read ${what}: expected at most ${data.length} components kept: received ${kept}`,
  );
}

function evaluationOf(
  file: Safetensors,
  part: SplitName,
  classes: number,
  what: string,
): Evaluation {
  const { data: rows } = takeTensor(
    file,
    { name: `${part}.rows`, type: Uint32Array, shape: [undefined] },
    what,
  );
  const samples = rows.length;
  const { data: labels } = takeTensor(
    file,
    { name: `${part}.labels`, type: Uint16Array, shape: [samples] },
    what,
  );
  const { data: probabilities } = takeTensor(
    file,
    { name: `${part}.probabilities`, type: Float32Array, shape: [samples, classes] },
    what,
  );
  const { data: [loss = NaN] } = takeTensor(
    file,
    { name: `${part}.loss`, type: Float64Array, shape: [] },
    what,
  );
  const high = labels.find((label) => label >= classes);
  if (high !== undefined) {
    throw new SyntaxError(
      `Cannot read ${what}: expected labels of "${part}" below ${classes}: received ${high}`,
    );
  }
  return { part, rows, labels, probabilities, loss, ...rawScore(file, part, what) };
}

/** The score of the weights themselves, if the file has one. */
function rawScore(file: Safetensors, part: SplitName, what: string): Pick<Evaluation, "raw"> {
  const name = `${part}.raw`;
  if (!file.tensors.has(name)) return {};
  const { data: [loss = NaN, accuracy = NaN] } = takeTensor(
    file,
    { name, type: Float64Array, shape: [2] },
    what,
  );
  return { raw: { loss, accuracy } };
}

function galleryOf(file: Safetensors, part: SplitName, what: string): Gallery {
  const { data: rows } = takeTensor(
    file,
    { name: `gallery.${part}.rows`, type: Uint32Array, shape: [undefined] },
    what,
  );
  const name = `gallery.${part}.values`;
  const bytes = file.tensors.get(name)?.data instanceof Uint8Array;
  const { shape: [count, ...shape], data: values } = bytes
    ? takeTensor(file, { name, type: Uint8Array }, what)
    : takeTensor(file, { name, type: Float32Array }, what);
  if (count !== rows.length) {
    throw new SyntaxError(
      `Cannot read ${what}: expected ${rows.length} samples in "${name}": received ${
        count ?? "none"
      }`,
    );
  }
  return { part, rows, shape, values };
}

/** Whether there is anything of samples and their deformed copies. */
function isDeformed({ tensors }: Safetensors): boolean {
  return tensors.has("deformed.rows") || tensors.has("deformed.values");
}

function deformedOf(file: Safetensors, what: string): DeformedGallery {
  const rows = takeTensor(
    file,
    { name: "deformed.rows", type: Uint32Array, shape: [undefined] },
    what,
  );
  const { shape: [, pictures = 1, ...shape], data: values } = takeTensor(
    file,
    {
      name: "deformed.values",
      type: Uint8Array,
      shape: [rows.data.length, undefined, undefined, undefined],
    },
    what,
  );
  return { rows: rows.data, shape, copies: pictures - 1, values };
}
