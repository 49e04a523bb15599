/**
 * A mirror for tests: a server on this machine whose answers each test writes.
 *
 * @module
 */

/** A running server; ends with its scope. */
export interface Mirror extends AsyncDisposable {
  /** Its address, with a folder: `http://127.0.0.1:PORT/mirror/`. */
  readonly url: string;
  /** Paths asked for so far, in order. */
  readonly asked: readonly string[];
}

/** Starts a mirror that answers requests by a function of the path. */
export function startMirror(answer: (path: string) => Response | Promise<Response>): Mirror {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    return answer(pathname);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/mirror/`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Starts a mirror that sends these raw bytes to everybody and hangs up. */
export function startRaw(answer: string): Mirror {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serve = async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(4096));
      await connection.write(new TextEncoder().encode(answer));
      connection.close();
    }
  };
  const done = serve();
  return {
    url: `http://127.0.0.1:${listener.addr.port}/mirror/`,
    asked: [],
    async [Symbol.asyncDispose]() {
      listener.close();
      await done;
    },
  };
}
