/**
 * Messages of operating-system errors in plain words.
 *
 * @module
 */

/**
 * Returns the reason of an error: plain words for frequent errors of the operating system, such as a
 * missing file or a full disk, and the error's message for all others.
 */
export function errorReason(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "there is no such file or folder";
  if (cause instanceof Deno.errors.PermissionDenied) return "the system does not permit it";
  if (cause instanceof Deno.errors.NotCapable) {
    return `this program was started without permission for it (${cause.message})`;
  }
  const message = cause instanceof Error ? cause.message : `${cause}`;
  if (message.includes("(os error 5)")) return "the disk reports an error";
  if (message.includes("(os error 28)")) return "no space is left on the disk";
  if (message.includes("(os error 30)")) return "the disk may only be read";
  if (message.includes("(os error 20)")) return "a part of its path is a file, not a folder";
  if (message.includes("(os error 21)")) return "it is a folder, not a file";
  return message;
}
