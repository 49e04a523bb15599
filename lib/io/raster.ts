/**
 * Conversion of drawings to PNG, for slides and messages that accept no SVG.
 *
 * resvg, compiled to WebAssembly, renders them with the font Inter. Both packages come from npm and are
 * fetched only for the first PNG. Their names are therefore not literals in the imports below: Deno
 * would fetch literal ones for every command whose modules lead here.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type * as Renderer from "@resvg/resvg-wasm";
import { explainError, readFile, readFolderEntries, writeFileAtomic } from "./files.ts";
import { admitCommandLinePath } from "./reads.ts";

/** Renders the text of an SVG file as a PNG, in the light theme. */
type Rasterize = (svg: string) => Uint8Array<ArrayBuffer>;

const RENDERER = "@resvg/resvg-wasm";

/** Inter has arrows, mathematics, Greek and Cyrillic, and its texts fit the widths that layouts assume. */
const FONTS = "@expo-google-fonts/inter";

const FACES = ["400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf"];

/** Pixels of the PNG per pixel of the drawing, enough for high-density screens. */
const ZOOM = 2;

/** resvg's `optimizeSpeed`: nearest-neighbour scaling, so that pixels of digits stay squares. */
const SHARP = 1;

let rasterizer: Promise<Rasterize> | undefined;

/** Returns the renderer. Its WebAssembly module can be initialized only once per process. */
export function openRasterizer(): Promise<Rasterize> {
  return rasterizer ??= createRasterizer();
}

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

/** Imports the renderer, and the font's package, so that Deno fetches its files. */
async function importRenderer(): Promise<typeof Renderer> {
  try {
    await import(`${FONTS}/package.json`, { with: { type: "json" } });
    return await import(RENDERER);
  } catch (error) {
    throw explainError("Cannot load the PNG renderer", error);
  }
}

/** Reads a file of a package, which lies in Deno's cache. */
function readPackageFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = fromFileUrl(import.meta.resolve(name));
  admitCommandLinePath(path);
  return readFile(path, "package");
}

/** Writes a PNG beside every SVG file of a folder and its subfolders. */
export async function writePngs(folder: string): Promise<void> {
  for (const path of (await listDrawings(folder)).toSorted()) await writePng(path);
}

/** Writes a PNG beside an SVG file. */
export async function writePng(path: string): Promise<void> {
  const rasterize = await openRasterizer();
  const svg = new TextDecoder().decode(await readFile(path, "drawing"));
  await writeFileAtomic(path.replace(/svg$/, "png"), rasterize(svg));
}

async function listDrawings(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { name, isDirectory } of await readFolderEntries(folder)) {
    const path = join(folder, name);
    if (isDirectory) paths.push(...await listDrawings(path));
    else if (name.endsWith(".svg")) paths.push(path);
  }
  return paths;
}
