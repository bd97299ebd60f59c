/** Whoever asks for something of the archive is told by then, though it is fetched on behind. */
import { ArchiveUnavailable } from "../../ports/archive-store.ts"
import type { Clock } from "../../ports/clock.ts"

const openWithinMs = 30_000

export async function inTime<T>(clock: Clock, work: Promise<T>): Promise<T> {
  let forget = () => {}
  const late = new Promise<never>((_, reject) => {
    forget = clock.setTimer(openWithinMs, () =>
      reject(new ArchiveUnavailable(`the archive did not answer within ${openWithinMs / 1_000} s`)),
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    forget()
  }
}
