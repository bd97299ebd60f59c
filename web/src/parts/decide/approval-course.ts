/** What has happened to a question while it waited, oldest first, and what happens next if nobody decides. */
import type { Approval } from "@waybill/contract"

export interface CoursePoint {
  readonly at: string
  readonly words: string
  /** What whoever handed it on said. */
  readonly comment: string | null
}

type Course = Pick<Approval, "delegations" | "escalations" | "lastRemindedAt" | "remindersSent">

/** Of several reminders the last one's time is known, and how many there were. */
export function courseOf({ delegations, escalations, lastRemindedAt, remindersSent }: Course): readonly CoursePoint[] {
  const reminded = remindersSent === 1 ? "a reminder went out" : `the ${ordinal(remindersSent)} reminder went out`
  const points: CoursePoint[] = [
    ...delegations.map(({ at, from, to, comment }) => ({ at, words: `${from} handed it on to ${to}`, comment })),
    ...escalations.map(({ at, to }) => ({
      at,
      words: `${to.join(", ")} ${to.length === 1 ? "was" : "were"} asked as well`,
      comment: null,
    })),
    ...(lastRemindedAt === null ? [] : [{ at: lastRemindedAt, words: reminded, comment: null }]),
  ]
  return points.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

export interface NextPoint {
  readonly at: string
  readonly words: string
}

/** Only of one that is open: the sooner first. */
export function nextOf({ nextReminderAt, nextEscalationAt }: Pick<Approval, "nextReminderAt" | "nextEscalationAt">) {
  const points: NextPoint[] = []
  if (nextReminderAt !== null) points.push({ at: nextReminderAt, words: "a reminder goes out" })
  if (nextEscalationAt !== null) points.push({ at: nextEscalationAt, words: "others are asked as well" })
  return points.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

export function ordinal(count: number): string {
  const isTeen = count % 100 > 10 && count % 100 < 14
  const end = isTeen ? "th" : (["th", "st", "nd", "rd"][count % 10] ?? "th")
  return `${count}${end}`
}
