import { z } from "zod";
import { type DiagramLayer, networkDiagram } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import type { Named } from "../../config/registry.ts";
import { type Layer, layers as registry, network as networkOf } from "../../nn/mod.ts";
import { overview } from "../../observe/overview.ts";
import type { RunRecord } from "../../run/record.ts";
import { asObject, formatValue, stageOptions } from "../config.ts";
import { observedValue } from "../observed.ts";
import type { Panel } from "../panel.ts";
import { sizeOf } from "../../tensor/tensor.ts";

/** Largest number of layers in the diagram. If there are more, the first and the last ones are drawn. */
const MOST_LAYERS = 16;

/**
 * Returns the panel with the layers of the network from input to output, their output shapes and numbers of
 * parameters. Returns undefined if the layers in the config do not have as many parameters as the run, as for
 * an ensemble.
 */
export function network(record: RunRecord): Panel | undefined {
  const input = inputLayer(record);
  const { layers } = stageOptions(record.config, "train");
  const read = z.array(registry.schema).min(1).safeParse(layers);
  if (input === undefined || !read.success) return undefined;
  const width = sizeOf(input.shape);
  const chain = diagramLayers(read.data, width);
  const parameters = chain.reduce((sum, layer) => sum + layer.parameters, 0);
  if (parameters !== record.parameters) return undefined;
  return {
    title: "Layers",
    caption: "Output shape and number of parameters of each layer.",
    span: 1,
    draw: (width) => networkDiagram({ width, layers: shortenLayers([input, ...chain]) }),
  };
}

/** Returns the input of the network as the first layer of the diagram; undefined if its shape is unknown. */
function inputLayer(record: RunRecord): DiagramLayer | undefined {
  const { galleries, reduction } = record;
  const shape = observedValue(record, overview)?.shape ?? galleries[0]?.shape;
  const of = { parameters: 0, kind: "data" } as const;
  if (reduction !== undefined) return { ...of, title: reduction.name, shape: [reduction.kept] };
  return shape === undefined ? undefined : { ...of, title: "input", shape };
}

/** Options of a layer with its name. */
type NamedLayer = Named<typeof registry>;

/** Returns the layers of the diagram for a chain of layers with a number of inputs. */
function diagramLayers(layers: readonly NamedLayer[], inputs: number): readonly DiagramLayer[] {
  const placed = networkOf(layers.map((layer) => registry.create(layer)), inputs);
  return placed.layers.map(({ layer, inputs, parameters }, index): DiagramLayer => {
    const named = layers[index];
    return {
      title: layerTitle(named, layer),
      shape: [layer.width(inputs)],
      parameters: parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      kind: layer.category,
      ...("layers" in named ? { block: diagramLayers(named.layers, inputs) } : {}),
    };
  });
}

/**
 * Returns the name of a layer with the value of its main option: "dropout 0.2". A layer with weights has only
 * its name, since its main option is its size, which the diagram shows.
 */
function layerTitle(named: NamedLayer, { category }: Layer): string {
  const { main } = registry.get(named.name);
  if (main === undefined || category === "weights") return named.name;
  return `${named.name} ${formatValue(asObject(named)[main])}`;
}

/** Replaces the layers in the middle of a long chain by one entry with their number and their parameters. */
function shortenLayers(layers: readonly DiagramLayer[]): readonly DiagramLayer[] {
  if (layers.length <= MOST_LAYERS) return layers;
  const half = MOST_LAYERS / 2;
  const [left, out, right] = [
    layers.slice(0, half),
    layers.slice(half, -half),
    layers.slice(-half),
  ];
  const last = out[out.length - 1];
  const parameters = out.reduce((sum, layer) => sum + layer.parameters, 0);
  const title = `… ${formatCount(out.length)} more layers`;
  return [...left, { title, shape: last.shape, parameters, kind: "weights" }, ...right];
}
