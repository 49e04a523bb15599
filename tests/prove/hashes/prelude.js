/**
 * What engines that are not in a browser lack of the web's interfaces, and older ones of the language, as
 * far as the program needs it. It stands before the bundle and defines only what is missing.
 */
(() => {
  const scope = globalThis;
  const define = (target, name, value) => {
    if (target[name] === undefined) {
      Object.defineProperty(target, name, { value, writable: true, configurable: true });
    }
  };
  define(scope, "atob", (text) => {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let [bits, count, binary] = [0, 0, ""];
    for (const letter of text.replace(/[\s=]/g, "")) {
      bits = (bits << 6 | letters.indexOf(letter)) & 0xffffff;
      count += 6;
      if (count >= 8) binary += String.fromCharCode(bits >> (count -= 8) & 255);
    }
    return binary;
  });
  define(
    scope,
    "TextEncoder",
    class {
      encode(text) {
        const binary = unescape(encodeURIComponent(text));
        return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
      }
    },
  );
  define(
    scope,
    "TextDecoder",
    class {
      decode(bytes) {
        return decodeURIComponent(escape(String.fromCharCode(...bytes)));
      }
    },
  );
  define(
    scope,
    "AbortController",
    class {
      signal = { aborted: false, addEventListener() {}, removeEventListener() {} };
      abort() {
        this.signal.aborted = true;
      }
    },
  );
  const { prototype } = Array;
  define(prototype, "toSorted", function (compare) {
    return [...this].sort(compare);
  });
  define(prototype, "toReversed", function () {
    return [...this].reverse();
  });
  define(Map, "groupBy", (items, keyOf) => {
    const groups = new Map();
    for (const item of items) {
      const key = keyOf(item);
      groups.set(key, [...groups.get(key) ?? [], item]);
    }
    return groups;
  });
})();
