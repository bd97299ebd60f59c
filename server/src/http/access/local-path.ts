/** Where a sign-in leads: a path of this server. Whatever a browser would read as another address leads to the start. */
export function localPath(asked: unknown): string {
  if (typeof asked !== "string" || asked.length > 2_048 || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(asked)) return "/"
  return /^\/login(?![^/?#])/.test(asked) ? "/" : asked
}
