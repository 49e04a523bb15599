/**
 * observations.safetensors: what was looked at of the data and of the network on the way, for those who
 * look at a report; there only if the run draws one.
 *
 *     distributions.…        see `distributions.ts`
 *     first.before           F32 [units, inputs]        weights into the first units, before training
 *     first.after            F32 [units, inputs]        the same of the network that training gave
 *     embedding.rows         U32 [samples]              rows in the file that the part comes from
 *     embedding.labels       U16 [samples]
 *     embedding.points       F32 [samples, 2]           last hidden layer, on its two main directions
 *     embedding.variances    F64 [3]                    along each of them, and in all directions
 *     data.<part>.counts     U32 [classes]              samples of each class
 *     data.means             F32 [classes, …shape]      mean of some training samples of each class; [0, …]
 *                                                       where there is no room
 *     data.averaged          U32 [classes]              how many samples that is the mean of
 *     data.samples.rows      U32 [samples]              some training samples of each class
 *     data.samples.labels    U16 [samples]
 *     data.samples.values    U8 or F32 [samples, …shape]
 *
 * Every part of it may be missing. The metadata holds names and sizes in JSON.
 *
 * @module
 */
import { z } from "zod";
import { distributionTensors, distributionText, takeDistributions } from "./distributions.ts";
import { canonicalJson, parseJson } from "./json.ts";
import type { DataOverview } from "../observe/overview.ts";
import { PARTS } from "../data/parts.ts";
import type { Embedding, FirstLayer, Observations } from "./observed.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type StoredTensor,
} from "./safetensors.ts";
import { takeTensor, takeText, takeValue } from "./take.ts";
import { FIRST, takeUnits, unitsText } from "./units.ts";
import { defined } from "../config/defined.ts";

type Tensors = readonly (readonly [string, StoredTensor])[];

/** The bytes of observations.safetensors. */
export function encodeObservations(
  { distributions, first, embedding, data }: Observations,
): Uint8Array<ArrayBuffer> {
  const tensors: Tensors = [
    ...(distributions === undefined ? [] : distributionTensors(distributions)),
    ...(first === undefined ? [] : firstTensors(first)),
    ...(embedding === undefined ? [] : embeddingTensors(embedding)),
    ...(data === undefined ? [] : dataTensors(data)),
  ];
  const metadata = [
    ...(distributions === undefined ? [] : [distributionText(distributions)]),
    ...(first === undefined ? [] : [[FIRST, unitsText(first)] as const]),
    ...(embedding === undefined ? [] : [["embedding", embeddingText(embedding)] as const]),
    ...(data === undefined ? [] : [["data", dataText(data)] as const]),
  ];
  return encodeSafetensors({ tensors: new Map(tensors), metadata: new Map(metadata) });
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
  const file = decodeSafetensors(bytes, what);
  const distributions = takeDistributions(file, what);
  return {
    ...defined({ distributions }),
    ...(file.metadata.has(FIRST) ? { first: firstOf(file, what) } : {}),
    ...(file.metadata.has("embedding") ? { embedding: embeddingOf(file, what) } : {}),
    ...(file.metadata.has("data") ? { data: dataOf(file, what) } : {}),
  };
}

function firstTensors({ shown, inputs, before, after }: FirstLayer): Tensors {
  const shape = [shown, inputs];
  return [
    ...(before === undefined ? [] : [[`${FIRST}.before`, { shape, data: before }] as const]),
    [`${FIRST}.after`, { shape, data: after }],
  ];
}

function firstOf(file: Safetensors, what: string): FirstLayer {
  const about = takeUnits(file, what);
  const shape = [about.shown, about.inputs];
  const weights = (name: string) =>
    takeTensor(file, { name, type: Float32Array, shape }, what).data;
  return {
    ...about,
    ...(file.tensors.has(`${FIRST}.before`) ? { before: weights(`${FIRST}.before`) } : {}),
    after: weights(`${FIRST}.after`),
  };
}

const count = z.int().min(1);
const partName = z.enum(PARTS);
const embeddingSchema = z.strictObject({ part: partName, layer: z.string(), units: count });

