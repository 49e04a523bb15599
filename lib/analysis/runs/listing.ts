/**
 * Summarizes the folder of a run, or of another result such as a sweep, for the list of runs.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import { asObject, nonEmptyText, stageOptions, type UnknownObject } from "../../report/config.ts";
import { formatNetworkWidths } from "../../report/runs/names.ts";
import { FILES } from "../../run/folder.ts";

/**
 * Name of the file by which each kind of result folder is recognized. A run is recognized by its config, which
 * it writes first.
 */
export const MAIN_FILES = {
  run: FILES.config,
  sweep: "sweep.json",
  exploration: "explore.json",
  comparison: "compare.json",
  "rate test": "lr-range.svg",
  profile: "profile.json",
  explanation: "explain.svg",
} as const;

/** Kind of a result folder. */
export type Kind = keyof typeof MAIN_FILES;

/** Facts of a run, or of another result, in the list of runs. Unknown facts are undefined. */
export interface ListedRun {
  /** Name of the folder. */
  readonly run: string;
  readonly kind: Kind;
  /** Name in the run's config, or title of another result. */
  readonly config?: string;
  /**
   * State of the run. A finished run has a manifest. A broken run has a file that is invalid, missing or
   * unreadable. Other results are finished or broken.
   */
  readonly state: "finished" | "unfinished" | "broken";
  /** Reason why `state` is "broken"; undefined otherwise. */
  readonly problem?: string;
  /**
   * Time at which a finished run ended, or an unfinished run began; for other results, modification time of the
   * main file.
   */
  readonly date?: Date;
  /** Name of the data set, or of the first of the user's data files. */
  readonly data?: string;
  /**
   * Number of inputs, and of units in each layer that has units: "784-128-10", or "128-10" if the number of
   * inputs is unknown.
   */
  readonly network?: string;
  /** Number of trained parameters. */
  readonly parameters?: number;
  /** Number of finished epochs. */
  readonly epochs?: number;
  /** Accuracy of the model on the validation split, 0 to 1. */
  readonly validation?: number;
  /** Highest validation accuracy after any epoch, 0 to 1. Without epochs, the model's validation accuracy. */
  readonly best?: number;
  /** Accuracy of the model on the test split, 0 to 1. */
  readonly test?: number;
  /** Time of training [ms]; of a resumed run, the time since it was last resumed. */
  readonly time?: number;
  /** Size of the folder in bytes. */
  readonly bytes: number;
}

/** Names of the files of a run that are read for the list of runs. */
export const LISTED_FILES = [
  FILES.config,
  FILES.metrics,
  FILES.summary,
  FILES.manifest,
  FILES.timing,
] as const;

/** Contents of a result folder from which the folder's entry in the list of runs is computed. */
export interface FoundFolder {
  readonly kind: Kind;
  /** Contents, by file name, of the existing {@linkcode LISTED_FILES} and of the main file of the folder's kind. */
  readonly texts: ReadonlyMap<string, string>;
  /** First bytes of the model file, which have its header; undefined without a model file. */
  readonly model?: Uint8Array | undefined;
  /** Reason why a file could not be read; undefined if all could. */
  readonly problem?: string | undefined;
  /** Modification time of the manifest or, without a manifest, of the main file. */
  readonly changed?: Date | undefined;
  readonly bytes: number;
}

/**
 * Summarizes the folder of a run, or of another result, as an entry of the list of runs.
 *
 * @param run name of the folder
 * @param found contents of the folder
 */
export function summarizeFolder(run: string, found: FoundFolder): ListedRun {
  const { kind, texts, changed, bytes } = found;
  const manifest = parseObject(texts.get(FILES.manifest));
  const common = {
    run,
    kind,
    bytes,
    ...defined({ date: parseDate(manifest.finished) ?? changed }),
  };
  if (kind !== "run") {
    const main = parseObject(texts.get(MAIN_FILES[kind]));
    const title = main.title ?? main.name ?? parseObject(texts.get(FILES.summary)).name;
    const { problem } = found;
    return {
      ...common,
      state: problem === undefined ? "finished" : "broken",
      ...defined({ problem, config: nonEmptyText(title), data: dataSetName(main, {}) }),
    };
  }
  const config = parseObject(texts.get(FILES.config));
  const summary = parseObject(texts.get(FILES.summary));
  const finished = texts.has(FILES.manifest);
  const problem = found.problem ?? reasonForBrokenRun(texts, { config, summary });
  const epochs = parseEpochs(texts.get(FILES.metrics));
  const accuracies = epochs.flatMap((each) => readAccuracy(each.average ?? each.validation) ?? []);
  const validation = readAccuracy(summary.validation);
  return {
    ...common,
    state: problem !== undefined ? "broken" : finished ? "finished" : "unfinished",
    ...defined({
      problem,
      config: nonEmptyText(config.name),
      data: dataSetName(config, manifest),
      network: formatNetwork(config, found.model),
      parameters: numberOrUndefined(summary.parameters),
      epochs: numberOrUndefined(summary.epochs) ??
        (texts.has(FILES.metrics) ? epochs.length : undefined),
      validation,
      best: accuracies.length === 0 ? validation : Math.max(...accuracies),
      test: readAccuracy(summary.test),
      time: parseTrainingTime(texts.get(FILES.timing)),
    }),
  };
}

