/**
 * Terminal output: colours, and progress lines that are rewritten in place.
 *
 * Progress goes to stderr, so that stdout holds results only. If stderr is not a terminal, no lines are
 * rewritten and no control sequences are written. Control characters in printed text, for example in a
 * label or a path, are escaped.
 *
 * @module
 */
import { escapeControls, escapeForOneLine } from "../format/visible.ts";
import { type Output, writeText } from "./print.ts";
import { truncateStyled } from "./text.ts";

/** A text style: a weight or a colour. */
type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Number of each style in the control sequence SGR (ECMA-48). */
const STYLES: Readonly<Record<Style, number>> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  cyan: 36,
};

/**
 * A terminal. Its last lines may be live: rewritten in place, to show progress. Other lines are printed
 * above them.
 */
export interface Terminal {
  /** Whether the terminal can rewrite lines in place. If not, few lines should be printed. */
  readonly isLive: boolean;
  /** Returns the current width in columns, or 80 if it is unknown. */
  columns(): number;
  /**
   * Returns a text in a style, or unchanged if the terminal has no colours. Only this terminal can print
   * the result.
   */
  style(text: string, style: Style): string;
  /** Prints a line above the live lines. */
  print(line: string): void;
  /**
   * Shows other live lines instead of the present ones, each truncated to the width of the terminal. Does
   * nothing if lines cannot be rewritten.
   */
  show(lines: readonly string[]): void;
  /** Makes the live lines permanent: further output is written below them. */
  keep(): void;
}

/** Options of {@linkcode openTerminal}. */
interface TerminalOptions {
  /** Output stream of the terminal. Defaults to stderr. */
  readonly output?: Output | undefined;
  /**
   * Whether colours are used if the output is a terminal. Defaults to true, unless the environment variable
   * NO_COLOR is set.
   */
  readonly colour?: boolean | undefined;
  /**
   * Returns the number of columns, each time that live lines are replaced. Defaults to the width of the
   * console.
   */
  readonly columns?: (() => number) | undefined;
}

/** Opens a terminal on an output stream. */
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
      writeProgress(output, clear() + joinLines([shown(line, escapeControls), ...live]));
    },
    show(texts) {
      if (!isLive) return;
      const before = clear();
      const width = columns();
      live.splice(
        0,
        live.length,
        ...texts.map((line) => truncateStyled(shown(line, escapeForOneLine), width)),
      );
      writeProgress(output, before + joinLines(live));
    },
    keep() {
      live.length = 0;
    },
  };
}

/** Returns texts as lines, each with a line break. */
function joinLines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

/**
 * Returns the number of columns that a table on stdout may have: the width of the terminal, or Infinity if
 * stdout is a pipe or a file.
 */
export function stdoutColumns(): number {
  return Deno.stdout.isTerminal() ? consoleColumns() : Infinity;
}

/** Returns the width of the console in columns, or 80 if it is unknown. */
function consoleColumns(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 80; // it throws when no standard stream is a terminal
  }
}

/**
 * Writes progress to an output stream. Errors of the operating system are ignored, since a full disk or a
 * closed terminal must not end the work.
 */
function writeProgress(output: Output, text: string): void {
  try {
    writeText(output, text);
  } catch (error) {
    const isOfSystem = error instanceof Deno.errors.BrokenPipe ||
      Object.hasOwn(error as Error, "code");
    if (!isOfSystem) throw error;
  }
}