function embeddingTensors(
  { rows, labels, points, variances, variance }: Embedding,
): Tensors {
  const samples = rows.length;
  return [
    ["embedding.rows", { shape: [samples], data: rows }],
    ["embedding.labels", { shape: [samples], data: labels }],
    ["embedding.points", { shape: [samples, 2], data: points }],
    ["embedding.variances", { shape: [3], data: Float64Array.of(...variances, variance) }],
  ];
}

function embeddingText({ part, layer, units }: Embedding): string {
  return canonicalJson({ part, layer, units });
}

function embeddingOf(file: Safetensors, what: string): Embedding {
  const about = takeValue(
    parseJson(takeText(file, "embedding", what), what),
    embeddingSchema,
    what,
  );
  const { rows, labels } = samplesOf(file, "embedding", what);
  const shape = [rows.length, 2];
  const points = takeTensor(file, { name: "embedding.points", type: Float32Array, shape }, what);
  const { data: [x = NaN, y = NaN, variance = NaN] } = takeTensor(
    file,
    { name: "embedding.variances", type: Float64Array, shape: [3] },
    what,
  );
  return { ...about, rows, labels, points: points.data, variances: [x, y], variance };
}

const dataSchema = z.strictObject({
  parts: z.array(partName),
  shape: z.array(count),
  columns: z.array(z.string()).exactOptional(),
});

function dataTensors({ shape, parts, means, averaged, samples }: DataOverview): Tensors {
  const classes = averaged.length;
  const { rows, labels, values } = samples;
  return [
    ...parts.map(({ part, counts }) =>
      [`data.${part}.counts`, { shape: [classes], data: counts }] as const
    ),
    ["data.means", { shape: [means.length === 0 ? 0 : classes, ...shape], data: means }],
    ["data.averaged", { shape: [classes], data: averaged }],
    ["data.samples.rows", { shape: [rows.length], data: rows }],
    ["data.samples.labels", { shape: [rows.length], data: labels }],
    ["data.samples.values", { shape: [rows.length, ...shape], data: values }],
  ];
}

function dataText({ parts, shape, columns }: DataOverview): string {
  const named = columns === undefined ? {} : { columns };
  return canonicalJson({ parts: parts.map(({ part }) => part), shape, ...named });
}

function dataOf(file: Safetensors, what: string): DataOverview {
  const text = takeText(file, "data", what);
  const { parts, shape, ...named } = takeValue(parseJson(text, what), dataSchema, what);
  const counted = (name: string, length?: number) =>
    takeTensor(file, { name, type: Uint32Array, shape: [length] }, what).data;
  const averaged = counted("data.averaged");
  const classes = averaged.length;
  const kept = file.tensors.get("data.means")?.data.length === 0 ? 0 : classes;
  const means = { name: "data.means", type: Float32Array, shape: [kept, ...shape] };
  const { rows, labels } = samplesOf(file, "data.samples", what);
  const wanted = { name: "data.samples.values", shape: [rows.length, ...shape] };
  const isBytes = file.tensors.get(wanted.name)?.data instanceof Uint8Array;
  const { data: values } = isBytes
    ? takeTensor(file, { ...wanted, type: Uint8Array }, what)
    : takeTensor(file, { ...wanted, type: Float32Array }, what);
  return {
    shape,
    ...named,
    parts: parts.map((part) => ({ part, counts: counted(`data.${part}.counts`, classes) })),
    means: takeTensor(file, means, what).data,
    averaged,
    samples: { rows, labels, values },
  };
}

/** Rows and labels of some samples. */
function samplesOf(
  file: Safetensors,
  prefix: string,
  what: string,
): Pick<Embedding, "rows" | "labels"> {
  const { data: rows } = takeTensor(
    file,
    { name: `${prefix}.rows`, type: Uint32Array, shape: [undefined] },
    what,
  );
  const { data: labels } = takeTensor(
    file,
    { name: `${prefix}.labels`, type: Uint16Array, shape: [rows.length] },
    what,
  );
  return { rows, labels };
}
