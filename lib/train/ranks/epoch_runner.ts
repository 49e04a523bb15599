/**
 * Runs the steps of an epoch on one of several ranks.
 *
 * @module
 */
import type { Machine } from "../../engine/backend.ts";
import type { Batches } from "../batches.ts";
import type { EpochRunner } from "../epoch_runner.ts";
import type { Pass } from "../passes.ts";
import type { RankPrograms } from "./programs.ts";
import type { Ranks } from "./ranks.ts";
import { rankStepRunner } from "./run_step.ts";

/**
 * Returns a runner that runs the steps of a pass in every epoch, together with the other ranks. All ranks
 * run the same steps: after a call of `stop` or `pause`, the rank sends this request with its next step, and
 * all ranks stop or pause after that step.
 */
export function rankEpochRunner(
  machine: Machine,
  pass: Pass,
  { whole, rest }: Pick<RankPrograms, "whole" | "rest">,
  { batches, ranks }: { readonly batches: Batches; readonly ranks: Ranks },
): EpochRunner {
  const runWhole = rankStepRunner(machine, whole, ranks);
  const runRest = batches.rest === 0 ? undefined : rankStepRunner(machine, rest, ranks);
  let epoch = 0;
  let reached = 0;
  let isStopped = false;
  let stop = false;
  let pause = false;
  return {
    ...pass,
    begin(next) {
      epoch = next;
      reached = 0;
    },
    async run(from, to = pass.steps) {
      machine.resume();
      for (reached = from; reached < to && !isStopped;) {
        const runGradients = reached < batches.whole ? runWhole : runRest ?? runWhole;
        const requests = { pause, stop };
        const agreed = await runGradients(reached, requests);
        await machine.run({ program: pass.programOf(reached), from: reached, to: reached + 1 });
        reached++;
        isStopped = agreed.stop;
        if (requests.pause) pause = false;
        if (agreed.pause) break;
      }
      return reached;
    },
    position: () => ({ epoch, step: epoch * pass.steps + reached }),
    stop: () => void (stop = true),
    pause: () => void (pause = true),
    isStopped: () => isStopped,
  };
}
