/**
 * Formats commands as text: `--help`, and the rows of the tables in the documents.
 *
 * @module
 */
import { type Startup, TASK_STARTUP } from "./startup.ts";
import type { Command } from "./declaration.ts";
import type { Option } from "./options.ts";

/** Width of help texts in characters. */
const COLUMNS = 100;

/** Option and description of `--help`, which every command has. */
const HELP = ["--help", "Show this text"] as const;

/** Formats the help of one command: summary, usage, options, result and exit codes. */
export function formatHelp(command: Command, { commandPrefix }: Startup): string {
  const { name, summary, usage, about, options, result, stops, exits } = command;
  const codes = { ...EXITS, ...(stops === undefined ? {} : STOPS), ...exits };
  const rows = [...Object.entries(options).map(optionAndDoc), HELP];
  const width = Math.max(...rows.map(([option]) => option.length));
  const lines = rows.flatMap(([option, doc]) =>
    wrapText(doc, COLUMNS - width - 4).map((line, index) =>
      `  ${(index === 0 ? option : "").padEnd(width)}  ${line}`
    )
  );
  const paragraphs = [
    `${summary}.`,
    ["Usage:", ...usageLines(`${commandPrefix} ${name}`, usage)].join("\n  "),
    about && wrapParagraphs(about),
    ["Options:", ...lines].join("\n"),
    result && wrapParagraphs(result),
    wrapParagraphs(
      `Exit codes: ${Object.entries(codes).map(([code, doc]) => `${code} ${doc}`).join(", ")}.`,
    ),
  ];
  return paragraphs.filter((text) => text !== undefined).join("\n\n");
}

/** Meanings of the exit codes that all commands have. */
const EXITS: NonNullable<Command["exits"]> = {
  0: "done",
  1: "failed",
  2: "wrong arguments or config",
};

/** Meanings of the exit codes of commands that can be stopped. */
const STOPS: NonNullable<Command["exits"]> = {
  129: "stopped by SIGHUP, as when its terminal closes",
  130: "stopped by Ctrl-C",
  143: "stopped by SIGTERM",
};

/** Formats the list of all commands, which `help` prints. */
export function formatCommandList(
  commands: readonly Command[],
  { commandPrefix }: Startup,
): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.flatMap(({ name, summary }) =>
    wrapText(summary, COLUMNS - width - 4).map((line, index) =>
      `  ${(index === 0 ? name : "").padEnd(width)}  ${line}`
    )
  );
  return [
    "Trains multilayer perceptrons from scratch, with the same bits everywhere.",
    `Usage:\n  ${commandPrefix} COMMAND [ARGUMENTS] [OPTIONS]`,
    ["Commands:", ...lines].join("\n"),
    `"${commandPrefix} help COMMAND" describes one command.`,
  ].join("\n\n");
}

/** Returns the Markdown row of a command in the documents' table of commands: its usage and summary. */
export function formatCommandRow({ name, usage, summary }: Command): string {
  const calls = usage.map((words) =>
    `\`${`${TASK_STARTUP.commandPrefix} ${name} ${words}`.trim()}\``
  ).join(
    ", ",
  );
  return `| ${calls} | ${summary} |`;
}

/**
 * Returns the Markdown rows of the documents' table of options. Commands whose option has the same name and
 * description share a row.
 */
export function formatOptionRows(commands: readonly Command[]): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { name, options } of commands) {
    for (const [option, doc] of Object.entries(options).map(optionAndDoc)) {
      const row = `| \`${option}\` | ${doc}`;
      names.set(row, [...names.get(row) ?? [], `\`${name}\``]);
    }
  }
  return [...names].map(([row, names]) => `${row} | ${names.join(", ")} |`);
}

/**
 * Returns the usage lines of a command, one for each form of its positional arguments.
 *
 * @param commandLine start of each line: "ann train"
 */
function usageLines(commandLine: string, usage: Command["usage"]): readonly string[] {
  return usage.map((words) => `${commandLine} ${`${words} [OPTIONS]`.trim()}`);
}

/** Returns the command-line form of an option, "--epochs N", and its description with the default. */
function optionAndDoc([name, option]: [string, Option]): readonly [option: string, doc: string] {
  const { placeholder, doc, default: byDefault } = option;
  const usage = `--${toKebabCase(name)}${placeholder === undefined ? "" : ` ${placeholder}`}`;
  return [usage, byDefault === undefined ? doc : `${doc}. Defaults to ${byDefault}`];
}

/** Converts camel case to kebab case: the option `dataDir` is `data-dir` on the command line. */
export function toKebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Wraps each paragraph of a text to 100 columns. A paragraph with an indented line is not changed. */
function wrapParagraphs(text: string): string {
  const paragraphs = text.split("\n\n").map((paragraph) =>
    paragraph.includes("\n ")
      ? paragraph
      : wrapText(paragraph.replaceAll("\n", " "), COLUMNS).join("\n")
  );
  return paragraphs.join("\n\n");
}

/** Splits a text at spaces into lines of at most `columns` characters. A longer word is one longer line. */
export function wrapText(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
