/**
 * The progress display of one experiment. A terminal shows a few lines that are rewritten in place; a pipe
 * receives one plain line for each epoch.
 *
 * @module
 */
import type { LoadProgress, PictureProgress } from "../../lib/io/datasets.ts";
import { openTerminal, type Terminal } from "../../lib/io/terminal.ts";
import { progressBar, stripStyles } from "../../lib/io/text.ts";
import { formatBytes } from "../../lib/format/bytes.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import type { EpochRecord } from "../../lib/run/record.ts";
import type { Progress } from "../../lib/train/options.ts";
import { epochTable, formatRate } from "./epoch_table.ts";
import { wrapText } from "./help.ts";
import type { Detail } from "./options.ts";
import { addTimes, repeatEvery, type TimedProgress } from "./progress.ts";
import { formatPercent, PLAIN } from "../../lib/format/percent.ts";
import { formatCount, formatCountWithNoun, formatLoss } from "../../lib/format/numbers.ts";

/** A line of output with a label that names its subject. */
export interface LabelledText {
  /** Label of the text; empty if the text continues the one above. */
  readonly label: string;
  readonly text: string;
  /** Whether the label is printed in yellow. Defaults to false. */
  readonly isWarning?: boolean;
}

/** Facts about a training before its first step. */
export interface TrainingPlan {
  readonly rows: readonly LabelledText[];
  /** Kinds of scores in the table of epochs, besides the scores on mini-batches. */
  readonly scored: readonly ("validation" | "average")[];
}

/** The progress display of one experiment. Disposing of it removes its live lines from the terminal. */
export interface View extends Disposable {
  /** Prints a line above the live lines. */
  print(line: string): void;
  /**
   * Prints a block of texts with their labels in a column. An empty line precedes the block if something was
   * printed before.
   */
  printRows(rows: readonly LabelledText[]): void;
  /** Prints the plan of a training; `plan` is called only if it is printed. */
  showPlan(plan: () => TrainingPlan): void;
  /** Prints the path of an earlier finished run, which makes a new run unnecessary. */
  showFinishedRun(path: string): void;
  /** Updates the progress of a download, of one file after another. */
  showDownload(progress: LoadProgress): void;
  /** Updates the progress of decoding the pictures of a folder. */
  showPictures(progress: PictureProgress): void;
  /** Shows the progress of a training until the view is disposed of; `watch` returns the current progress. */
  showTraining(watch: () => Progress): void;
  /** Shows the scores of a finished epoch. */
  showEpoch(record: EpochRecord): void;
}

/** Milliseconds between two updates of the terminal. */
const REFRESH = 100;

/** Opens a view on a terminal, by default stderr. With detail "quiet" it shows nothing. */
export function openView(detail: Detail, terminal: Terminal = openTerminal()): View {
  if (detail === "quiet") return QUIET_VIEW;
  const open = new DisposableStack();
  let latest: EpochRecord | undefined;
  let announced = "";
  let shown = -Infinity; // time of the last update (ms)
  let table = epochTable([]);
  let hasHeading = false;
  let isFirst = true;
  const print = (line: string) => {
    isFirst = false;
    terminal.print(line);
  };
  const startBlock = () => isFirst ? undefined : print("");
  const printRows = (rows: readonly LabelledText[]) => {
    startBlock();
    for (const line of formatLabelledTexts(terminal, rows)) print(line);
  };
  return {
    print,
    printRows,
    showPlan(plan) {
      const { rows: facts, scored } = plan();
      table = epochTable(scored);
      printRows(facts);
    },
    showFinishedRun: (path) => print(`already finished: ${path}`),
    showDownload(progress) {
      if (terminal.isLive) terminal.show(formatLoadProgress(terminal, progress));
      else if (announced !== progress.file) print(formatDownload(progress));
      announced = progress.file;
    },
    showPictures(progress) {
      if (!terminal.isLive) {
        if (progress.decoded === 0) print(formatPictures(progress));
      } else if (performance.now() - shown >= REFRESH) {
        terminal.show(formatPictureProgress(terminal, progress));
        shown = performance.now();
      }
    },
    showTraining(watch) {
      terminal.show([]);
      const progress = addTimes(watch);
      open.use(
        repeatEvery(
          REFRESH,
          () => terminal.show(formatTrainingProgress(terminal, progress(), latest)),
        ),
      );
    },
    showEpoch(record) {
      latest = record;
      if (terminal.isLive && detail !== "verbose") return;
      if (!hasHeading) {
        startBlock();
        print(terminal.style(table.heading, "dim"));
      }
      hasHeading = true;
      print(table.row(record));
    },
    [Symbol.dispose]() {
      open.dispose();
      terminal.show([]);
    },
  };
}

/** A view that shows nothing. */
export const QUIET_VIEW: View = {
  print: () => {},
  printRows: () => {},
  showPlan: () => {},
  showFinishedRun: () => {},
  showDownload: () => {},
  showPictures: () => {},
  showTraining: () => {},
  showEpoch: () => {},
  [Symbol.dispose]: () => {},
};

