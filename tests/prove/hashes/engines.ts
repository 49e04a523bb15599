/**
 * The engines that run the bundle, beside Deno: on Debian, with the packages that have them.
 *
 * @module
 */
import { output } from "../process.ts";

/** An engine of JavaScript and WebAssembly. */
export interface Engine {
  readonly name: string;
  /** Debian's package, or where else it comes from. */
  readonly from: string;
  /** Returns its version. Throws a `MissingError` if it is not installed. */
  version(): Promise<string>;
  /** Runs a file, and returns what it printed. */
  run(path: string): Promise<string>;
}

const CHROMIUM = "/usr/bin/chromium";

/** The first number with dots that a program prints. */
async function versionIn(program: string, ...args: readonly string[]): Promise<string> {
  return /\d+(\.\d+)+/.exec(await output(program, args))?.[0] ?? "";
}

/** The engines in the order of the table. */
export const engines: readonly Engine[] = [
  {
    name: "Node (V8)",
    from: "npm",
    version: () => versionIn("node", "--version"),
    run: (path) => output("node", [path]),
  },
  {
    name: "Chromium (V8)",
    from: "chromium",
    version: () => versionIn(CHROMIUM, "--version"),
    run: runInChromium,
  },
  {
    name: "JavaScriptCore",
    from: "libjavascriptcoregtk-4.0-bin",
    async version() {
      await output("jsc", ["-e", "0"]); // it does not say its version
      const package_ = "libjavascriptcoregtk-4.0-bin";
      return await versionIn("dpkg-query", "--show", "--showformat", "${Version}", package_);
    },
    run: (path) => output("jsc", ["-m", path]),
  },
  {
    name: "SpiderMonkey",
    from: "libmozjs-102-dev",
    version: () => versionIn("js102", "--version"),
    run: (path) => output("js102", ["-m", path]),
  },
];

/** The page that runs the bundle; what is printed is kept. */
const PAGE = `<!doctype html><script>
const lines = [];
globalThis.print = (line) => lines.push(line);
addEventListener("error", ({ message }) => lines.push(message, "failed"));
addEventListener("unhandledrejection", ({ reason }) => lines.push(String(reason), "failed"));
</script><script type="module" src="/program.mjs"></script>`;

/** A page has shared memory only if it is isolated from others. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

async function runInChromium(path: string): Promise<string> {
  const { chromium } = await import("playwright-core"); // large, and no other engine needs it
  const bundle = await Deno.readTextFile(path);
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    const isPage = new URL(url).pathname === "/";
    const type = isPage ? "text/html" : "text/javascript";
    return new Response(isPage ? PAGE : bundle, { headers: { ...ISOLATED, "content-type": type } });
  });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    const isOver = '["done", "failed"].includes(lines.at(-1))';
    await page.waitForFunction(isOver, undefined, { timeout: 300_000 });
    return await page.evaluate('lines.join("\\n")');
  } finally {
    await browser.close();
  }
}
