import type { Group } from "./duplicates.ts";
import type { Exploration } from "./explore.ts";
import { tableAsJson, type TableFindings } from "./table.ts";
import { jsonLines, prettyJson } from "../../run/json.ts";
import { defined } from "../../config/defined.ts";
import { explainedVarianceRatios } from "../../data/reduce/pca.ts";

/** Name of an exploration's folder, name and description of its config, and the columns if the data are a table. */
interface ExplorationHead {
  readonly name: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly table?: TableFindings | undefined;
}

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

/** Encodes an exploration as contents of files by name: explore.json, and features.jsonl with a line per feature. */
export function encodeExploration(record: ExplorationRecord): ReadonlyMap<string, string> {
  return new Map([["explore.json", encodeTotals(record)], [
    "features.jsonl",
    encodeFeatures(record),
  ]]);
}

/** Encodes the exploration of a table whose label has no classes as contents of files by name. */
export function encodeTableRecord({ title, table }: TableRecord): ReadonlyMap<string, string> {
  return new Map([["explore.json", prettyJson({ name: title, table: tableAsJson(table) })]]);
}

function encodeTotals(record: ExplorationRecord): string {
  const { title, dataset, note, classes, shape, type, splits, duplicates, plane } = record;
  const { repetitions, groups, listed } = duplicates;
  const places = (group: Group) => ({
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

/** Largest number of components' variance shares, and of samples in a group of duplicates, in explore.json. */
const [MOST_SHARES, MOST_PLACES] = [50, 20];

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
