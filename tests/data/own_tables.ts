/**
 * Tables as people have them, made after Titanic, Adult, Wine Quality and Bank Marketing: categories, gaps,
 * decimal commas, semicolons, identifiers, dates, quotes, CR LF, a byte order mark, no line of names.
 */
import { below, key } from "../../lib/tensor/random.ts";

/** A table, and how its config reads it. */
export interface OwnTable {
  readonly name: string;
  /** The rows, and the line of names before them if there is one. */
  readonly lines: readonly string[];
  readonly lineEnd: "\n" | "\r\n";
  readonly mark: "" | "\ufeff";
  /** Options of the data set besides its path. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Options that are found, and written to the config of the run. */
  readonly found: Readonly<Record<string, unknown>>;
  /** Removes the label from a row. */
  unlabelled(line: string): string;
}

/** Draws whole numbers below a bound, each a function of row and purpose. */
const draw = (row: number, purpose: string, bound: number) => below(key(1, purpose), row, bound);

const rowsOf = (line: (row: number) => string, rows = 120) =>
  Array.from({ length: rows }, (_, row) => line(row));

const pick = (row: number, purpose: string, values: readonly string[]) =>
  values[draw(row, purpose, values.length)];

const titanic: OwnTable = {
  name: "titanic",
  lineEnd: "\r\n",
  mark: "",
  lines: [
    "PassengerId,Survived,Pclass,Name,Sex,Age,Fare,Cabin,Embarked",
    ...rowsOf((row) => {
      const sex = pick(row, "sex", ["male", "female"]);
      const survived = Number(sex === "female");
      const age = draw(row, "gap", 5) === 0 ? "" : `${draw(row, "age", 70)}.5`;
      const cabin = draw(row, "cabin", 3) === 0 ? `C${row}` : "";
      const port = draw(row, "port", 20) === 0 ? "" : pick(row, "port", ["S", "C", "Q"]);
      const name = `"Doe, Mr. ""Jo"" ${row}"`;
      const fare = draw(row, "fare", 9000) / 100;
      return `${row + 1},${survived},${1 + row % 3},${name},${sex},${age},${fare},${cabin},${port}`;
    }),
  ],
  options: { label: "Survived", ignore: ["PassengerId", "Name", "Cabin"], missing: "median" },
  found: { delimiter: ",", decimal: ".", categorical: ["Sex", "Embarked"] },
  unlabelled: (line) => line.replace(/^([^,]*),[^,]*/, "$1"),
};

const adult: OwnTable = {
  name: "adult",
  lineEnd: "\n",
  mark: "",
  lines: rowsOf((row) => {
    const hours = 20 + draw(row, "hours", 40);
    const work = pick(row, "work", ["State-gov", "Private", "?"]);
    const country = pick(row, "country", ["United-States", "?", "Cuba"]);
    return `${17 + draw(row, "age", 60)}, ${work}, ${77516 + row}, ${country}, ${hours}, ${
      hours > 40 ? ">50K" : "<=50K"
    }`;
  }),
  options: { missing: "mean" },
  found: { delimiter: ",", decimal: ".", categorical: [1, 3] },
  unlabelled: (line) => line.replace(/,[^,]*$/, ""),
};

const wine: OwnTable = {
  name: "wine",
  lineEnd: "\r\n",
  mark: "\ufeff",
  lines: [
    '"fixed acidity";"alcohol";"quality"',
    ...rowsOf((row) => {
      const alcohol = 80 + draw(row, "alcohol", 60);
      const acidity = `${7 + row % 2},${draw(row, "acidity", 100)}`;
      return `${acidity};${alcohol / 10 | 0},${alcohol % 10};${alcohol > 110 ? 6 : 5}`;
    }),
  ],
  options: {},
  found: { delimiter: ";", decimal: "," },
  unlabelled: (line) => line.replace(/;[^;]*$/, ""),
};

const bank: OwnTable = {
  name: "bank",
  lineEnd: "\n",
  mark: "",
  lines: [
    '"age";"job";"balance";"date";"poutcome";"y"',
    ...rowsOf((row) => {
      const outcome = pick(row, "outcome", ["success", "failure"]);
      const job = pick(row, "job", ["admin.", "blue-collar", "technician"]);
      const date = `2014-0${1 + row % 9}-1${row % 10}`;
      return `${18 + draw(row, "age", 60)};"${job}";${
        draw(row, "balance", 9000) - 900
      };"${date}";"${outcome}";"${outcome === "success" ? "yes" : "no"}"`;
    }),
  ],
  options: { label: "y", columns: ["age", "job", "balance", "poutcome"] },
  found: { delimiter: ";", decimal: ".", categorical: ["job", "poutcome"] },
  unlabelled: (line) => line.replace(/;[^;]*$/, ""),
};

export const ownTables: readonly OwnTable[] = [titanic, adult, wine, bank];

/** Returns the text of some lines of a table. */
export function textOf({ lineEnd, mark }: OwnTable, lines: readonly string[]): string {
  return mark + lines.map((line) => line + lineEnd).join("");
}
