import type { Group } from "./duplicates.ts";
import type { Exploration } from "./explore.ts";
import { tableAsJson, type TableFindings } from "./table.ts";
import { jsonLines, prettyJson } from "../../run/json.ts";
import { defined } from "../../config/defined.ts";
import { explainedVarianceRatios } from "../../data/reduce/pca.ts";

/** The name of an exploration, what its config says of itself, and the columns of its table if it has one. */
interface ExplorationHead {
  readonly name: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly table?: TableFindings | undefined;
}

export interface ExplorationRecord extends Exploration, ExplorationHead {}

/** An exploration of a table whose label has no classes. */
export interface TableRecord extends ExplorationHead {
  readonly table: TableFindings;
}

/** Returns the features that are constant on the training split. */
export function constantFeatures(
  { features: { min, max } }: Pick<Exploration, "features">,
): readonly number[] {
  return Array.from(min.keys()).filter((feature) => min[feature] === max[feature]);
}

/** Encodes an exploration as files: explore.json with totals, features.jsonl with a line for each feature. */
export function encodeExploration(record: ExplorationRecord): ReadonlyMap<string, string> {
  return new Map([["explore.json", figures(record)], ["features.jsonl", featureLines(record)]]);
}

/** The exploration of a table whose label has no classes, as files. */
export function encodeTableRecord({ title, table }: TableRecord): ReadonlyMap<string, string> {
  return new Map([["explore.json", prettyJson({ name: title, table: tableAsJson(table) })]]);
}

function figures(record: ExplorationRecord): string {
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

/** Largest numbers of written variance shares, and of written samples in a group of duplicates. */
const [MOST_SHARES, MOST_PLACES] = [50, 20];

function featureLines({ columns, features, differences: { explained } }: Exploration): string {
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
