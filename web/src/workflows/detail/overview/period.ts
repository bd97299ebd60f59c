/** How far back the figures go, in days. */
export const periods = [
  { value: "1", label: "24 hours" },
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
]

const USUAL_DAYS = 30

/** What is in the address where it is one of them; else the last month. */
export const daysOf = (asked: number | undefined): number =>
  periods.some(({ value }) => value === String(asked)) ? Number(asked) : USUAL_DAYS

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** The instant so many days back, on the minute, so that the same question is asked in the same words for a while. */
export const periodOf = (days: number, nowMs: number): string =>
  new Date(Math.floor((nowMs - days * DAY_MS) / MINUTE_MS) * MINUTE_MS).toISOString()
