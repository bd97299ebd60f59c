/**
 * One clock for the page: everything that shows how long ago something was ticks together, once a second, and only what
 * reads differently is drawn anew. It stands still in a hidden tab and catches up once when it is seen again.
 */
const TICK_MS = 1000

let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function tick() {
  now = Date.now()
  for (const listener of listeners) listener()
}

function run() {
  clearInterval(timer)
  timer = undefined
  if (listeners.size === 0 || document.visibilityState === "hidden") return
  tick()
  timer = setInterval(tick, TICK_MS)
}

export function subscribeToClock(listener: () => void): () => void {
  const first = listeners.size === 0
  listeners.add(listener)
  if (first) {
    document.addEventListener("visibilitychange", run)
    now = Date.now()
    timer = setInterval(tick, TICK_MS)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    document.removeEventListener("visibilitychange", run)
    clearInterval(timer)
    timer = undefined
  }
}

/** As of the last tick, so that one drawing shows one time. */
export function clockNow(): number {
  if (timer === undefined) now = Math.max(now, Math.floor(Date.now() / TICK_MS) * TICK_MS)
  return now
}
