/** All events of a run as one JSON file: page after page, so that any length is asked in bounded pieces. */
import type { Event } from "@waybill/contract"
import { api } from "../../data/api.ts"

const PAGE = 200

export async function saveEvents(
  runId: string,
  types: readonly string[] | undefined,
  onCount: (count: number) => void,
) {
  const events: Event[] = []
  for (let after = 0; ; ) {
    const page = await api().runs.events(runId, { after, type: types, limit: PAGE })
    events.push(...page.items)
    onCount(events.length)
    if (page.nextCursor === null) break
    after = page.items.at(-1)!.seq
  }
  save(`${runId}-events.json`, JSON.stringify(events, null, 2))
  return events.length
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }))
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
