/**
 * Guesses the role of each column of a table, and suggests the options with which a config can read the table.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import type { CsvTableOptions } from "../../data/datasets/csv.ts";
import { isRegressionLike } from "../../data/formats/classes.ts";
import { NO_LABEL } from "../../data/formats/labels.ts";
import {
  type ColumnProfile,
  MOST_CATEGORIES,
  MOST_DISTINCT,
  type TableProfile,
} from "../../data/formats/raw_table.ts";
import type { Dialect } from "../../data/formats/dialect.ts";
import { formatCount, formatNumber } from "../../format/numbers.ts";
import { left, NONE, right, type TextTable } from "../../format/text_table.ts";

/** Role of a table's column, as guessed from its name and values. */
export type Role =
  | "label"
  | "number"
  | "category"
  | "identifier"
  | "date"
  | "free text"
  | "constant"
  | "empty"
  | "number with texts";

/**
 * Number of distinct values that a column must exceed to be guessed an identifier or free text, even if each value
 * occurs once.
 */
const FEW_VALUES = 20;

/** Pattern of dates, with or without a time of day. */
const DATE = /^(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})([ T]\d{1,2}:\d{2}.*)?$/;

/** Pattern of the names of columns whose whole numbers usually identify rows. */
const IDENTIFIER = /(^|[_\W])(id|index|uuid|key)$|[a-z](Id|ID)$|^(row|unnamed.*)$/i;

/**
 * Guesses the role of a column from its name, the types of its values, and the number of distinct ones.
 *
 * @param rows number of rows of the table
 * @param label index of the column with the label
 */
export function guessRole(column: ColumnProfile, { rows, label }: TableProfile): Role {
  const { index, name = "", numbers, texts, missing, distinct, isWhole, min, max, examples } =
    column;
  if (index === label) return "label";
  if (numbers + texts === 0) return "empty";
  if (distinct === 1 && missing === 0) return "constant";
  if (texts > 0 && examples.every((text) => DATE.test(text))) return "date";
  const isUnique = distinct > FEW_VALUES && distinct >= Math.min(rows - missing, MOST_DISTINCT);
  if (texts > numbers) {
    if (isUnique && examples.every((text) => !text.includes(" "))) return "identifier";
    const isFree = distinct > MOST_CATEGORIES || (distinct > FEW_VALUES && 2 * distinct > rows);
    return isFree ? "free text" : "category";
  }
  if (texts > 0) return "number with texts";
  const isCounter = isWhole && max - min + 1 === distinct;
  if (isUnique && isWhole && (isCounter || IDENTIFIER.test(name))) return "identifier";
  return "number";
}

/** Largest number of columns that are listed. */
const MOST_LISTED = 40;

/**
 * Returns a table with the type, values and guessed role of each column, for at most {@linkcode MOST_LISTED}
 * columns.
 */
export function profileTable(profile: TableProfile): TextTable {
  const figures = ["missing", "distinct", "minimum", "maximum"];
  return {
    columns: [
      left("column"),
      left("type"),
      ...figures.map(right),
      left("first values"),
      left("role"),
    ],
    rows: profile.columns.slice(0, MOST_LISTED).map((column) => {
      const { index, name, numbers, missing, distinct, min, max, examples } = column;
      return [
        name ?? `${index}`,
        columnType(column),
        formatCount(missing),
        distinct === MOST_DISTINCT ? `${formatCount(distinct)} or more` : formatCount(distinct),
        numbers === 0 ? NONE : formatNumber(min),
        numbers === 0 ? NONE : formatNumber(max),
        examples.map(shortenText).join(", "),
        guessRole(column, profile),
      ];
    }),
  };
}

/** Returns the type of the values of a column. */
function columnType({ numbers, texts, isWhole }: ColumnProfile): string {
  if (numbers + texts === 0) return "empty";
  if (numbers === 0) return "text";
  return texts > 0 ? "mixed" : isWhole ? "whole" : "decimal";
}

/** Largest number of code units of an example value; longer values are cut. */
const LONGEST = 16;

