/**
 * What a person sees while an experiment runs: on a terminal a few lines that are rewritten in place,
 * elsewhere a plain line for each epoch.
 *
 * @module
 */
import type { LoadProgress } from "../../lib/io/datasets.ts";
import { openTerminal, type Terminal } from "../../lib/io/terminal.ts";
import { bar, plain } from "../../lib/io/text.ts";
import { formatBytes } from "../../lib/format/bytes.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import type { EpochRecord } from "../../lib/run/record.ts";
import type { Progress } from "../../lib/train/options.ts";
import { epochTable, formatRate } from "./epoch_table.ts";
import { wrapped } from "./help.ts";
import type { Detail } from "./options.ts";
import { every, timed, type TimedProgress } from "./progress.ts";
import { formatPercent, PLAIN } from "../../lib/format/percent.ts";
import { formatLoss } from "../../lib/format/numbers.ts";

/** A text with a label, which says what it is about. */
export interface LabelledText {
  /** The label; empty below another text with the same one. */
  readonly label: string;
  readonly text: string;
  /** Whether the label is shown as that of a warning. */
  readonly isWarning?: boolean;
}

/** A training before its first step. */
export interface TrainingPlan {
  /** Facts about it. */
  readonly rows: readonly LabelledText[];
  /** The scores that its epochs have besides those of the mini-batches. */
  readonly scored: readonly ("validation" | "average")[];
}

export interface View extends Disposable {
  /** Prints a line that stays. */
  print(line: string): void;
  /** Prints texts below each other, their labels in a column, after an empty line if they are not the first. */
  rows(rows: readonly LabelledText[]): void;
  /** Shows the plan of a training that begins, which is made only where it is shown. */
  begins(plan: () => TrainingPlan): void;
  /** Says that a run was finished before, and where it is. */
  found(path: string): void;
  loading(progress: LoadProgress): void;
  /** Shows training from now on. */
  training(watch: () => Progress): void;
  epoch(record: EpochRecord): void;
}

/** Milliseconds between two looks at a training. */
const REFRESH = 100;

/** Opens a view on stderr, or on another terminal. */
export function openView(detail: Detail, terminal: Terminal = openTerminal()): View {
  if (detail === "quiet") return QUIET;
  const open = new DisposableStack();
  let latest: EpochRecord | undefined;
  let announced = "";
  let table = epochTable([]);
  let hasHeading = false;
  let isFirst = true;
  const print = (line: string) => {
    isFirst = false;
    terminal.print(line);
  };
  const startBlock = () => isFirst ? undefined : print("");
  const rows = (rows: readonly LabelledText[]) => {
    startBlock();
    for (const line of labelledLines(terminal, rows)) print(line);
  };
  return {
    print,
    rows,
    begins(plan) {
      const { rows: facts, scored } = plan();
      table = epochTable(scored);
      rows(facts);
    },
    found: (path) => print(`finished before: ${path}`),
    loading(progress) {
      if (terminal.isLive) terminal.show(loadingLines(terminal, progress));
      else if (announced !== progress.file) print(announcement(progress));
      announced = progress.file;
    },
    training(watch) {
      terminal.show([]);
      const progress = timed(watch);
      open.use(every(REFRESH, () => terminal.show(trainingLines(terminal, progress(), latest))));
    },
    epoch(record) {
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

export const QUIET: View = {
  print: () => {},
  rows: () => {},
  begins: () => {},
  found: () => {},
  loading: () => {},
  training: () => {},
  epoch: () => {},
  [Symbol.dispose]: () => {},
};

function loadingLines(terminal: Terminal, progress: LoadProgress): readonly string[] {
  const { file, index, files, received, total, host } = progress;
  return filled(terminal, [
    `${index}/${files} ${file}`,
    terminal.style(bar(total === undefined ? 0 : received / total, 20), "cyan"),
    receivedBytes(progress),
    terminal.style(host, "dim"),
  ]);
}

/** Columns of the labels, and of the space after them. */
const LABELS = 12;

/** Texts below each other, within the columns of a terminal, their labels in a column. */
function labelledLines(
  terminal: Terminal,
  rows: readonly LabelledText[],
): readonly string[] {
  const room = terminal.isLive ? Math.max(20, terminal.columns() - LABELS) : Infinity;
  return rows.flatMap(({ label, text, isWarning = false }) =>
    wrapped(text, room).map((line, index) => {
      const head = (index === 0 ? label : "").padEnd(LABELS);
      // spaces that do not break are for people's eyes, and not for a search
      return terminal.style(head, isWarning ? "yellow" : "dim") + line.replaceAll("\u00a0", " ");
    })
  );
}

/** Formats what is being downloaded: "downloading images.gz of 9.91 MB from example.org". */
export function announcement({ file, total, host }: LoadProgress): string {
  const size = total === undefined ? "" : ` of ${formatBytes(total)}`;
  return `downloading ${file}${size} from ${host}`;
}

/** Formats how much of a file has been received: "500 B of 1.00 kB". */
export function receivedBytes({ received, total }: LoadProgress): string {
  return `${formatBytes(received)}${total === undefined ? "" : ` of ${formatBytes(total)}`}`;
}

/** Lines about a running training, as the terminal shows them: this epoch, then the last one's score. */
export function trainingLines(
  terminal: Terminal,
  now: TimedProgress,
  latest: EpochRecord | undefined,
): readonly string[] {
  const { epoch, epochs, step, steps, train, learningRate, samplesPerSecond, secondsLeft } = now;
  const running = filled(terminal, [
    `epoch ${epoch}/${epochs}`,
    terminal.style(bar(step / steps, 16), "cyan"),
    `${formatDuration(1000 * secondsLeft)} left`,
    ...(train === undefined ? [] : [`loss ${formatLoss(train.loss)}`]),
    ...(train === undefined ? [] : [`accuracy ${formatPercent(train.accuracy, 2, PLAIN)}`]),
    `rate ${formatRate(learningRate)}`,
    `${thousands(samplesPerSecond)} samples/s`,
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
  return [...running, ...filled(terminal, items).map((line) => terminal.style(line, "dim"))];
}

/** Puts items into as few lines as the terminal's width allows, two spaces between them. */
function filled(terminal: Terminal, items: readonly string[]): readonly string[] {
  const columns = terminal.columns();
  const lines: string[] = [];
  for (const item of items) {
    const line = lines.at(-1);
    const longer = `${line}  ${item}`;
    if (line === undefined || Array.from(plain(longer)).length > columns) lines.push(item);
    else lines.splice(-1, 1, longer);
  }
  return lines;
}

function thousands(count: number): string {
  return count < 10_000 ? String(count) : `${Math.round(count / 1000)}k`;
}

/**
 * Returns what is made while a view is open. It is closed before anything else is printed: to take away its
 * live lines, a view erases as many lines of the terminal.
 */
export async function viewed<Made>(
  detail: Detail,
  make: (view: View) => Promise<Made>,
  terminal: Terminal = openTerminal(),
): Promise<Made> {
  using view = openView(detail, terminal);
  return await make(view);
}
