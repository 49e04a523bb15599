import { contentOf, joined } from "../data/formats/content.ts";
import type { KnownFile } from "../data/datasets/source.ts";
import { storedBytes, type StoredFile } from "../data/formats/gzip.ts";
import { describeContent } from "../data/formats/sniff.ts";

/** How far a download is. */
export interface DownloadProgress {
  /** Bytes received. */
  readonly received: number;
  /** Bytes to come in all, as the mirror says; undefined if it does not. */
  readonly total: number | undefined;
  /** Host of the mirror. */
  readonly host: string;
}

interface DownloadOptions {
  readonly fetch?: typeof fetch | undefined;
  /** Longest wait for a mirror's answer, and for the next bytes of it, in milliseconds. */
  readonly patience?: number | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** A mirror is given up after this silence, in milliseconds. */
const PATIENCE = 20_000;

/** How often a mirror may send on to another address. */
const MOST_REDIRECTS = 5;

/** What packing may add to content that does not shrink; more is not downloaded. */
const PACKING = 65_536;

/** A mirror, and what its answers are held to. */
interface Request {
  readonly file: KnownFile;
  readonly url: URL;
  /** Hosts of all mirrors: where a redirect may lead. */
  readonly hosts: ReadonlySet<string>;
  readonly options: DownloadOptions;
}

/**
 * The unpacked content of a file, with the length and the SHA-256 that it must have, whichever way
 * the mirror packs it. Mirrors are tried in order.
 *
 * @param mirrors addresses to which the file's name and ".gz" are appended
 */
export async function download(
  file: KnownFile,
  mirrors: readonly string[],
  options: DownloadOptions = {},
): Promise<Uint8Array> {
  const urls = mirrors.map((mirror) => new URL(`${file.name}.gz`, mirror));
  const hosts = new Set(urls.map(({ host }) => host));
  const failures: Error[] = [];
  for (const url of urls) {
    try {
      const request = { file, url, hosts, options };
      return await verified(storedBytes(await receive(request), url.href), file);
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(`${error}`));
    }
  }
  const reasons = urls.map((url, i) => `\n  ${url.href}: ${reason(failures[i])}`);
  throw new Error(
    `Cannot download "${file.name}": none of ${urls.length} mirrors gives it:${reasons.join("")}`,
    { cause: new AggregateError(failures) },
  );
}

/**
 * The unpacked content of a file as it was received or found, checked.
 *
 * @param stored the file as it is stored: gzip or plain
 */
export async function verified(stored: StoredFile, file: KnownFile): Promise<Uint8Array> {
  const { bytes, sha256 } = await contentOf(stored, 0, () => file.bytes);
  if (bytes.length !== file.bytes) {
    const received = `${bytes.length} bytes, ${describeContent(bytes)}`;
    throw new RangeError(
      `Cannot use "${stored.origin}": expected ${file.bytes} bytes of content: received ${received}`,
    );
  }
  if (sha256 !== file.sha256) {
    throw new RangeError(
      `Cannot use "${stored.origin}": expected content with the SHA-256 ${file.sha256}: ` +
        `received ${sha256}`,
    );
  }
  return bytes;
}

/** The body of the answer, after redirects. */
async function receive(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const { options: { patience = PATIENCE, onProgress }, url, file } = request;
  using silence = watch(patience);
  try {
    const response = await follow(request, silence.signal);
    const total = bodyLength(response.headers);
    const limit = file.bytes + PACKING;
    const pieces: Uint8Array[] = [];
    let received = 0;
    for await (const piece of response.body ?? []) {
      silence.reset();
      received += piece.length;
      if (received > limit) {
        throw new RangeError(`expected at most ${limit} bytes: received more`);
      }
      pieces.push(piece);
      onProgress?.({ received, total, host: url.host });
    }
    if (total !== undefined && received !== total) {
      throw new RangeError(`expected ${total} bytes: the connection ended after ${received}`);
    }
    return joined(pieces);
  } catch (error) {
    if (silence.signal.aborted) {
      throw new Error(`expected an answer within ${patience / 1000} s: received nothing new`);
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new Error(
        `this program was started without permission for the network: ` +
          `run it with --allow-net=${url.host}, or without downloads by --data-dir`,
        { cause: error },
      );
    }
    throw error;
  }
}

/** The first answer that is no redirect; redirects may lead only to hosts that are mirrors too. */
async function follow(
  { url, hosts, options: { fetch: get = fetch } }: Request,
  signal: AbortSignal,
): Promise<Response> {
  let at = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await get(at, { signal, redirect: "manual" });
    if (response.status === 200) return response;
    await response.body?.cancel();
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) {
      const status = `${response.status} ${response.statusText}`.trim();
      throw new Error(`expected status 200: received ${status}`);
    }
    at = new URL(location, at);
    if (!hosts.has(at.host)) {
      throw new Error(`expected no redirect to another host: received one to "${at.host}"`);
    }
  }
  throw new Error(`expected at most ${MOST_REDIRECTS} redirects: received more`);
}

/** Bytes of a body, if the server says so; what fetch unpacks by itself has another length. */
function bodyLength(headers: Headers): number | undefined {
  const length = headers.get("content-length");
  return length === null || headers.has("content-encoding") ? undefined : Number(length);
}

/** A signal that aborts after a silence, unless it is reset before. */
function watch(patience: number): Disposable & { readonly signal: AbortSignal; reset(): void } {
  const controller = new AbortController();
  const start = () => setTimeout(() => controller.abort(), patience);
  let timer = start();
  const stop = () => clearTimeout(timer);
  return {
    signal: controller.signal,
    reset() {
      stop();
      timer = start();
    },
    [Symbol.dispose]: stop,
  };
}

/** Why a download failed; what fetch says is in the cause of its error. */
function reason(error: Error | undefined): string {
  const cause = error?.message === "fetch failed" ? error.cause : undefined;
  if (!(cause instanceof Error)) return `${error?.message}`;
  const { message } = cause;
  if (message.includes("dns error")) return "no connection: its address cannot be looked up";
  return `no connection: ${message.replace(/^error sending request for url \(\S*\): /, "")}`;
}