function shortenText(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** Options of a data set that are suggested for reading a table. */
export type Suggestion = Pick<
  CsvTableOptions,
  "delimiter" | "decimal" | "label" | "columns" | "ignore" | "categorical" | "missing"
>;

/**
 * Suggests the options with which a config can read a table.
 *
 * @param dialect delimiter and decimal sign of the file
 */
export function suggestOptions(profile: TableProfile, dialect: Dialect): Suggestion {
  const { label, columns } = profile;
  const roles = columns.map((column) => guessRole(column, profile));
  const named = (...wanted: readonly Role[]) =>
    columns.flatMap(({ name, index }) => wanted.includes(roles[index]) ? [name ?? index] : []);
  const ignored = named("identifier", "date", "free text", "empty", "number with texts");
  const categorical = columns.flatMap(({ name, index, texts, numbers }) =>
    (roles[index] === "category" || (roles[index] === "constant" && texts > numbers))
      ? [name ?? index]
      : []
  );
  const isUsed = (role: Role) => role === "category" || role === "number" || role === "constant";
  const hasGaps = columns.some(({ index, missing }) => missing > 0 && isUsed(roles[index]));
  return {
    label: columns[label].name ?? label,
    ...defined({
      delimiter: dialect.delimiter === "," ? undefined : dialect.delimiter,
      decimal: dialect.decimal === "." ? undefined : dialect.decimal,
      ignore: ignored.length === 0 ? undefined : ignored,
      categorical: categorical.length === 0 ? undefined : categorical,
      missing: hasGaps ? "median" as const : undefined,
    }),
  };
}

/** Profile of a table, and the suggested options for reading it. */
export interface TableFindings {
  readonly profile: TableProfile;
  /** Suggested options for reading the table. */
  readonly options: Suggestion;
  /** Whether the config sets the label. If not, the last column is the label. */
  readonly isLabelNamed: boolean;
}

/** Formats a table's size, header and label, problems of the label, and the suggested options, as lines. */
export function formatProfile(findings: TableFindings): readonly string[] {
  const { profile, options } = findings;
  return [
    ...describeTable(findings),
    ...findLabelProblems(profile),
    'options in "dataset" with which it can be read:',
    ...formatOptions(options).map((line) => `  ${line}`),
    "",
  ];
}

/**
 * Describes a table in sentences: its size and header, the number of columns that {@linkcode profileTable} omits if
 * there are such, and that the last column is the label if the config sets none.
 */
export function describeTable({ profile, isLabelNamed }: TableFindings): readonly string[] {
  const { rows, columns, names } = profile;
  const more = columns.length - MOST_LISTED;
  return [
    `${formatCount(rows)} rows of ${formatCount(columns.length)} columns, ` +
    (names === undefined ? "without a header" : "with names in the first line"),
    ...(more > 0 ? [`${formatCount(more)} more columns not listed`] : []),
    ...(isLabelNamed ? [] : ['the last column is the label, since no "label" is set']),
  ];
}

/** Returns, in a list, the reason why a table's label does not appear to have classes; an empty list if it does. */
export function findLabelProblems({ label, columns, rows }: TableProfile): readonly string[] {
  const { name, distinct, numbers, texts, empty, isWhole } = columns[label];
  const column = `label ${JSON.stringify(name ?? label)}`;
  if (empty > 0) {
    return [
      `${column} is empty in ${formatCount(empty)} of ${formatCount(rows)} rows: ${NO_LABEL}`,
    ];
  }
  if (texts > 0 || numbers === 0 || !isRegressionLike({ distinct, rows, isWhole })) return [];
  return [
    `${column} has ${formatCount(distinct)} distinct numbers in ${formatCount(rows)} rows: this ` +
    "looks like regression, but only classification is supported; if they are classes, list them in " +
    '"classes"',
  ];
}

/** Formats suggested options as lines of JSON for a config, without braces. */
export function formatOptions(options: Suggestion): readonly string[] {
  const members = Object.entries(options).filter(([, value]) => value !== undefined);
  return members.map(([key, value], place) => {
    const text = Array.isArray(value)
      ? `[${value.map((each) => JSON.stringify(each)).join(", ")}]`
      : JSON.stringify(value);
    return `${JSON.stringify(key)}: ${text}${place < members.length - 1 ? "," : ""}`;
  });
}

/** Returns the facts about a table that explore.json stores. */
export function tableAsJson({ profile, options }: TableFindings): object {
  const { rows, columns, names } = profile;
  return {
    rows,
    namedByFirstLine: names !== undefined,
    columns: columns.map((column) => {
      const { index, name, numbers, missing, distinct, min, max, examples } = column;
      return {
        index,
        ...defined({ name }),
        type: columnType(column),
        missing,
        ...(distinct === MOST_DISTINCT ? { distinctAtLeast: distinct } : { distinct }),
        ...(numbers === 0 ? {} : { min, max }),
        examples,
        role: guessRole(column, profile),
      };
    }),
    labelProblems: findLabelProblems(profile),
    options,
  };
}

/** Returns whether any column besides the label has texts or missing values. */
export function hasTextsOrMissingValues({ columns, label }: TableProfile): boolean {
  return columns.some(({ index, texts, missing }) => index !== label && texts + missing > 0);
}
