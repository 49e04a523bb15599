/**
 * The proof "versions": the oldest Deno that can run the program and the newest that npm has leave the bytes
 * of this one, and one that is too old says so.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { sha256 } from "../../lib/data/sha256.ts";
import { OLDEST_DENO } from "../../lib/io/environment.ts";
import { withRun } from "../full/task.ts";
import { PROMISED } from "../pipelines/workspace.ts";
import { GOLDEN_FILES, passGolden } from "./golden_runs.ts";
import { output } from "./process.ts";
import type { Outcome, Proof, ProofOptions, Row } from "./proof.ts";

const CONFIG = fromFileUrl(new URL("../../configs/quickstart.json", import.meta.url));

/** The newest Deno in which `navigator.locks` is missing. */
const TOO_OLD = "2.8.3";

/** Installs Deno's version from npm into a folder; returns its path. */
async function install(folder: string, version: string): Promise<string> {
  const place = join(folder, version);
  const name = `deno-linux-${Deno.build.arch === "aarch64" ? "arm64" : "x64"}-glibc`;
  await Deno.mkdir(place);
  const source = `${name.replace("deno-", "@deno/")}@${version}`;
  await output("npm", ["pack", "--silent", "--pack-destination", place, source]);
  await output("tar", ["xzf", join(place, `${name}-${version}.tgz`), "--directory", place]);
  const path = join(place, "package/deno");
  await Deno.chmod(path, 0o755);
  return path;
}

/** Trains the quickstart; returns the hashes of its promised files. */
async function trainQuickstart(deno: string): Promise<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {};
  const use = async (run: string) => {
    for (const { name } of Deno.readDirSync(run)) {
      if (PROMISED.test(name)) hashes[name] = sha256(await Deno.readFile(join(run, name)));
    }
  };
  await withRun([CONFIG], use, { program: [deno] });
  return hashes;
}

/** Returns the message of a Deno that is too old. */
async function refusal(deno: string): Promise<string> {
  const message = await output(deno, ["task", "-q", "train"]).catch(String);
  const [found] = /expected Deno .*$/m.exec(message) ?? [];
  if (found === undefined) throw new Error(`expected a refusal: received ${message}`);
  return found;
}

/** The proof. */
export const proof: Proof = {
  name: "versions",
  about: "Runs the quickstart and the golden runs by the oldest and the newest Deno",
  needsPackages: true,
  columns: ["Deno", "Quickstart", "Golden runs"],
  async run({ sample, log }: ProofOptions): Promise<Outcome> {
    const [rows, failures]: [Row[], string[]] = [[], []];
    const newest = (await output("npm", ["view", "deno", "version"])).trim();
    const files = sample ? GOLDEN_FILES.slice(0, 1) : GOLDEN_FILES;
    const folder = await Deno.makeTempDir({ prefix: "ann-mlp-" });
    const attempt = async (version: string, run: (deno: string) => Promise<Row>) => {
      log(version);
      try {
        rows.push([version, ...await run(await install(folder, version))]);
      } catch (error) {
        failures.push(`${version}: ${error}`);
      }
    };
    try {
      const expected = await trainQuickstart(Deno.execPath());
      await attempt(TOO_OLD, async (deno) => [await refusal(deno), "–"]);
      for (const version of sample ? [OLDEST_DENO] : new Set([OLDEST_DENO, newest])) {
        await attempt(version, async (deno) => {
          assertEquals(await trainQuickstart(deno), expected);
          let passed = 0;
          for (const file of files) passed += await passGolden([deno], file);
          return [`${Object.keys(expected).length} files equal`, `${passed} tests passed`];
        });
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    return { rows, failures };
  },
};
