/**
 * Running the cases of a format: what a reader makes of mutated files.
 *
 * A case is good if the reader returns, or throws an error of the documented form that names the file; in
 * bounded time; with bounded allocation.
 *
 * @module
 */
import process from "node:process";
import { allocated, countAllocations } from "./allocation.ts";
import { mutate } from "./mutate.ts";
import { type Random, randomOf } from "./random.ts";

/** A format, and its reader. */
export interface Target {
  /** Valid files, of which cases are made. */
  readonly seeds: readonly Uint8Array[];
  /** Words that mean something in the format. */
  readonly words: readonly string[];
  /** Name of the file in messages. */
  readonly file: RegExp;
  /** Makes a valid file again of a mutated one, hashes and lengths that an attacker would mend. */
  mend?(bytes: Uint8Array, random: Random): Uint8Array;
  /** Reads a file as the program does. */
  read(bytes: Uint8Array): unknown;
}

/** Numbers of cases by their outcome. */
export interface Counts {
  /** Cases that the reader took, and that it refused. */
  accepted: number;
  refused: number;
  /** Cases that are not good, a line each. */
  readonly failures: string[];
}

/**
 * Milliseconds of processor time that a case may take: a slower one counts as a hang. Unlike elapsed time,
 * processor time does not depend on other programs of the machine; a reader that waits counts as a hang
 * after the elapsed time in fuzz.ts.
 */
const LONGEST = 2000;

/** Bytes that a reader may allocate besides what the file justifies. */
const MOST_BYTES = 64 * 2 ** 20;

/** Copies of a file's content that a reader may make in all. */
const MOST_COPIES = 32;

/** The form of messages: "Cannot X: expected Y", and mostly "received Z". */
const FORM = /^Cannot [a-z]+ [^]*expected /;

const KINDS = [SyntaxError, RangeError, TypeError] as const;

/** The file of a case. */
export function fileOf(target: Target, name: string, seed: number, number: number): Uint8Array {
  const random = randomOf(`${name} ${seed} ${number}`);
  const { seeds, mend = (bytes) => bytes } = target;
  return mend(mutate(random.of(seeds), random, target), random);
}

/** Runs a case, and adds what comes of it. */
export async function runCase(
  target: Target,
  bytes: Uint8Array,
  label: string,
  counts: Counts,
): Promise<void> {
  countAllocations();
  const before = allocated();
  const begun = processorTime();
  let wrong: string | undefined;
  try {
    await target.read(bytes);
    counts.accepted++;
  } catch (error) {
    counts.refused++;
    wrong = wrongError(error, target.file);
  }
  const time = processorTime() - begun;
  const most = MOST_BYTES + MOST_COPIES * bytes.length;
  const sum = allocated() - before;
  if (time > LONGEST) wrong ??= `took ${Math.round(time)} ms of processor time`;
  if (sum > most) wrong ??= `allocated ${sum} bytes for a file of ${bytes.length}`;
  if (wrong !== undefined) counts.failures.push(`${label}: ${wrong}`);
}

/** Returns the processor time that this process has taken (ms), with its garbage collector. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Says what is wrong with an error; undefined if nothing is. */
function wrongError(error: unknown, file: RegExp): string | undefined {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const { message, name, stack } = error;
  const isKnown = KINDS.some((kind) => error instanceof kind) || name === "ConfigError";
  if (isKnown && FORM.test(message) && file.test(message)) return undefined;
  return `${name}: ${message.slice(0, 300)}\n${stack?.split("\n").slice(1, 5).join("\n")}`;
}
