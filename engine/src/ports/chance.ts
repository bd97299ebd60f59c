/** Ids and chance. Nothing else in the engine may make one up, so that a seed gives the same run again. */
export interface Chance {
  /** A prefixed ULID, e.g. `run_01J…` (architecture §7); later ones sort behind earlier ones of the same prefix. */
  id(prefix: string): string
  /** Uniform in [0, 1). */
  fraction(): number
  /** Lower-case hex digits. */
  hex(digits: number): string
}
