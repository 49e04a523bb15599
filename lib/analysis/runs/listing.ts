/**
 * Summarizes a run, or another result, for the list of runs, from its files.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import { asObject, nonEmptyText, stageOptions, type UnknownObject } from "../../report/config.ts";
import { formatNetworkWidths } from "../../report/runs/names.ts";
import { FILES } from "../../run/folder.ts";

/** The file that identifies each kind of result folder. A run writes its config first. */
export const MAIN_FILES = {
  run: FILES.config,
  sweep: "sweep.json",
  exploration: "explore.json",
  comparison: "compare.json",
  "rate test": "lr-range.svg",
  profile: "profile.json",
  explanation: "explain.svg",
} as const;

export type Kind = keyof typeof MAIN_FILES;

/** A run or another result in the list. Unknown facts are undefined. */
export interface ListedRun {
  readonly run: string;
  readonly kind: Kind;
  /** Name in its config. */
  readonly config?: string;
  /** Finished runs have a manifest; broken ones have an invalid file. */
  readonly state: "finished" | "unfinished" | "broken";
  /** The problem of a broken run. */
  readonly problem?: string;
  /** Time of its end; of an unfinished run, time of its start. */
  readonly date?: Date;
  /** Name of the data set or of the user's file. */
  readonly data?: string;
  /** Features and units of the layers: "784-128-10". */
  readonly network?: string;
  /** Number of trained parameters. */
  readonly parameters?: number;
  /** Epochs trained. */
  readonly epochs?: number;
  /** Accuracy of the model on the validation split, 0 to 1. */
  readonly validation?: number;
  /** Highest validation accuracy after any epoch, 0 to 1; that of the model if there are no epochs. */
  readonly best?: number;
  /** Accuracy of the model on the test split, 0 to 1. */
  readonly test?: number;
  /** Time of training [milliseconds]; of a resumed run, since it was last resumed. */
  readonly time?: number;
  /** Size of the folder in bytes. */
  readonly bytes: number;
}

/** Files of a run that the list reads; of another result, its main file and summary. */
export const LISTED_FILES = [
  FILES.config,
  FILES.metrics,
  FILES.summary,
  FILES.manifest,
  FILES.timing,
] as const;

/** Contents of a folder for the list. */
export interface FoundFolder {
  readonly kind: Kind;
  /** Texts of the existing {@linkcode LISTED_FILES} and of the main file. */
  readonly texts: ReadonlyMap<string, string>;
  /** The beginning of its model. */
  readonly model?: Uint8Array | undefined;
  /** The reason if a file could not be read. */
  readonly problem?: string | undefined;
  /** Modification time of its manifest, or of its main file. */
  readonly changed?: Date | undefined;
  readonly bytes: number;
}

/** Summarizes a run or another result from the contents of its folder. */
export function listRun(run: string, found: FoundFolder): ListedRun {
  const { kind, texts, changed, bytes } = found;
  const manifest = parsed(texts.get(FILES.manifest));
  const common = { run, kind, bytes, ...defined({ date: dateOf(manifest.finished) ?? changed }) };
  if (kind !== "run") {
    const main = parsed(texts.get(MAIN_FILES[kind]));
    const title = main.title ?? main.name ?? parsed(texts.get(FILES.summary)).name;
    const { problem } = found;
    return {
      ...common,
      state: problem === undefined ? "finished" : "broken",
      ...defined({ problem, config: nonEmptyText(title), data: dataOf(main, {}) }),
    };
  }
  const config = parsed(texts.get(FILES.config));
  const summary = parsed(texts.get(FILES.summary));
  const finished = texts.has(FILES.manifest);
  const problem = found.problem ?? problemOf(texts, { config, summary });
  const epochs = epochsOf(texts.get(FILES.metrics));
  const accuracies = epochs.flatMap((each) => accuracyOf(each.average ?? each.validation) ?? []);
  const validation = accuracyOf(summary.validation);
  return {
    ...common,
    state: problem !== undefined ? "broken" : finished ? "finished" : "unfinished",
    ...defined({
      problem,
      config: nonEmptyText(config.name),
      data: dataOf(config, manifest),
      network: networkOf(config, found.model),
      parameters: numberOf(summary.parameters),
      epochs: numberOf(summary.epochs) ?? (texts.has(FILES.metrics) ? epochs.length : undefined),
      validation,
      best: accuracies.length === 0 ? validation : Math.max(...accuracies),
      test: accuracyOf(summary.test),
      time: parseTrainingTime(texts.get(FILES.timing)),
    }),
  };
}

