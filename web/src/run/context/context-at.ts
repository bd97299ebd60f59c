/** Moving through a run's context, event by event or change by change, and who wrote what stands there. */

/** An event of the run, whatever was asked for. */
export const clampSeq = (asked: number, last: number): number => Math.max(1, Math.min(asked, last))

/** The nearest event before or after that changed the context; undefined when none is known there. */
export function nextChange(changes: readonly number[], at: number, by: 1 | -1): number | undefined {
  return by === 1 ? changes.find((seq) => seq > at) : changes.findLast((seq) => seq < at)
}

/**
 * `steps.check` → step, for the run's own context; paths of branches and items begin with their scope and a colon.
 * Keyed by the same text that `pathOfPointer` makes, so that a key with a dot in it is at worst told of its neighbour.
 */
export function rootWriters(writers: { readonly [path: string]: string }): ReadonlyMap<string, string> {
  return new Map(Object.entries(writers).filter(([path]) => !/^step_\w+\//.test(path)))
}

/** `/steps/check/0` → `steps.check.0` */
export const pathOfPointer = (pointer: string): string =>
  pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".")
