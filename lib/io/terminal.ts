/**
 * Terminal output: colours, and progress lines that are rewritten in place.
 *
 * Progress goes to stderr, so that stdout holds results only. If stderr is not a terminal, no lines are
 * rewritten and no control sequences are written. Control characters in printed text, for example in a
 * label or a path, are escaped.
 *
 * @module
 */
import { visible, visibleField } from "../format/visible.ts";
import { type Output, writeAll } from "./print.ts";
import { truncateStyled } from "./text.ts";

type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Parameters of the control function SGR (ECMA-48) for each style. */
const STYLES: Readonly<Record<Style, number>> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  cyan: 36,
};

/** An output for lines, styles and progress. */
export interface Terminal {
  /** Whether lines can be rewritten. If not, callers should print few lines. */
  readonly isLive: boolean;
  /** Returns the current number of columns; 80 if it is unknown. */
  columns(): number;
  /** Returns text in a style, or unchanged without colours. Only this terminal can print the result. */
  style(text: string, style: Style): string;
  print(line: string): void;
  /** Replaces the live lines, cut to the terminal's width. Does nothing if the output is not live. */
  show(lines: readonly string[]): void;
  /** Ends the live lines: they stay, and further output goes below them. */
  keep(): void;
}

interface TerminalOptions {
  /** Defaults to stderr. */
  readonly output?: Output | undefined;
  /** Whether a terminal gets colours. Defaults to true unless NO_COLOR is set. */
  readonly colour?: boolean | undefined;
  /** Called for the number of columns at each {@link Terminal.show}. Defaults to the console's. */
  readonly columns?: (() => number) | undefined;
}

/** Opens an output for lines, styles and progress. */
export function openTerminal(
  { output = Deno.stderr, colour = !Deno.noColor, columns = consoleColumns }: TerminalOptions = {},
): Terminal {
  const isLive = output.isTerminal();
  // a random mark stands for styles until they are printed, so that printed text cannot forge one
  const mark = crypto.randomUUID();
  const marked = new RegExp(`\\x1b\\[${mark};(\\d+)m`);
  const shown = (line: string, escape: (text: string) => string) =>
    line.split(marked).map((part, i) => i % 2 === 0 ? escape(part) : `\x1b[${part}m`).join("");
  const live: string[] = [];
  // moves to the left, since the terminal may have shown ^C, then up, and erases everything below
  const clear = () => live.length === 0 ? "" : `\r\x1b[${live.length}A\x1b[J`;
  return {
    isLive,
    columns,
    style: (text, style) =>
      isLive && colour ? `\x1b[${mark};${STYLES[style]}m${text}\x1b[${mark};0m` : text,
    print(line) {
      writeProgress(output, clear() + joinLines([shown(line, visible), ...live]));
    },
    show(texts) {
      if (!isLive) return;
      const before = clear();
      const width = columns();
      live.splice(
        0,
        live.length,
        ...texts.map((line) => truncateStyled(shown(line, visibleField), width)),
      );
      writeProgress(output, before + joinLines(live));
    },
    keep() {
      live.length = 0;
    },
  };
}

function joinLines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

/** Returns the columns for tables on stdout: those of the terminal, or Infinity for a pipe or a file. */
export function stdoutColumns(): number {
  return Deno.stdout.isTerminal() ? consoleColumns() : Infinity;
}

/** Returns the columns of the console; 80 if they are unknown. */
function consoleColumns(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 80; // it throws when no standard stream is a terminal
  }
}

/** Writes progress. System errors are ignored: a full disk or a closed terminal must not end the work. */
function writeProgress(output: Output, text: string): void {
  try {
    writeAll(output, text);
  } catch (error) {
    const isOfSystem = error instanceof Deno.errors.BrokenPipe ||
      Object.hasOwn(error as Error, "code");
    if (!isOfSystem) throw error;
  }
}
