/**
 * The table of commands, in the order of the work: data, training, finished runs.
 *
 * @module
 */
import type { Command } from "./cli/declaration.ts";
import { command as check } from "./check.ts";
import { command as compare } from "./compare.ts";
import { command as data } from "./data.ts";
import { command as evaluate } from "./evaluate.ts";
import { command as exercise } from "./exercise.ts";
import { command as explain } from "./explain.ts";
import { command as explore } from "./explore.ts";
import { command as lrRange } from "./lr_range.ts";
import { command as pack } from "./pack.ts";
import { command as predict } from "./predict.ts";
import { command as profile } from "./profile.ts";
import { command as report } from "./report.ts";
import { command as reproduce } from "./reproduce.ts";
import { command as runs } from "./runs.ts";
import { command as sweep } from "./sweep.ts";
import { command as verify } from "./tools/verify.ts";
import { command as train } from "./train.ts";

/** The declarations of all commands for users. */
export const commands: readonly Command[] = [
  check,
  explore,
  train,
  sweep,
  lrRange,
  verify,
  reproduce,
  pack,
  evaluate,
  predict,
  compare,
  report,
  explain,
  profile,
  runs,
  data,
  exercise,
];
