/**
 * Drawings as PNG, for slides and messages that take no SVG.
 *
 * They are rendered by resvg, compiled to WebAssembly, with the font Inter; both come from npm, are read
 * as files, and are fetched only when a PNG is asked for: therefore their names are no literals where
 * they are imported, which Deno would fetch for every command that might come here.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type * as Renderer from "@resvg/resvg-wasm";
import { entriesOf, explained, readFile, writeFileAtomic } from "./files.ts";

/** Renders a whole SVG file as a PNG, in the light theme. */
type Rasterize = (svg: string) => Uint8Array<ArrayBuffer>;

const RENDERER = "@resvg/resvg-wasm";

/** Inter has figures, arrows, mathematics, Greek and Cyrillic, and is narrower than texts allow for. */
const FONTS = "@expo-google-fonts/inter";

const FACES = ["400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf"];

/** Pixels of the PNG to a pixel of the drawing, as screens with small pixels show it. */
const ZOOM = 2;

/** How images are drawn that say it in a way which resvg does not know: pixels stay squares. */
const SHARP = 1;

let rasterizer: Promise<Rasterize> | undefined;

/** The function that renders; its module can be set up only once a process, so it is kept. */
export function openRasterizer(): Promise<Rasterize> {
  return rasterizer ??= setUp();
}

async function setUp(): Promise<Rasterize> {
  const { initWasm, Resvg } = await imported();
  await initWasm(await fileOf(`${RENDERER}/index_bg.wasm`));
  const fontBuffers = await Promise.all(FACES.map((face) => fileOf(`${FONTS}/${face}`)));
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

/** The renderer; the font's package too, so that its files are there and can be found. */
async function imported(): Promise<typeof Renderer> {
  try {
    await import(`${FONTS}/package.json`, { with: { type: "json" } });
    return await import(RENDERER);
  } catch (error) {
    throw explained("Cannot load what renders PNG", error);
  }
}

function fileOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return readFile(fromFileUrl(import.meta.resolve(name)), "package");
}

/** Writes a PNG beside every SVG file of a folder and of the folders in it. */
export async function writeImages(folder: string): Promise<void> {
  for (const path of (await drawingsBelow(folder)).toSorted()) await writeImage(path);
}

/** Writes a PNG beside an SVG file. */
export async function writeImage(path: string): Promise<void> {
  const rasterize = await openRasterizer();
  const svg = new TextDecoder().decode(await readFile(path, "drawing"));
  await writeFileAtomic(path.replace(/svg$/, "png"), rasterize(svg));
}

async function drawingsBelow(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { name, isDirectory } of await entriesOf(folder)) {
    const path = join(folder, name);
    if (isDirectory) paths.push(...await drawingsBelow(path));
    else if (name.endsWith(".svg")) paths.push(path);
  }
  return paths;
}
