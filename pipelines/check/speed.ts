/**
 * The speed at which this machine has trained, from the newest run or profile.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { readFileIfAny } from "../../lib/io/files.ts";
import { listFinishedResults } from "../../lib/io/results/runs.ts";
import { MAIN_FILES } from "../../lib/analysis/runs/listing.ts";
import { FILES } from "../../lib/run/folder.ts";
import { decodeTiming } from "../../lib/run/timing.ts";

/** The measured speed of a training. */
export interface MeasuredSpeed {
  /** Name of the run or profile. */
  readonly name: string;
  /** Floating-point operations per millisecond: six per parameter and trained sample. */
  readonly operationsPerMillisecond: number;
}

/**
 * Returns the speed of the newest run or profile in a folder of results whose speed is known. Returns
 * undefined if none is known.
 */
export async function newestSpeed(outputs: string): Promise<MeasuredSpeed | undefined> {
  for (const { name, kind } of await listFinishedResults(outputs, ["run", "profile"])) {
    const folder = join(outputs, name);
    const speed = await (kind === "run" ? readRunSpeed(folder) : readProfileSpeed(folder))
      .catch(() => undefined); // a damaged result has no speed
    if (speed !== undefined && Number.isFinite(speed)) {
      return { name, operationsPerMillisecond: speed };
    }
  }
  return undefined;
}

const runSummary = z.looseObject({ parameters: z.int().min(1) });

/**
 * Reads the speed [floating-point operations per millisecond] of a run from its times. Returns undefined if
 * it has none; throws if a file is invalid.
 */
async function readRunSpeed(folder: string): Promise<number | undefined> {
  const timing = await readText(join(folder, FILES.timing));
  const { training } = timing === undefined ? {} : decodeTiming(timing);
  if (training === undefined) return undefined;
  const { parameters } = runSummary.parse(
    JSON.parse(await readText(join(folder, FILES.summary)) ?? ""),
  );
  const steps = training.activities.find(({ training }) => training === "steps");
  return steps && trainingOperations(parameters, training.steps.samples) / steps.milliseconds;
}

const profile = z.looseObject({
  parameters: z.int().min(1),
  batchSize: z.int().min(1),
  profiles: z.array(z.looseObject({ step: z.looseObject({ median: z.number().positive() }) })),
});

/**
 * Reads the speed [floating-point operations per millisecond] of a profile, with the number of workers that
 * was fastest. Throws if the file is missing or invalid.
 */
async function readProfileSpeed(folder: string): Promise<number | undefined> {
  const text = await readText(join(folder, MAIN_FILES.profile));
  const { parameters, batchSize, profiles } = profile.parse(JSON.parse(text ?? ""));
  const fastest = Math.min(...profiles.map(({ step }) => step.median)); // µs
  return trainingOperations(parameters, batchSize) / (fastest / 1000);
}

/**
 * Returns the number of floating-point operations of a training on a number of samples: for each sample and
 * parameter three multiply-adds, one forward and two backward.
 */
function trainingOperations(parameters: number, samples: number): number {
  return 6 * parameters * samples;
}

/** Reads a text file. Returns undefined if there is none. */
async function readText(path: string): Promise<string | undefined> {
  const bytes = await readFileIfAny(path, "result");
  return bytes && new TextDecoder().decode(bytes);
}
