/**
 * The notebooks in lib/docs/notebooks, as files.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

/** The folder of the notebooks. */
export const NOTEBOOKS = fromFileUrl(new URL("../lib/docs/notebooks/", import.meta.url));

/** A cell of a notebook, in the part of Jupyter's format 4.5 that is used here. */
export interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly source: string | readonly string[];
  execution_count?: number | null;
  outputs?: readonly Output[];
}

/** Output of a cell: a text that it prints, or its value. */
export type Output =
  | { readonly output_type: "stream"; readonly name: "stdout"; readonly text: readonly string[] }
  | {
    readonly output_type: "execute_result";
    readonly execution_count: number;
    readonly data: Readonly<Record<string, readonly string[]>>;
    readonly metadata: Readonly<Record<string, never>>;
  };

/** A notebook's file. */
export interface Notebook {
  readonly cells: readonly Cell[];
}

/** Returns the names of the notebooks. */
export function notebookNames(): readonly string[] {
  return [...Deno.readDirSync(NOTEBOOKS)].map(({ name }) => name)
    .filter((name) => name.endsWith(".ipynb")).sort();
}

/** Reads a notebook by its name. */
export async function readNotebook(name: string): Promise<Notebook> {
  return JSON.parse(await Deno.readTextFile(NOTEBOOKS + name));
}

/** Returns the code of a cell; undefined if it is text. */
export function codeOf({ cell_type, source }: Cell): string | undefined {
  if (cell_type !== "code") return undefined;
  return typeof source === "string" ? source : source.join("");
}