/** Formats the progress of a download as the live lines of a terminal. */
function formatLoadProgress(terminal: Terminal, progress: LoadProgress): readonly string[] {
  const { file, index, files, received, total, host } = progress;
  return joinIntoLines(terminal, [
    `${index}/${files} ${file}`,
    terminal.style(progressBar(total === undefined ? 0 : received / total, 20), "cyan"),
    formatReceived(progress),
    terminal.style(host, "dim"),
  ]);
}

/** Formats the progress of decoding pictures as the live lines of a terminal. */
function formatPictureProgress(terminal: Terminal, progress: PictureProgress): readonly string[] {
  const { decoded, total } = progress;
  return joinIntoLines(terminal, [
    formatPictures(progress),
    terminal.style(progressBar(decoded / total, 20), "cyan"),
    `${formatCount(decoded)} done`,
  ]);
}

/** Width [characters] of the label column, with the space after it. */
const LABELS = 12;

/** Formats labelled texts, wrapped to the width of the terminal. */
function formatLabelledTexts(
  terminal: Terminal,
  rows: readonly LabelledText[],
): readonly string[] {
  const room = terminal.isLive ? Math.max(20, terminal.columns() - LABELS) : Infinity;
  return rows.flatMap(({ label, text, isWarning = false }) =>
    wrapText(text, room).map((line, index) => {
      const head = (index === 0 ? label : "").padEnd(LABELS);
      // no-break spaces would defeat a search in the output
      return terminal.style(head, isWarning ? "yellow" : "dim") + line.replaceAll("\u00a0", " ");
    })
  );
}

/** Formats the beginning of a download: "downloading images.gz of 9.91 MB from example.org". */
export function formatDownload({ file, total, host }: LoadProgress): string {
  const size = total === undefined ? "" : ` of ${formatBytes(total)}`;
  return `downloading ${file}${size} from ${host}`;
}

/** Formats the beginning of decoding pictures: "decoding 60,000 pictures". */
export function formatPictures({ total }: PictureProgress): string {
  return `decoding ${formatCountWithNoun(total, "picture")}`;
}

/** Formats the received part of a file: "500 B of 1.00 kB", or "500 B" if the size is unknown. */
export function formatReceived({ received, total }: LoadProgress): string {
  return `${formatBytes(received)}${total === undefined ? "" : ` of ${formatBytes(total)}`}`;
}

/**
 * Formats the progress of a training as the live lines of a terminal: the current epoch and, if `latest` has
 * validation scores, those of the latest finished epoch.
 */
export function formatTrainingProgress(
  terminal: Terminal,
  now: TimedProgress,
  latest: EpochRecord | undefined,
): readonly string[] {
  const { epoch, epochs, step, steps, train, learningRate, samplesPerSecond, secondsLeft } = now;
  const running = joinIntoLines(terminal, [
    `epoch ${epoch}/${epochs}`,
    terminal.style(progressBar(step / steps, 16), "cyan"),
    `${formatDuration(1000 * secondsLeft)} left`,
    ...(train === undefined ? [] : [`loss ${formatLoss(train.loss)}`]),
    ...(train === undefined ? [] : [`accuracy ${formatPercent(train.accuracy, 2, PLAIN)}`]),
    `rate ${formatRate(learningRate)}`,
    `${formatThousands(samplesPerSecond)} samples/s`,
  ]);
  if (latest?.validation === undefined) return running;
  const { loss, accuracy } = latest.validation;
  const items = [
    `after epoch ${latest.epoch}`,
    `validation loss ${formatLoss(loss)}`,
    `accuracy ${formatPercent(accuracy, 2, PLAIN)}`,
    ...(latest.average === undefined
      ? []
      : [`with averaged weights ${formatPercent(latest.average.accuracy, 2, PLAIN)}`]),
  ];
  return [...running, ...joinIntoLines(terminal, items).map((line) => terminal.style(line, "dim"))];
}

/** Joins texts by two spaces into as few lines as the width of the terminal allows. */
function joinIntoLines(terminal: Terminal, items: readonly string[]): readonly string[] {
  const columns = terminal.columns();
  const lines: string[] = [];
  for (const item of items) {
    const line = lines.at(-1);
    const longer = `${line}  ${item}`;
    if (line === undefined || Array.from(stripStyles(longer)).length > columns) lines.push(item);
    else lines.splice(-1, 1, longer);
  }
  return lines;
}

/** Formats a count; of 10,000 and more in thousands: "12k". */
function formatThousands(count: number): string {
  return count < 10_000 ? String(count) : `${Math.round(count / 1000)}k`;
}

/**
 * Opens a view, runs an action with it, closes the view and returns the action's result. Print results only
 * afterwards: closing erases the view's live lines, the last lines of the terminal.
 */
export async function runWithView<Result>(
  detail: Detail,
  action: (view: View) => Promise<Result>,
  terminal: Terminal = openTerminal(),
): Promise<Result> {
  using view = openView(detail, terminal);
  return await action(view);
}
