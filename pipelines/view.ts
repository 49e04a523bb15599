/**
 * What a person sees while an experiment runs: on a terminal a few lines that are rewritten in place,
 * elsewhere a plain line for each epoch.
 *
 * @module
 */
import type { LoadProgress } from "../lib/io/datasets.ts";
import { openTerminal, type Terminal } from "../lib/io/terminal.ts";
import { bar, byteCount, duration } from "../lib/io/text.ts";
import type { EpochRecord } from "../lib/run/record.ts";
import type { Progress } from "../lib/train/fit.ts";

/** Shows what an experiment does. */
export interface View extends Disposable {
  /** Prints a line that stays. */
  print(line: string): void;
  /** Shows how far a download has come. */
  loading(progress: LoadProgress): void;
  /** Shows training from now on, and passes what it shows on, once a second. */
  training(watch: () => Progress, onSecond?: (progress: TimedProgress) => void): void;
  /** Shows what an epoch came to. */
  epoch(record: EpochRecord): void;
}

/** Progress, and how fast it goes. */
export interface TimedProgress extends Progress {
  readonly samplesPerSecond: number;
  readonly secondsLeft: number;
}

/** How much is shown: nothing but errors; the usual; every epoch on terminals too. */
export type Detail = "quiet" | "usual" | "verbose";

/** Milliseconds between two looks at a training. */
const REFRESH = 100;

/** Opens a view on stderr. */
export function openView(detail: Detail, terminal: Terminal = openTerminal()): View {
  if (detail === "quiet") return QUIET;
  let timer: ReturnType<typeof setInterval> | undefined;
  let latest: EpochRecord | undefined;
  let announced = "";
  const end = () => {
    clearInterval(timer);
    terminal.show([]);
  };
  return {
    print: (line) => terminal.print(line),
    loading(progress) {
      if (terminal.isLive) terminal.show([loadingLine(terminal, progress)]);
      else if (announced !== progress.file) terminal.print(`downloading ${progress.file}`);
      announced = progress.file;
    },
    training(watch, onSecond) {
      end();
      const clock = startClock(watch);
      let ticks = 0;
      timer = setInterval(() => {
        const now = clock();
        terminal.show([...liveLines(terminal, now, latest)]);
        if (++ticks % (1000 / REFRESH) === 0) onSecond?.(now);
      }, REFRESH);
    },
    epoch(record) {
      latest = record;
      if (!terminal.isLive || detail === "verbose") terminal.print(epochLine(record));
    },
    [Symbol.dispose]: end,
  };
}

const QUIET: View = {
  print: () => {},
  loading: () => {},
  training: () => {},
  epoch: () => {},
  [Symbol.dispose]: () => {},
};

/** Adds the speed since the start to what is watched. */
function startClock(watch: () => Progress): () => TimedProgress {
  const begun = performance.now();
  return () => {
    const now = watch();
    const seconds = (performance.now() - begun) / 1000;
    const samplesPerSecond = Math.round(now.samples / seconds);
    const perStep = now.stepsTaken === 0 ? 0 : seconds / now.stepsTaken;
    return { ...now, samplesPerSecond, secondsLeft: perStep * (now.steps - now.step) };
  };
}

function loadingLine(
  terminal: Terminal,
  { file, index, files, received, total, host }: LoadProgress,
) {
  const share = total === undefined ? 0 : received / total;
  const size = total === undefined ? "" : ` of ${byteCount(total)}`;
  const shown = terminal.style(bar(share, 24), "cyan");
  return `${index}/${files} ${file}  ${byteCount(received)}${size}  ${shown}  ${host}`;
}

function liveLines(
  terminal: Terminal,
  now: TimedProgress,
  latest: EpochRecord | undefined,
): readonly string[] {
  const { epoch, epochs, step, steps, train, learningRate, samplesPerSecond, secondsLeft } = now;
  const shown = terminal.style(bar(step / steps, 20), "cyan");
  const score = train === undefined
    ? []
    : [`loss ${train.loss.toFixed(4)}`, `accuracy ${percent(train.accuracy)}`];
  const line = [
    `epoch ${epoch}/${epochs}  ${shown}`,
    ...score,
    `rate ${learningRate.toPrecision(2)}`,
    `${thousands(samplesPerSecond)} samples/s`,
    `${duration(1000 * secondsLeft)} left`,
  ].join("  ");
  return latest === undefined ? [line] : [terminal.style(epochLine(latest), "dim"), line];
}

/** An epoch in a line. */
export function epochLine({ epoch, learningRate, train, validation }: EpochRecord): string {
  const score = ({ loss, accuracy }: EpochRecord["train"]) =>
    `loss ${loss.toFixed(4)} accuracy ${percent(accuracy)}`;
  return [
    `epoch ${epoch}`,
    `train ${score(train)}`,
    ...(validation === undefined ? [] : [`validation ${score(validation)}`]),
    `rate ${learningRate.toPrecision(2)}`,
  ].join("  ");
}

/** A share as a percentage with two decimals. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function thousands(count: number): string {
  return count < 10_000 ? String(count) : `${Math.round(count / 1000)}k`;
}
