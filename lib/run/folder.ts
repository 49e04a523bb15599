/**
 * File names of a run folder, and the encoding of a {@link RunRecord} as its files.
 *
 * @module
 */
import { z } from "zod";
import { renameFormerConfigKeys } from "../config/former_names.ts";
import { calibrate, type Calibration } from "../evaluate/metrics/calibration.ts";
import { summarize, type Summary } from "../evaluate/summarize.ts";
import { jsonLines, parseJson, prettyJson, throwReadError, validateValue } from "./json.ts";
import { decodeMetrics, encodeMetrics } from "./metrics.ts";
import { decodeSafetensors, encodeSafetensors } from "./codec/safetensors.ts";
import type { RunRecord } from "./record.ts";
import type { SplitName } from "../data/split/samples.ts";
import { decodeResults, encodeResults } from "./results.ts";
import { suspiciousLines } from "./suspicious.ts";
import { defined } from "../config/defined.ts";

/** Names of the files and subfolders of a run folder. */
export const FILES = {
  config: "config.json",
  metrics: "metrics.jsonl",
  summary: "summary.json",
  results: "results.safetensors",
  observations: "observations.safetensors",
  suspicious: "suspicious.jsonl",
  model: "model.safetensors",
  checkpoints: "checkpoints",
  report: "report.svg",
  charts: "charts",
  environment: "environment.svg",
  manifest: "manifest.json",
  timing: "timing.jsonl",
  log: "log.jsonl",
  progress: "progress.jsonl",
} as const;

/** Files of a run folder that hold its {@link RunRecord}. Repeating a run gives the same bytes. */
export const RECORD_FILES = [FILES.config, FILES.metrics, FILES.summary, FILES.results] as const;

/** Files of a run folder that hold the optional parts of its {@link RunRecord}. */
export const FURTHER_RECORD_FILES = [FILES.observations] as const;

/**
 * Returns the file name of the checkpoint after a number of steps. File names sort in the order of steps.
 */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(10, "0")}.safetensors`;
}

/** File name of the checkpoint with the best score. */
export const BEST_CHECKPOINT = "best.safetensors";

/**
 * Returns the number of steps that the file name of a checkpoint states, or undefined for other file names.
 */
export function checkpointStep(name: string): number | undefined {
  const digits = /^step-(\d{10,})\.safetensors$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * The content of summary.json: metrics of each evaluated split, calibration by a temperature fitted on
 * the validation split (see {@linkcode calibrate}), number of parameters and number of epochs.
 */
type RunSummary =
  & { readonly [Split in SplitName]?: Summary }
  & {
    readonly calibration?: Calibration;
    readonly parameters: number;
    readonly epochs: number;
  };

/** Computes the content of summary.json from the record of a run. */
export function summarizeRun({ classes, parameters, epochs, evaluations }: RunRecord): RunSummary {
  const calibration = calibrate(evaluations, classes.length);
  return {
    ...Object.fromEntries(
      evaluations.map((evaluation) => [evaluation.split, summarize(evaluation, classes)]),
    ),
    ...defined({ calibration }),
    parameters,
    epochs: epochs.length,
  };
}

/**
 * Encodes the record of a run as the files of its folder that hold it. Returns the bytes by file name. The
 * file suspicious.jsonl lists labels that may be wrong. Only ensembles have this file, since several
 * networks judge labels better than one does.
 */
export function encodeRun(record: RunRecord): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const { evaluations, classes, members, observations } = record;
  const suspicious = () => utf8(jsonLines(suspiciousLines(evaluations, classes)));
  return new Map([
    ...(members === undefined ? [] : [[FILES.suspicious, suspicious()] as const]),
    [FILES.config, utf8(prettyJson(record.config))],
    [FILES.metrics, utf8(encodeMetrics(record.epochs))],
    [FILES.summary, utf8(prettyJson(summarizeRun(record)))],
    [FILES.results, encodeResults(record)],
    ...(observations === undefined
      ? []
      : [[FILES.observations, encodeSafetensors(observations)] as const]),
  ]);
}

const counts = z.looseObject({ parameters: z.int().min(0), epochs: z.int().min(0) });

/**
 * Decodes the record of a run from the bytes of its files: {@linkcode RECORD_FILES} and, if present,
 * {@linkcode FURTHER_RECORD_FILES}. Of summary.json, only the numbers of parameters and epochs are used;
 * metrics are recomputed from the predictions.
 *
 * @param run name of the run folder
 * @throws {SyntaxError} if a file is missing or malformed, or two files contradict each other
 */
export function decodeRun(run: string, files: ReadonlyMap<string, Uint8Array>): RunRecord {
  const bytesOf = (name: string): Uint8Array => {
    const bytes = files.get(name);
    return bytes ?? throwReadError(`run "${run}"`, `a file "${name}"`, "none");
  };
  const nameOf = (name: string) => `"${run}/${name}"`;
  const textOf = (name: string) => decodeUtf8(bytesOf(name), nameOf(name));
  const epochs = decodeMetrics(textOf(FILES.metrics), nameOf(FILES.metrics));
  const summary = parseJson(textOf(FILES.summary), nameOf(FILES.summary));
  const { parameters, epochs: finished } = validateValue(summary, counts, nameOf(FILES.summary));
  if (finished !== epochs.length) {
    throwReadError(nameOf(FILES.metrics), `${finished} epochs`, epochs.length);
  }
  const observed = files.get(FILES.observations);
  return {
    run,
    config: renameFormerConfigKeys(parseJson(textOf(FILES.config), nameOf(FILES.config))),
    parameters,
    epochs,
    ...decodeResults(bytesOf(FILES.results), nameOf(FILES.results)),
    ...(observed === undefined
      ? {}
      : { observations: decodeSafetensors(observed, nameOf(FILES.observations)) }),
  };
}

/** Decodes a text from UTF-8. Throws a SyntaxError if the bytes are not UTF-8. */
function decodeUtf8(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SyntaxError(`Cannot read ${source}: expected text in UTF-8: received other bytes`, {
      cause,
    });
  }
}