/** Returns the problem of a run's files; undefined if they are valid. */
function problemOf(
  texts: ReadonlyMap<string, string>,
  { config, summary }: { readonly config: UnknownObject; readonly summary: UnknownObject },
): string | undefined {
  const wrong = (file: string, expected: string) =>
    `expected ${expected} in "${file}": received ${
      texts.has(file) ? "other text" : "no such file"
    }`;
  if (nonEmptyText(config.name) === undefined) return wrong(FILES.config, "a config with a name");
  if (texts.has(FILES.manifest) && numberOf(summary.epochs) === undefined) {
    return wrong(FILES.summary, "the summary of a finished run");
  }
  return undefined;
}

function dateOf(text: unknown): Date | undefined {
  const date = new Date(typeof text === "string" ? text : NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Parses an object in JSON; returns an empty one if the text is missing or invalid. */
function parsed(text = "null"): UnknownObject {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Parses the lines of metrics.jsonl; an invalid line gives an empty object. */
function epochsOf(text = ""): readonly UnknownObject[] {
  return text.split("\n").slice(0, -1).map(parsed); // a line ends each epoch
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function accuracyOf(split: unknown): number | undefined {
  return numberOf(asObject(split).accuracy);
}

/** Number of hexadecimal digits that identify a file without a name. */
const DIGITS = 6;

/** Returns the name of the data set; for the user's own files, the name of the first file or digits of its hash. */
function dataOf(config: UnknownObject, manifest: UnknownObject): string | undefined {
  const { name, sha256 } = asObject(stageOptions(config, "load").dataset);
  if (typeof name !== "string" || sha256 === undefined) return nonEmptyText(name);
  const [file] = Array.isArray(manifest.data) ? manifest.data.map(asObject) : [];
  const path = nonEmptyText(file?.path)?.split(/[/\\]/).at(-1);
  const [hash] = Object.values(asObject(sha256));
  return path ?? `${name} ${String(hash).slice(0, DIGITS)}`;
}

function networkOf(config: UnknownObject, model: Uint8Array | undefined): string | undefined {
  const widths = formatNetworkWidths(stageOptions(config, "train").layers);
  const features = featuresOf(model);
  return widths === "" ? undefined : features === undefined ? widths : `${features}-${widths}`;
}

/** Returns the number of features from the header of a model (see `safetensors.ts`); undefined if it is cut off. */
function featuresOf(model: Uint8Array = new Uint8Array()): number | undefined {
  if (model.length < 8) return undefined;
  const length = new DataView(model.buffer, model.byteOffset).getUint32(0, true);
  const header = parsed(new TextDecoder().decode(model.subarray(8, 8 + length)));
  const kept = asObject(header["reduction.components"]).shape;
  if (Array.isArray(kept)) return numberOf(kept[1]);
  const { shape } = asObject(header.__metadata__);
  const lengths = parsed(`{"shape":${typeof shape === "string" ? shape : "null"}}`).shape;
  if (!Array.isArray(lengths)) return undefined;
  return numberOf(lengths.reduce((product, length) => product * length, 1));
}

/** Returns the time of the stage "train" [milliseconds]. */
function parseTrainingTime(text = ""): number | undefined {
  const line = text.split("\n").find((line) => line.startsWith('{"stage":"train"'));
  return numberOf(parsed(line).milliseconds);
}
