/**
 * Writing to a terminal: colours, and lines that are rewritten in place.
 *
 * Progress goes to stderr, so that stdout holds results only. Where stderr is no terminal nothing
 * is rewritten, and no control sequence is written at all. Control characters in what is printed, of a
 * label or a path for example, are escaped.
 *
 * @module
 */
import { visible, visibleField } from "../format/visible.ts";
import { type Output, writeAll } from "./print.ts";
import { cut } from "./text.ts";

type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** The numbers of ECMA-48 (SGR) that switch the styles on. */
const STYLES: Readonly<Record<Style, number>> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  cyan: 36,
};

export interface Terminal {
  /** Whether lines can be rewritten; else print whole lines, and few of them. */
  readonly isLive: boolean;
  /** Columns of the terminal now; 80 where nobody knows. */
  columns(): number;
  /** The text in a style, for this terminal alone; or as it is where colours are not wanted. */
  style(text: string, style: Style): string;
  print(line: string): void;
  /** Shows lines that the next call replaces; cut to the terminal's width. Nothing if not live. */
  show(lines: readonly string[]): void;
  /** Leaves the live lines as they stand; what is printed next goes below them. */
  keep(): void;
}

interface TerminalOptions {
  /** Stderr if missing. */
  readonly output?: Output | undefined;
  /** Whether colours are wanted on a terminal; follows the convention NO_COLOR if missing. */
  readonly colour?: boolean | undefined;
  /** Columns of the terminal, asked before each {@link Terminal.show}. */
  readonly columns?: (() => number) | undefined;
}

/** Opens stderr, or another output, for lines, colours and live lines. */
export function openTerminal(
  { output = Deno.stderr, colour = !Deno.noColor, columns = consoleColumns }: TerminalOptions = {},
): Terminal {
  const isLive = output.isTerminal();
  // styles are marked by a word that no printed text can know, and so cannot be forged by one
  const mark = crypto.randomUUID();
  const marked = new RegExp(`\\x1b\\[${mark};(\\d+)m`);
  const shown = (line: string, escape: (text: string) => string) =>
    line.split(marked).map((part, i) => i % 2 === 0 ? escape(part) : `\x1b[${part}m`).join("");
  const live: string[] = [];
  // to the left, where ^C may have been shown, then up, and erase what is below
  const clear = () => live.length === 0 ? "" : `\r\x1b[${live.length}A\x1b[J`;
  return {
    isLive,
    columns,
    style: (text, style) =>
      isLive && colour ? `\x1b[${mark};${STYLES[style]}m${text}\x1b[${mark};0m` : text,
    print(line) {
      write(output, clear() + lines([shown(line, visible), ...live]));
    },
    show(texts) {
      if (!isLive) return;
      const before = clear();
      const width = columns();
      live.splice(0, live.length, ...texts.map((line) => cut(shown(line, visibleField), width)));
      write(output, before + lines(live));
    },
    keep() {
      live.length = 0;
    },
  };
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

/** Columns that a table printed to stdout has: those of the terminal; any number in a pipe or a file. */
export function printedColumns(): number {
  return Deno.stdout.isTerminal() ? consoleColumns() : Infinity;
}

/** Columns of the console; 80 where nobody knows. */
function consoleColumns(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 80; // it throws when no standard stream is a terminal
  }
}

/** Writes all of a text that the work does not rest on: a full disk or a closed terminal must not end it. */
function write(output: Output, text: string): void {
  try {
    writeAll(output, text);
  } catch (error) {
    const isOfSystem = error instanceof Deno.errors.BrokenPipe ||
      Object.hasOwn(error as Error, "code");
    if (!isOfSystem) throw error;
  }
}
