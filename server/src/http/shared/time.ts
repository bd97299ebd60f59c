/** Milliseconds inside, RFC 3339 UTC with milliseconds on the wire. */
export function rfc3339(at: number): string {
  return new Date(at).toISOString()
}

export function rfc3339OrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

/** Never negative (rule 15). */
export function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from)
}
