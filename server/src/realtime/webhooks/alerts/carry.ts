/** Each kind of endpoint has its way: a signed document, a text for a channel, a mail, or what another endpoint takes. */
import { carryHttp } from "../carry-http.ts"
import type { EndpointBook } from "../endpoint-book.ts"
import type { SendMessage } from "../send-message.ts"
import type { Carry } from "../sender.ts"
import type { Mailing } from "./carry-mail.ts"

export function carryBy(book: EndpointBook, send: SendMessage, mailing: Mailing): Carry {
  return async (row, delivery, at) => {
    switch (row.kind) {
      case "standard":
      case "slack":
        return carryHttp(send, row, delivery, at)
      case "email":
        return mailing.send(delivery.deliveryId, delivery.body)
      case "forward": {
        const target = book.find(row.url ?? "")?.row
        if (target !== undefined && target.workspaceId === row.workspaceId && target.kind === "standard")
          return carryHttp(send, target, delivery, at)
        return { status: null, error: "its webhook is disabled or not there any more", answer: "", retryAfterMs: null }
      }
    }
  }
}
