/** The files of a run, a line each. */
import type { Attachment } from "@waybill/contract"
import type { Session } from "../session.ts"
import { printable } from "./printable.ts"
import { table } from "./table.ts"
import { sizeText } from "./upkeep.ts"

export function attachmentTable(
  { style, linkTo }: Pick<Session, "style" | "linkTo">,
  items: readonly Attachment[],
): string {
  if (items.length === 0) return "no attachments\n"
  const rows = items.map(({ number, name, bytes, contentType, by, at, redacted, archived, expired, url }) => [
    String(number),
    printable(name),
    sizeText(bytes),
    printable(contentType),
    by,
    at,
    [expired && style.dim("expired"), archived && "archived", redacted && "redacted"].filter(Boolean).join(" "),
    url === null ? "" : linkTo(url),
  ])
  return table(style, ["#", "name", "size", "type", "by", "at", "", "link"], rows)
}
