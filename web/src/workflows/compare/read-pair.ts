/** `3...5`, as it stands in the address; null where it is none. */
export function readPair(pair: string): { readonly from: number; readonly to: number } | null {
  const [, from, to] = /^(\d{1,9})\.\.\.(\d{1,9})$/.exec(pair) ?? []
  return from === undefined || to === undefined ? null : { from: Number(from), to: Number(to) }
}
