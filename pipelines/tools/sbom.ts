/**
 * `deno task sbom`: writes the software bill of materials from the lock file and the packages' licences. The
 * task pipes in the output of `deno info --json`, which has the paths of packages.
 *
 * The format is CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/), without date or serial number, so that
 * the same lock file gives the same bytes.
 *
 * @module
 */
import { z } from "zod";
import { fromFileUrl, join } from "@std/path";
import { readFile, readFolderEntries } from "../../lib/io/files.ts";
import project from "../../deno.json" with { type: "json" };
import { callCommand } from "../cli/command.ts";
import type { Command } from "../cli/declaration.ts";
import { defineGenerator } from "./generated.ts";

/** Pattern of the names of packages that only tests and generators import; their dependencies are derived. */
const DEVELOPMENT = /^(assemblyscript|fast-check|playwright-core|@types\/.*)$/;

const lockSchema = z.object({
  specifiers: z.record(z.string(), z.string()),
  npm: z.record(
    z.string(),
    z.object({
      integrity: z.string().startsWith("sha512-"),
      dependencies: z.array(z.string()).default([]),
    }),
  ),
});

/** The fields of a lock file that are used. */
export type Lock = z.input<typeof lockSchema>;

/** A function that returns the licence of a version of a package as an SPDX expression. */
export type LicenceOf = (name: string, version: string) => Promise<string>;

/**
 * Returns the CycloneDX bill of materials of a lock file: its packages, licences, hashes and dependencies.
 */
export async function billOfMaterials(lock: Lock, licenceOf: LicenceOf): Promise<object> {
  const { npm, specifiers } = lockSchema.parse(lock);
  const packages = new Map(
    Object.entries(npm).map(([key, each]) => [key, { ...each, ...parsePackageKey(key) }]),
  );
  const keyOf = (dependency: string) => {
    const key = [...packages].find(([key, { name }]) => [key, name].includes(dependency))?.[0];
    if (key !== undefined) return key;
    throw new SyntaxError(`Cannot read deno.lock: expected a package "${dependency}"`);
  };
  const dependenciesOf = (key: string) => packages.get(key)?.dependencies.map(keyOf) ?? [];
  const direct = Object.entries(specifiers).map(([specifier, version]) => {
    const { name } = parsePackageKey(specifier.replace("npm:", ""));
    return { name, key: `${name}@${version}` };
  });
  const used = new Set<string>();
  const use = (key: string) => {
    if (!used.has(key)) dependenciesOf(used.add(key) && key).forEach(use);
  };
  direct.filter(({ name }) => !DEVELOPMENT.test(name)).forEach(({ key }) => use(key));
  const components = [...packages].map(async ([key, { name, version, integrity }]) => ({
    type: "library",
    "bom-ref": key,
    name,
    version,
    scope: used.has(key) ? "required" : "excluded", // excluded: what only development needs
    licenses: [formatLicence(await licenceOf(name, version))],
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    hashes: [{ alg: "SHA-512", content: base64ToHex(integrity.replace("sha512-", "")) }],
  }));
  const self = `${project.name}@${project.version}`;
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": self,
        name: project.name,
        version: project.version,
        licenses: [formatLicence(project.license)],
      },
    },
    components: await Promise.all(components),
    dependencies: [
      { ref: self, dependsOn: direct.map(({ key }) => key).sort() },
      ...[...packages.keys()].map((key) => ({ ref: key, dependsOn: dependenciesOf(key) })),
    ],
  };
}

/** Splits a package's key in the lock file, "d3-array@3.2.4", into name and version. */
function parsePackageKey(key: string): { readonly name: string; readonly version: string } {
  const [, name, version] = /^(@?[^@]+)@([^@_]+)$/.exec(key) ?? [];
  if (name !== undefined) return { name, version };
  throw new SyntaxError(`Cannot read deno.lock: expected NAME@VERSION: received "${key}"`);
}

/** Returns the CycloneDX record of a licence: an SPDX id, or an expression of several ids. */
function formatLicence(licence: string): object {
  return /[ (]/.test(licence) ? { expression: licence } : { license: { id: licence } };
}

/** Converts base64 to hexadecimal digits. */
function base64ToHex(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Returns a function that reads the licences of packages in Deno's npm cache; `npmCache` is its path. It has
 * a folder for each registry, of which the first is used.
 */
function openCachedLicences(npmCache: string): LicenceOf {
  return async (name, version) => {
    const [registry = ""] = (await readFolderEntries(npmCache)).map(({ name }) => name);
    const path = join(npmCache, registry, name, version, "package.json");
    const { license } = JSON.parse(await readText(path, `package "${name}"`));
    if (typeof license === "string") return license;
    throw new TypeError(`Cannot list licences: expected one of "${name}": received ${license}`);
  };
}

/** Reads the text of a file. `description` is the name of the file in error messages. */
async function readText(path: string, description: string): Promise<string> {
  return new TextDecoder().decode(await readFile(path, description));
}

/**
 * Returns the text of the bill of materials, from deno.lock and the output of `deno info --json` on stdin.
 */
async function generateSbom(): Promise<string> {
  const { npmCache } = JSON.parse(await new Response(Deno.stdin.readable).text());
  const path = fromFileUrl(new URL("../../deno.lock", import.meta.url));
  const lock: Lock = JSON.parse(await readText(path, "lock file"));
  return `${JSON.stringify(await billOfMaterials(lock, openCachedLicences(npmCache)), null, 2)}\n`;
}

export const command: Command = defineGenerator({
  name: "sbom",
  summary: "Writes lib/docs/sbom.json, the bill of materials: packages, licences and hashes",
  file: "lib/docs/sbom.json",
  content: generateSbom,
});

if (import.meta.main) Deno.exit(await callCommand(command, Deno.args));
