/**
 * The files of a run folder, and what is in them: from a {@link RunRecord} to bytes and back.
 *
 * @module
 */
import { z } from "zod";
import { byPresentNames } from "../config/former_names.ts";
import { calibrate, type Calibration } from "../evaluate/metrics/calibration.ts";
import { summarize, type Summary } from "../evaluate/summarize.ts";
import { jsonLines, parseJson, prettyJson, refuse, takeValue } from "./json.ts";
import { decodeMetrics, encodeMetrics } from "./metrics.ts";
import { decodeSafetensors, encodeSafetensors } from "./codec/safetensors.ts";
import type { RunRecord } from "./record.ts";
import type { SplitName } from "../data/split/samples.ts";
import { decodeResults, encodeResults } from "./results.ts";
import { suspiciousLines } from "./suspicious.ts";
import { defined } from "../config/defined.ts";

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

/** The files that hold a {@link RunRecord}; all have the same bytes every time. */
export const RECORD_FILES = [FILES.config, FILES.metrics, FILES.summary, FILES.results] as const;

/** Files that hold more of it, of runs that have them. */
export const FURTHER_RECORD_FILES = [FILES.observations] as const;

/** Name of the checkpoint of a step, in the folder `checkpoints`: in the order of steps. */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(10, "0")}.safetensors`;
}

export const BEST_CHECKPOINT = "best.safetensors";

export function checkpointStep(name: string): number | undefined {
  const digits = /^step-(\d{10,})\.safetensors$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * summary.json: the figures of each evaluated split, what a temperature fitted on the validation split
 * would make of the probabilities, see {@linkcode calibrate}, and the size of the work.
 */
type RunSummary =
  & { readonly [Split in SplitName]?: Summary }
  & {
    readonly calibration?: Calibration;
    readonly parameters: number;
    readonly epochs: number;
  };

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

/** The files of a run, by name; with the labels that an ensemble disagrees with, if it is one. */
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
 * The record in {@linkcode RECORD_FILES} and those {@linkcode FURTHER_RECORD_FILES} that there are. Of
 * summary.json only the counts are read, since its figures follow from the evaluations.
 */
export function decodeRun(run: string, files: ReadonlyMap<string, Uint8Array>): RunRecord {
  const bytesOf = (name: string): Uint8Array => {
    const bytes = files.get(name);
    return bytes ?? refuse(`run "${run}"`, `a file "${name}"`, "none");
  };
  const nameOf = (name: string) => `"${run}/${name}"`;
  const textOf = (name: string) => decodeText(bytesOf(name), nameOf(name));
  const epochs = decodeMetrics(textOf(FILES.metrics), nameOf(FILES.metrics));
  const summary = parseJson(textOf(FILES.summary), nameOf(FILES.summary));
  const { parameters, epochs: finished } = takeValue(summary, counts, nameOf(FILES.summary));
  if (finished !== epochs.length) {
    refuse(nameOf(FILES.metrics), `${finished} epochs`, epochs.length);
  }
  const observed = files.get(FILES.observations);
  return {
    run,
    config: byPresentNames(parseJson(textOf(FILES.config), nameOf(FILES.config))),
    parameters,
    epochs,
    ...decodeResults(bytesOf(FILES.results), nameOf(FILES.results)),
    ...(observed === undefined
      ? {}
      : { observations: decodeSafetensors(observed, nameOf(FILES.observations)) }),
  };
}

function decodeText(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SyntaxError(`Cannot read ${what}: expected text in UTF-8: received other bytes`, {
      cause,
    });
  }
}
