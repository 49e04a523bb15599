/**
 * Profiles the columns of a table, and suggests their roles and the options of a config to read them.
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

/** Role of a column. */
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

/** Number of distinct values above which a column of mostly unique values may be an identifier. */
const MOST_GUESSED = 20;

const DATE = /^(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})([ T]\d{1,2}:\d{2}.*)?$/;

/** Names of columns whose numbers identify rows. */
const IDENTIFIER = /(^|[_\W])(id|index|uuid|key)$|[a-z](Id|ID)$|^(row|unnamed.*)$/i;

/** Guesses the role of a column. */
export function roleOf(column: ColumnProfile, { rows, label }: TableProfile): Role {
  const { index, name = "", numbers, texts, missing, distinct, isWhole, min, max, examples } =
    column;
  if (index === label) return "label";
  if (numbers + texts === 0) return "empty";
  if (distinct === 1 && missing === 0) return "constant";
  if (texts > 0 && examples.every((text) => DATE.test(text))) return "date";
  const isUnique = distinct > MOST_GUESSED && distinct >= Math.min(rows - missing, MOST_DISTINCT);
  if (texts > numbers) {
    if (isUnique && examples.every((text) => !text.includes(" "))) return "identifier";
    const isFree = distinct > MOST_CATEGORIES || (distinct > MOST_GUESSED && 2 * distinct > rows);
    return isFree ? "free text" : "category";
  }
  if (texts > 0) return "number with texts";
  const isCounter = isWhole && max - min + 1 === distinct;
  if (isUnique && isWhole && (isCounter || IDENTIFIER.test(name))) return "identifier";
  return "number";
}

/** Largest number of listed columns. */
const MOST_LISTED = 40;

/** Returns a table with a row for each of the first columns. */
export function columnsOf(profile: TableProfile): TextTable {
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
        typeOf(column),
        formatCount(missing),
        distinct === MOST_DISTINCT ? `${formatCount(distinct)} or more` : formatCount(distinct),
        numbers === 0 ? NONE : formatNumber(min),
        numbers === 0 ? NONE : formatNumber(max),
        examples.map(shortened).join(", "),
        roleOf(column, profile),
      ];
    }),
  };
}

function typeOf({ numbers, texts, isWhole }: ColumnProfile): string {
  if (numbers + texts === 0) return "empty";
  if (numbers === 0) return "text";
  return texts > 0 ? "mixed" : isWhole ? "whole" : "decimal";
}

/** Longest shown value [code units]. */
const LONGEST = 16;

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** Options of a data set with which a table can be read. */
export type Suggestion = Pick<
  CsvTableOptions,
  "delimiter" | "decimal" | "label" | "columns" | "ignore" | "categorical" | "missing"
>;

/** Suggests the options that are needed to read a table. */
export function suggestedOptions(profile: TableProfile, dialect: Dialect): Suggestion {
  const { label, columns } = profile;
  const roles = columns.map((column) => roleOf(column, profile));
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

/** Profile of a table, and the options to read it. */
export interface TableFindings {
  readonly profile: TableProfile;
  /** Options with which it can be read. */
  readonly options: Suggestion;
  /** Whether the config names the label; else it is the last column. */
  readonly isLabelNamed: boolean;
}

/** Formats the size of a table, remarks, and the suggested options. */
export function profileLines(findings: TableFindings): readonly string[] {
  const { profile, options } = findings;
  return [
    ...tableFacts(findings),
    ...labelProblems(profile),
    'options in "dataset" with which it can be read:',
    ...optionLines(options).map((line) => `  ${line}`),
    "",
  ];
}

/** Formats the size of a table, whether it has a header, and the choice of its label. */
export function tableFacts({ profile, isLabelNamed }: TableFindings): readonly string[] {
  const { rows, columns, names } = profile;
  const more = columns.length - MOST_LISTED;
  return [
    `${formatCount(rows)} rows of ${formatCount(columns.length)} columns, ` +
    (names === undefined ? "without a header" : "with names in the first line"),
    ...(more > 0 ? [`${formatCount(more)} more columns not listed`] : []),
    ...(isLabelNamed ? [] : ['the last column is the label, since no "label" is set']),
  ];
}

/** Returns the reason if the label does not appear to have classes. */
export function labelProblems({ label, columns, rows }: TableProfile): readonly string[] {
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

/** Formats the options as lines of a config. */
export function optionLines(options: Suggestion): readonly string[] {
  const members = Object.entries(options).filter(([, value]) => value !== undefined);
  return members.map(([key, value], place) => {
    const text = Array.isArray(value)
      ? `[${value.map((each) => JSON.stringify(each)).join(", ")}]`
      : JSON.stringify(value);
    return `${JSON.stringify(key)}: ${text}${place < members.length - 1 ? "," : ""}`;
  });
}

/** Returns the facts about a table in explore.json. */
export function tableFigures({ profile, options }: TableFindings): object {
  const { rows, columns, names } = profile;
  return {
    rows,
    namedByFirstLine: names !== undefined,
    columns: columns.map((column) => {
      const { index, name, numbers, missing, distinct, min, max, examples } = column;
      return {
        index,
        ...defined({ name }),
        type: typeOf(column),
        missing,
        ...(distinct === MOST_DISTINCT ? { distinctAtLeast: distinct } : { distinct }),
        ...(numbers === 0 ? {} : { min, max }),
        examples,
        role: roleOf(column, profile),
      };
    }),
    labelProblems: labelProblems(profile),
    options,
  };
}

/** Whether a table has texts or missing values among its features. */
export function hasTextsOrGaps({ columns, label }: TableProfile): boolean {
  return columns.some(({ index, texts, missing }) => index !== label && texts + missing > 0);
}
