/**
 * Looking at a network while it is trained: distributions of activations, parameters and gradients at
 * some ends of epochs, on the same samples each time; and its first weights.
 *
 * @module
 */

import type { Part } from "../data/dataset.ts";
import type { Spaces } from "../engine/backend.ts";
import type { Network } from "../nn/mod.ts";
import type { DistributionKind, Look } from "../run/distributions.ts";
import type { UnitWeights } from "../run/observed.ts";
import { below, key, sizeOf } from "../tensor/mod.ts";
import type { ParameterGroup } from "../optim/parameter_groups.ts";
import { deadColumns, histogram } from "./histogram.ts";
import { hiddenName, hiddenOutputs } from "./observation_step.ts";
import type { ParameterValue } from "../train/state.ts";
import { gradientName, parametersName } from "../train/step/step.ts";

/** Samples that are looked at, at most. */
const SAMPLES = 256;

/** Moments at which a training is looked at, at most, besides its end if it ends early. */
const MOMENTS = 20;

/** Units whose weights are kept, at most. */
const UNITS = 32;

/** Weights that are kept, at most. */
const MOST_WEIGHTS = 100_000;

/**
 * The ends of epochs at which a training is looked at, as numbers of finished epochs: 0 for the beginning,
 * the first, the last, and evenly between, as near as whole numbers come.
 */
export function observedEpochs(epochs: number): ReadonlySet<number> {
  const count = Math.min(epochs, MOMENTS - 1);
  const apart = count === 1 ? 0 : (epochs - 1) / (count - 1);
  return new Set([0, ...Array.from({ length: count }, (_, i) => 1 + Math.round(i * apart))]);
}

/** The rows of a part that are looked at, drawn from the seed of the run, in rising order. */
export function observedRows({ rows }: Pick<Part, "rows">, seed: number): Uint32Array {
  if (rows.length <= SAMPLES) return rows;
  const drawn = new Set<number>();
  const from = key(seed, "observe");
  for (let i = 0; drawn.size < SAMPLES; i++) drawn.add(below(from, i, rows.length));
  return Uint32Array.from(drawn, (place) => rows[place]).sort();
}

/** What a machine holds after a program of the step of observation has run. */
interface Observed {
  readonly network: Network;
  /** How its parameters lie in vectors. */
  readonly groups: readonly ParameterGroup[];
}

/** Reads what a machine holds after an observation; matrices in panels have the same numbers. */
export function readLook(
  machine: Pick<Spaces, "floats">,
  { network, groups }: Observed,
): Look["seen"] {
  const activations = hiddenOutputs(network).map((hidden): Look["seen"][number] => {
    const values = machine.floats(`out:${hiddenName(hidden)}`);
    const dead = deadColumns(values, hidden.units);
    return {
      kind: "activation",
      name: hidden.layer,
      shape: [hidden.units],
      histogram: { ...histogram(values), dead },
    };
  });
  const ofParameters = (kind: DistributionKind, spaceOf: (group: ParameterGroup) => string) => {
    const found = groups.flatMap((group) => {
      const vector = machine.floats(spaceOf(group));
      return group.parameters.map(({ name, shape, offset }) => {
        const values = vector.subarray(offset, offset + sizeOf(shape));
        return [name, { kind, name, shape, histogram: histogram(values) }] as const;
      });
    });
    const byName = new Map(found);
    return network.parameters.flatMap(({ name }) => byName.get(name) ?? []);
  };
  return [
    ...activations,
    ...ofParameters("parameter", (group) => `in:${parametersName(group)}`),
    ...ofParameters("gradient", (group) => `out:${gradientName(group)}`),
  ];
}

/**
 * The weights into the first units of the first layer that has weights: as many as there is room for;
 * undefined if there is no such layer, or no room for one unit.
 */
export function firstWeights(
  { parameters }: Pick<Network, "parameters">,
  values: ReadonlyMap<string, ParameterValue>,
): UnitWeights | undefined {
  const spec = parameters.find(({ role, shape }) => role === "weight" && shape.length === 2);
  if (spec === undefined) return undefined;
  const [inputs, units] = spec.shape as readonly [number, number];
  const shown = Math.min(units, UNITS, Math.floor(MOST_WEIGHTS / inputs));
  if (shown === 0) return undefined;
  const { data } = values.get(spec.name) as ParameterValue;
  const weights = new Float32Array(shown * inputs);
  for (let unit = 0; unit < shown; unit++) {
    for (let i = 0; i < inputs; i++) weights[unit * inputs + i] = data[i * units + unit];
  }
  return { parameter: spec.name, units, inputs, shown, weights };
}
