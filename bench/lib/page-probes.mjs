/**
 * What is measured inside a page, as functions that Chromium runs: they see nothing of this file but their arguments.
 * Times are the page's own clock, so that the way of a question to the browser and back is in none of them.
 */

/**
 * Before anything of the page: when something that matches is first there, in milliseconds since the navigation began.
 * @param {string} selector
 */
export function watchFor(selector) {
  const seen = globalThis
  const look = () => {
    if (seen.__seenMs === undefined && document.querySelector(selector) !== null) seen.__seenMs = performance.now()
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true })
}

/** Before anything of the page: its largest paint. */
export function watchLargestPaint() {
  const seen = globalThis
  const paints = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.__largestMs = entry.startTime
  })
  paints.observe({ type: "largest-contentful-paint", buffered: true })
}

/** When each run's row first says that it has completed, in epoch milliseconds by run id. */
export function watchCompletions() {
  const seen = globalThis
  seen.__completed = {}
  const look = () => {
    for (const row of document.querySelectorAll("tr")) {
      const id = /\/runs\/(run_[0-9A-Z]+)/.exec(row.innerHTML)?.[1]
      if (id === undefined || seen.__completed[id] !== undefined) continue
      if (row.textContent?.includes("Completed")) seen.__completed[id] = Date.now()
    }
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })
}

/**
 * Scrolls what scrolls under `selector` for `ms` — so many pixels a second, or as fast as leads to its end — and answers
 * with the length of every frame.
 * @param {{ selector: string, ms: number, pxPerSecond?: number }} asked @returns {Promise<number[]>}
 */
export function scrollFrames({ selector, ms, pxPerSecond }) {
  const inner = document.querySelector(selector)
  let box = inner
  while (box !== null && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement
  const scroller = box ?? document.scrollingElement
  const end = scroller.scrollHeight - scroller.clientHeight
  const from = scroller.scrollTop
  const way = pxPerSecond === undefined ? end - from : Math.min(end - from, (pxPerSecond * ms) / 1_000)
  return new Promise((resolve) => {
    const frames = []
    const started = performance.now()
    let last = started
    const step = (now) => {
      frames.push(now - last)
      last = now
      scroller.scrollTop = from + Math.min(1, (now - started) / ms) * way
      if (now - started < ms) requestAnimationFrame(step)
      else resolve(frames.slice(1))
    }
    requestAnimationFrame(step)
  })
}
