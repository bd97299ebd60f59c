import { useSyncExternalStore } from "react"
import { lastAnnouncement, subscribeToAnnouncements } from "./announce.ts"

/** The two live regions of the page; mounted once, by `UiRoot`. The same words twice are two announcements. */
export function Announcer() {
  const { text, urgent, at } = useSyncExternalStore(subscribeToAnnouncements, lastAnnouncement, lastAnnouncement)
  const said = at % 2 === 0 ? text : `${text}\u00a0`
  return (
    <div data-announcer className="sr-only">
      <div aria-live="polite" aria-atomic="true">
        {urgent ? "" : text && said}
      </div>
      <div aria-live="assertive" aria-atomic="true">
        {urgent ? text && said : ""}
      </div>
    </div>
  )
}
