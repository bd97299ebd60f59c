/** A run's id in whatever was pasted: alone, in an address, in a line of a log. */
export function runIdIn(text: string): string | null {
  return /\brun_[0-9A-Za-z]{8,64}\b/.exec(text)?.[0] ?? null
}
