/** At the end of a `switch` over all cases: the types say that nothing comes here. */
export function unreachable(value: never): never {
  throw new Error(`unexpected: ${String(value)}`)
}