/**
 * Returns the reason why a run is broken: its config has no name, or it has a manifest and no valid summary.
 * Returns undefined for other runs.
 *
 * @param texts contents of the run's files by name
 * @param config parsed config
 * @param summary parsed summary
 */
function reasonForBrokenRun(
  texts: ReadonlyMap<string, string>,
  { config, summary }: { readonly config: UnknownObject; readonly summary: UnknownObject },
): string | undefined {
  const wrong = (file: string, expected: string) =>
    `expected ${expected} in "${file}": received ${
      texts.has(file) ? "other text" : "no such file"
    }`;
  if (nonEmptyText(config.name) === undefined) return wrong(FILES.config, "a config with a name");
  if (texts.has(FILES.manifest) && numberOrUndefined(summary.epochs) === undefined) {
    return wrong(FILES.summary, "the summary of a finished run");
  }
  return undefined;
}

/** Parses a date; returns undefined if the value is not the text of a date. */
function parseDate(text: unknown): Date | undefined {
  const date = new Date(typeof text === "string" ? text : NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Parses a JSON object; returns an empty object if the text is undefined or invalid. */
function parseObject(text = "null"): UnknownObject {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}

/**
 * Parses the lines of metrics.jsonl, one for each epoch. An invalid line becomes an empty object. A last line
 * without "\n" at its end is ignored.
 */
function parseEpochs(text = ""): readonly UnknownObject[] {
  return text.split("\n").slice(0, -1).map(parseObject); // a line ends each epoch
}

function numberOrUndefined(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** Returns the accuracy in the scores of a split, 0 to 1; undefined if they have none. */
function readAccuracy(scores: unknown): number | undefined {
  return numberOrUndefined(asObject(scores).accuracy);
}

/** Number of hexadecimal digits of the hash in the name of a data file whose path is unknown. */
const DIGITS = 6;

/**
 * Returns the name of a run's data set. For data files of the user, returns the name of the first file or, if
 * it is unknown, the data set's name with the first digits of the file's hash. Returns undefined if the config
 * has no data set.
 */
function dataSetName(config: UnknownObject, manifest: UnknownObject): string | undefined {
  const { name, sha256 } = asObject(stageOptions(config, "load").dataset);
  if (typeof name !== "string" || sha256 === undefined) return nonEmptyText(name);
  const [file] = Array.isArray(manifest.data) ? manifest.data.map(asObject) : [];
  const path = nonEmptyText(file?.path)?.split(/[/\\]/).at(-1);
  const [hash] = Object.values(asObject(sha256));
  return path ?? `${name} ${String(hash).slice(0, DIGITS)}`;
}

/**
 * Formats the number of inputs and the widths of layers: "784-128-10". Omits inputs that are unknown; returns
 * undefined if the config has no layers.
 *
 * @param model first bytes of the model file
 */
function formatNetwork(config: UnknownObject, model: Uint8Array | undefined): string | undefined {
  const widths = formatNetworkWidths(stageOptions(config, "train").layers);
  const features = readInputCount(model);
  return widths === "" ? undefined : features === undefined ? widths : `${features}-${widths}`;
}

/**
 * Reads the number of a network's inputs from the header of a model file: that of principal components or,
 * without a reduction, of features. Returns undefined if the header is incomplete or invalid.
 *
 * @param model first bytes of the model file
 */
function readInputCount(model: Uint8Array = new Uint8Array()): number | undefined {
  if (model.length < 8) return undefined;
  const length = new DataView(model.buffer, model.byteOffset).getUint32(0, true);
  const header = parseObject(new TextDecoder().decode(model.subarray(8, 8 + length)));
  const kept = asObject(header["reduction.components"]).shape;
  if (Array.isArray(kept)) return numberOrUndefined(kept[1]);
  const { shape } = asObject(header.__metadata__);
  const lengths = parseObject(`{"shape":${typeof shape === "string" ? shape : "null"}}`).shape;
  if (!Array.isArray(lengths)) return undefined;
  return numberOrUndefined(lengths.reduce((product, length) => product * length, 1));
}

/** Parses the time of the stage "train" [ms] from the content of timing.jsonl; undefined if it is missing. */
function parseTrainingTime(timingFile = ""): number | undefined {
  const line = timingFile.split("\n").find((line) => line.startsWith('{"stage":"train"'));
  return numberOrUndefined(parseObject(line).milliseconds);
}
