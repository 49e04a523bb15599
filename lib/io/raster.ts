/**
 * Conversion of drawings to PNG, for slides and messages that accept no SVG.
 *
 * The library resvg, compiled to WebAssembly, renders drawings with the font Inter. Both npm packages are
 * fetched only for the first PNG. Their names are therefore not literals in the imports below, since Deno
 * would fetch literal imports for every command that loads this module.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type * as Renderer from "@resvg/resvg-wasm";
import { explainError, readFile, readFolderEntries, writeFileAtomic } from "./files.ts";
import { admitCommandLinePath } from "./reads.ts";

/**
 * A function that renders the text of an SVG file in the light theme, and returns the bytes of a PNG file.
 */
type Rasterize = (svg: string) => Uint8Array<ArrayBuffer>;

const RENDERER = "@resvg/resvg-wasm";

/**
 * Package of the font Inter. It has arrows, mathematical symbols, Greek and Cyrillic letters, and its texts
 * are not wider than layouts assume.
 */
const FONTS = "@expo-google-fonts/inter";

const FACES = ["400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf"];

/**
 * Number of pixels of the PNG for each pixel of the drawing along an axis, as high-density screens need.
 */
const ZOOM = 2;

/**
 * Value of resvg's option `imageRendering` for nearest-neighbour scaling, so that enlarged pixels of images
 * stay squares.
 */
const SHARP = 1;

let rasterizer: Promise<Rasterize> | undefined;

/**
 * Returns the function that renders SVG as PNG. It is created once per process, since the WebAssembly
 * module can be initialized only once.
 */
export function openRasterizer(): Promise<Rasterize> {
  return rasterizer ??= createRasterizer();
}

/** Loads the renderer and the font, and returns the function that renders SVG as PNG. */
async function createRasterizer(): Promise<Rasterize> {
  const { initWasm, Resvg } = await importRenderer();
  await initWasm(await readPackageFile(`${RENDERER}/index_bg.wasm`));
  const fontBuffers = await Promise.all(FACES.map((face) => readPackageFile(`${FONTS}/${face}`)));
  const font = { fontBuffers, defaultFontFamily: "Inter" };
  const fitTo = { mode: "zoom", value: ZOOM } as const;
  return (svg) => {
    const drawing = new Resvg(svg, { font, fitTo, imageRendering: SHARP });
    const image = drawing.render();
    const png = Uint8Array.from(image.asPng());
    image.free();
    drawing.free();
    return png;
  };
}

/** Imports the renderer, and the package of the font, so that Deno fetches the font files. */
async function importRenderer(): Promise<typeof Renderer> {
  try {
    await import(`${FONTS}/package.json`, { with: { type: "json" } });
    return await import(RENDERER);
  } catch (error) {
    throw explainError("Cannot load the PNG renderer", error);
  }
}

/**
 * Reads a file of an npm package from Deno's cache. `name` is the name of the package, followed by the path
 * of the file in it.
 */
function readPackageFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = fromFileUrl(import.meta.resolve(name));
  admitCommandLinePath(path);
  return readFile(path, "package");
}

/** Renders every SVG file of a folder and its subfolders as a PNG file beside it. */
export async function writePngs(folder: string): Promise<void> {
  for (const path of (await listDrawings(folder)).toSorted()) await writePng(path);
}

/** Renders the SVG file at a path that ends with "svg" as a PNG file beside it. */
export async function writePng(path: string): Promise<void> {
  const rasterize = await openRasterizer();
  const svg = new TextDecoder().decode(await readFile(path, "drawing"));
  await writeFileAtomic(path.replace(/svg$/, "png"), rasterize(svg));
}

/** Returns the paths of all SVG files in a folder and its subfolders. */
async function listDrawings(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { name, isDirectory } of await readFolderEntries(folder)) {
    const path = join(folder, name);
    if (isDirectory) paths.push(...await listDrawings(path));
    else if (name.endsWith(".svg")) paths.push(path);
  }
  return paths;
}
