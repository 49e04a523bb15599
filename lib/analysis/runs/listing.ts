/**
 * A run in the list of runs, or another result: what its files say of it.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import { type Members, members, stageOptions, textOf } from "../../report/config.ts";
import { networkWidths } from "../../report/runs/names.ts";
import { FILES } from "../../run/folder.ts";

/** The file that tells what kind of result a folder holds. A run writes its config first. */
export const MAIN_FILES = {
  run: FILES.config,
  sweep: "sweep.json",
  exploration: "explore.json",
  comparison: "compare.json",
  "rate test": "lr-range.svg",
  profile: "profile.json",
  explanation: "explain.svg",
} as const;

/** A kind of result. */
export type Kind = keyof typeof MAIN_FILES;

/** A run in a list, or another result. What is undefined is not known. */
export interface ListedRun {
  readonly run: string;
  readonly kind: Kind;
  /** Name in its config. */
  readonly config?: string;
  /** Finished runs have a manifest; of broken ones a file cannot be understood. */
  readonly state: "finished" | "unfinished" | "broken";
  /** What is wrong with a broken one. */
  readonly problem?: string;
  /** When it was finished, else begun. */
  readonly date?: Date;
  /** The data set: its name, or that of the user's file. */
  readonly data?: string;
  /** Features and units of the layers: "784-128-10". */
  readonly network?: string;
  /** Number of trained parameters. */
  readonly parameters?: number;
  /** Epochs trained. */
  readonly epochs?: number;
  /** Accuracy of the model on the validation split, 0 to 1. */
  readonly validation?: number;
  /** Highest accuracy on the validation split after an epoch, 0 to 1; of a run without epochs its model's. */
  readonly best?: number;
  /** Accuracy of the model on the test split, 0 to 1. */
  readonly test?: number;
  /** Time that training took in milliseconds; if it was stopped, since it went on for the last time. */
  readonly time?: number;
  /** Size of the folder in bytes. */
  readonly bytes: number;
}

/** The files of a run that a list looks into; of another result, its main file and summary. */
export const LISTED_FILES = [
  FILES.config,
  FILES.metrics,
  FILES.summary,
  FILES.manifest,
  FILES.timing,
] as const;

/** What a list knows of a folder. */
export interface FoundFolder {
  readonly kind: Kind;
  /** The text of each of {@linkcode LISTED_FILES} and its main file that exists. */
  readonly texts: ReadonlyMap<string, string>;
  /** The beginning of its model. */
  readonly model?: Uint8Array | undefined;
  /** Why a file could not be read. */
  readonly problem?: string | undefined;
  /** When its manifest was written, or its main file. */
  readonly changed?: Date | undefined;
  readonly bytes: number;
}

/** Returns a run in a list, or another result, of what was found in its folder. */
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
      ...defined({ problem, config: textOf(title), data: dataOf(main, {}) }),
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
      config: textOf(config.name),
      data: dataOf(config, manifest),
      network: networkOf(config, found.model),
      parameters: numberOf(summary.parameters),
      epochs: numberOf(summary.epochs) ?? (texts.has(FILES.metrics) ? epochs.length : undefined),
      validation,
      best: accuracies.length === 0 ? validation : Math.max(...accuracies),
      test: accuracyOf(summary.test),
      time: trainingTime(texts.get(FILES.timing)),
    }),
  };
}

/** What is wrong with the files of a run; undefined if they can be understood. */
function problemOf(
  texts: ReadonlyMap<string, string>,
  { config, summary }: { readonly config: Members; readonly summary: Members },
): string | undefined {
  const wrong = (file: string, expected: string) =>
    `expected ${expected} in "${file}": received ${
      texts.has(file) ? "other text" : "no such file"
    }`;
  if (textOf(config.name) === undefined) return wrong(FILES.config, "a config with a name");
  if (texts.has(FILES.manifest) && numberOf(summary.epochs) === undefined) {
    return wrong(FILES.summary, "the figures of a finished run");
  }
  return undefined;
}

function dateOf(text: unknown): Date | undefined {
  const date = new Date(typeof text === "string" ? text : NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The members of an object in JSON; none if the text is missing or broken. */
function parsed(text = "null"): Members {
  try {
    return members(JSON.parse(text));
  } catch {
    return {};
  }
}

/** The lines of metrics.jsonl; a line that is broken has no members. */
function epochsOf(text = ""): readonly Members[] {
  return text.split("\n").slice(0, -1).map(parsed); // a line ends each epoch
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function accuracyOf(split: unknown): number | undefined {
  return numberOf(members(split).accuracy);
}

/** Hexadecimal digits that stand for a file without a name. */
const DIGITS = 6;

/** The name of the data set; where its files are the user's, that of the first, or digits of its hash. */
function dataOf(config: Members, manifest: Members): string | undefined {
  const { name, sha256 } = members(stageOptions(config, "load").dataset);
  if (typeof name !== "string" || sha256 === undefined) return textOf(name);
  const [file] = Array.isArray(manifest.data) ? manifest.data.map(members) : [];
  const path = textOf(file?.path)?.split(/[/\\]/).at(-1);
  const [hash] = Object.values(members(sha256));
  return path ?? `${name} ${String(hash).slice(0, DIGITS)}`;
}

function networkOf(config: Members, model: Uint8Array | undefined): string | undefined {
  const widths = networkWidths(stageOptions(config, "train").layers);
  const features = featuresOf(model);
  return widths === "" ? undefined : features === undefined ? widths : `${features}-${widths}`;
}

/** The number of features in the header of a model, see `safetensors.ts`; undefined if it is cut off. */
function featuresOf(model: Uint8Array = new Uint8Array()): number | undefined {
  if (model.length < 8) return undefined;
  const length = new DataView(model.buffer, model.byteOffset).getUint32(0, true);
  const header = parsed(new TextDecoder().decode(model.subarray(8, 8 + length)));
  const kept = members(header["reduction.components"]).shape;
  if (Array.isArray(kept)) return numberOf(kept[1]);
  const { shape } = members(header.__metadata__);
  const lengths = parsed(`{"shape":${typeof shape === "string" ? shape : "null"}}`).shape;
  if (!Array.isArray(lengths)) return undefined;
  return numberOf(lengths.reduce((product, length) => product * length, 1));
}

/** The time of the stage that trains, in milliseconds. */
function trainingTime(text = ""): number | undefined {
  const line = text.split("\n").find((line) => line.startsWith('{"stage":"train"'));
  return numberOf(parsed(line).milliseconds);
}
