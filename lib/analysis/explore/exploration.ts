import type { DuplicateGroup } from "./duplicates.ts";
import type { Exploration } from "./explore.ts";
import { tableAsJson, type TableFindings } from "./table.ts";
import { jsonLines, prettyJson } from "../../run/json.ts";
import { defined } from "../../config/defined.ts";
import { explainedVarianceRatios } from "../../data/reduce/pca.ts";

/**
 * Name of an exploration's folder, title and description of its config, and findings about the columns if the
 * data are a table.
 */
interface ExplorationHead {
  /** Name of the exploration's folder. */
  readonly name: string;
  /** Name of the config. */
  readonly title: string;
  readonly description?: string | undefined;
  /** Findings about the columns; undefined if the data are not a table. */
  readonly table?: TableFindings | undefined;
}

/** An exploration with the names for its page and files. */
export interface ExplorationRecord extends Exploration, ExplorationHead {}

/** Exploration of a table whose label has no classes: only its columns are described. */
export interface TableRecord extends ExplorationHead {
  readonly table: TableFindings;
}

/** Returns the indices of the features that are constant on the training split. */
export function constantFeatures(
  { features: { min, max } }: Pick<Exploration, "features">,
): readonly number[] {
  return Array.from(min.keys()).filter((feature) => min[feature] === max[feature]);
}

/**
 * Encodes an exploration as contents of files by file name: explore.json, and features.jsonl with a line for
 * each feature.
 */
export function encodeExploration(record: ExplorationRecord): ReadonlyMap<string, string> {
  return new Map([["explore.json", encodeTotals(record)], [
    "features.jsonl",
    encodeFeatures(record),
  ]]);
}

/** Encodes the exploration of a table whose label has no classes as the content of explore.json, by file name. */
export function encodeTableRecord({ title, table }: TableRecord): ReadonlyMap<string, string> {
  return new Map([["explore.json", prettyJson({ name: title, table: tableAsJson(table) })]]);
}

/** Encodes explore.json: everything but the statistics of each feature. */
function encodeTotals(record: ExplorationRecord): string {
  const { title, dataset, note, classes, shape, type, splits, duplicates, plane } = record;
  const { repetitions, groups, listed } = duplicates;
  const places = (group: DuplicateGroup) => ({
    samples: group.length,
    first: group.slice(0, MOST_PLACES).map(({ split, row, label }) => ({
      split,
      row,
      class: classes[label],
    })),
  });
  return prettyJson({
    name: title,
    dataset,
    ...defined({ note, table: record.table && tableAsJson(record.table) }),
    shape,
    type,
    classes,
    splits,
    constantFeatures: constantFeatures(record).length,
    duplicates: { repetitions, groups, listed: listed.map(places) },
    ...defined({
      principalComponents: plane && {
        samples: plane.rows.length,
        features: plane.features,
        scaled: plane.scaled,
        shares: explainedVarianceRatios(plane.variances).slice(0, MOST_SHARES),
      },
    }),
  });
}

/**
 * Largest numbers, in explore.json, of components whose share of the variance is listed, and of samples that
 * are listed for a group of duplicates.
 */
const [MOST_SHARES, MOST_PLACES] = [50, 20];

/** Encodes features.jsonl, with a line for each feature. */
function encodeFeatures({ columns, features, differences: { explained } }: Exploration): string {
  const { min, max, mean, deviation, nonZero } = features;
  return jsonLines(Array.from(min, (smallest, f) => {
    const share = explained[f];
    return {
      feature: f,
      ...defined({ column: columns?.[f] }),
      min: smallest,
      max: max[f],
      mean: mean[f],
      deviation: deviation[f],
      nonZero: nonZero[f],
      explained: Number.isNaN(share) ? null : share,
    };
  }));
}
