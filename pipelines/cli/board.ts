/**
 * The progress display of many runs. A terminal shows one line for each active run and one for the total,
 * rewritten in place; a pipe receives one plain line for each finished run.
 *
 * @module
 */
import type { LoadProgress, PictureProgress } from "../../lib/io/datasets.ts";
import { openTerminal, type Terminal } from "../../lib/io/terminal.ts";
import { progressBar } from "../../lib/io/text.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import type { Detail } from "./options.ts";
import { addTimes, repeatEvery, type TimedProgress } from "./progress.ts";
import { formatDownload, formatPictures, formatReceived, QUIET_VIEW, type View } from "./view.ts";
import { formatCount } from "../../lib/format/numbers.ts";
import { formatPercent, PLAIN } from "../../lib/format/percent.ts";

/** The progress display of many runs. Disposing of it removes its live lines from the terminal. */
export interface Board extends Disposable {
  /** Prints a line above the live lines. */
  print(line: string): void;
  /**
   * Counts a successful run and prints its line after the number of ended runs, failed ones included, and
   * that of all runs: "3/12  …".
   */
  printFinished(line: string): void;
  /** Counts a failed run and prints its line in red, with the same numbers before it. */
  printFailed(line: string): void;
  /** Opens the view of a run under a label. Disposing of the view removes the run's live line. */
  open(label: string): View;
}

/** Milliseconds between two updates of the terminal. */
const REFRESH = 100;

/** A run in progress. */
interface ActiveRun {
  readonly label: string;
  /** Latest progress of the download of its data, if any. */
  loading?: LoadProgress;
  /** Latest progress of decoding its pictures, if any. */
  pictures?: PictureProgress;
  /** Function that returns the progress of the run's training. It is missing until training starts. */
  watch?: () => TimedProgress;
}

/**
 * Opens a board on a terminal, by default stderr. With detail "quiet" it prints failures only.
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
    printFinished: (line) => print(numbered(line)),
    printFailed(line) {
      failures++;
      terminal.print(terminal.style(numbered(line), "red"));
    },
    open(label) {
      const run: ActiveRun = { label };
      running.add(run);
      return {
        ...QUIET_VIEW,
        print: (line) => print(`${label}: ${line}`),
        showDownload(progress) {
          if (!terminal.isLive && run.loading?.file !== progress.file) {
            print(formatDownload(progress));
          }
          run.loading = progress;
        },
        showPictures(progress) {
          if (!terminal.isLive && progress.decoded === 0) print(formatPictures(progress));
          run.pictures = progress;
        },
        showTraining: (watch) => run.watch = addTimes(watch),
        [Symbol.dispose]: () => void running.delete(run),
      };
    },
    [Symbol.dispose]() {
      open.dispose();
      terminal.show([]);
    },
  };
}

/** Numbers of runs. */
interface RunCounts {
  /** Number of ended runs, failed ones included. */
  readonly done: number;
  /** Number of all runs. */
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
  const runs = running.map((run) => {
    const { label, watch } = run;
    const now = watch?.();
    const text = now === undefined ? formatLoading(run) : formatTraining(terminal, now);
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

/** Formats the state of a run before its training: decoding, the download, or "starting" without either. */
function formatLoading({ loading, pictures }: ActiveRun): string {
  if (pictures !== undefined) {
    return `${formatPictures(pictures)}: ${formatCount(pictures.decoded)}`;
  }
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
