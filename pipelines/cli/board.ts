/**
 * The progress display of many runs. A terminal shows one line for each active run and one for the total,
 * rewritten in place; a pipe receives one plain line for each finished run.
 *
 * @module
 */
import type { LoadProgress } from "../../lib/io/datasets.ts";
import { openTerminal, type Terminal } from "../../lib/io/terminal.ts";
import { progressBar } from "../../lib/io/text.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import type { Detail } from "./options.ts";
import { addTimes, repeatEvery, type TimedProgress } from "./progress.ts";
import { formatDownload, formatReceived, QUIET, type View } from "./view.ts";
import { formatPercent, PLAIN } from "../../lib/format/percent.ts";

/** The progress display of many runs. Disposing of it removes its live lines from the terminal. */
export interface Board extends Disposable {
  /** Prints a line above the live lines. */
  print(line: string): void;
  /** Prints the line of a finished run after the number of finished and of all runs: "3/12  …". */
  ended(line: string): void;
  /** Prints the line of a failed run in red, after the number of finished and of all runs. */
  failed(line: string): void;
  /** Opens the view of a run; dispose of it when the run ends. */
  open(label: string): View;
}

/** Milliseconds between two updates of the terminal. */
const REFRESH = 100;

/** A run in progress. */
interface ActiveRun {
  readonly label: string;
  loading?: LoadProgress;
  /** Function that returns the progress of the run's training. It is missing until training starts. */
  watch?: () => TimedProgress;
}

/**
 * Opens a board on stderr, or on another terminal. A quiet board prints failures only.
 *
 * @param count total number of runs
 */
export function openBoard(
  detail: Detail,
  count: number,
  terminal: Terminal = openTerminal(),
): Board {
  const running = new Set<ActiveRun>();
  let [done, failures] = [0, 0];
  const isQuiet = detail === "quiet";
  const show = () => terminal.show(formatBoard(terminal, [...running], { done, count, failures }));
  using opening = new DisposableStack();
  if (terminal.isLive && !isQuiet) opening.use(repeatEvery(REFRESH, show));
  const open = opening.move();
  const print = (line: string) => isQuiet ? undefined : terminal.print(line);
  const numbered = (line: string) => `${++done}/${count}  ${line}`;
  return {
    print,
    ended: (line) => print(numbered(line)),
    failed(line) {
      failures++;
      terminal.print(terminal.style(numbered(line), "red"));
    },
    open(label) {
      const run: ActiveRun = { label };
      running.add(run);
      return {
        ...QUIET,
        print: (line) => print(`${label}: ${line}`),
        loading(progress) {
          if (!terminal.isLive && run.loading?.file !== progress.file) {
            print(formatDownload(progress));
          }
          run.loading = progress;
        },
        training: (watch) => run.watch = addTimes(watch),
        [Symbol.dispose]: () => void running.delete(run),
      };
    },
    [Symbol.dispose]() {
      open.dispose();
      terminal.show([]);
    },
  };
}

/** Numbers of finished, all and failed runs. */
interface RunCounts {
  readonly done: number;
  readonly count: number;
  readonly failures: number;
}

/** Formats the live lines of the terminal: one for each active run, and the total. */
function formatBoard(
  terminal: Terminal,
  running: readonly ActiveRun[],
  { done, count, failures }: RunCounts,
): readonly string[] {
  const width = Math.max(0, ...running.map(({ label }) => label.length));
  const runs = running.map(({ label, loading, watch }) => {
    const now = watch?.();
    const text = now === undefined ? formatLoading(loading) : formatTraining(terminal, now);
    return { line: `${label.padEnd(width)}  ${text}`, share: now ? now.step / now.steps : 0 };
  });
  const share = runs.reduce((sum, run) => sum + run.share, done) / count;
  const all = [
    terminal.style(progressBar(share, 20), "cyan"),
    `${done} of ${count} runs done`,
    ...(failures === 0 ? [] : [terminal.style(`${failures} failed`, "red")]),
  ];
  return [...runs.map(({ line }) => line), all.join("  ")];
}

/** Formats the state of a run before its training: its download, or that it is starting. */
function formatLoading(loading: LoadProgress | undefined): string {
  if (loading === undefined) return "starting";
  return `downloading ${loading.file}: ${formatReceived(loading)}`;
}

/** Formats the progress of a training in one line: bar, epoch, remaining time and accuracy. */
function formatTraining(
  terminal: Terminal,
  { epoch, epochs, step, steps, train, secondsLeft }: TimedProgress,
): string {
  return [
    terminal.style(progressBar(step / steps, 8), "cyan"),
    `epoch ${epoch}/${epochs}`,
    `${formatDuration(1000 * secondsLeft)} left`,
    ...(train === undefined ? [] : [`accuracy ${formatPercent(train.accuracy, 2, PLAIN)}`]),
  ].join("  ");
}
