import type { Attachment } from "@waybill/contract"
import type { MouseEvent } from "react"
import { api } from "../../data/api.ts"
import { notify } from "../../page/notify.ts"
import { buttonLook } from "../../ui/button-look.ts"
import { Icon } from "../../ui/Icon.tsx"

/** The link as it came; one that has run out on an open page is asked for anew when it is pressed. */
export function Download({ file: { runId, number, url, expiresAt, name } }: { readonly file: Attachment }) {
  if (url === null || expiresAt === null) return <span className="text-muted">past its retention</span>

  async function renew(event: MouseEvent) {
    if (Date.now() < Date.parse(expiresAt ?? "") - MARGIN_MS) return
    event.preventDefault()
    try {
      const { items } = await api().runs.attachments(runId, { cursor: String(number - 1), limit: 1 })
      const fresh = items[0]?.url
      if (fresh == null) throw new Error("Its content is past its retention by now.")
      globalThis.location.assign(fresh)
    } catch (error) {
      notify.failed("The file was not fetched", error)
    }
  }

  return (
    <a href={url} download={name} className={buttonLook({ size: "sm" })} onClick={(event) => void renew(event)}>
      <Icon name="download" size={14} />
      Download<span className="sr-only"> {name}</span>
    </a>
  )
}

/** Clocks differ, and a click takes its time. */
const MARGIN_MS = 30_000
