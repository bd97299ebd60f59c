/**
 * How an alert travels as a mail: over SMTP, each wait with an end. A refusal of the whole mail that will stay one is not
 * tried again; who of several was refused stands in the log. Every attempt has the same Message-ID.
 */
import { cutShort } from "@waybill/engine"
import { createTransport } from "nodemailer"
import type { SendOutcome } from "../send-message.ts"
import { isAddress, senderOf } from "./address.ts"
import type { Mail } from "./alert-body.ts"
import { type SmtpServer, smtpServer } from "./smtp-url.ts"

export interface MailSettings {
  /** Null: no mail is sent. */
  readonly url: string | null
  readonly from: string | null
}

export interface Mailing {
  readonly isConfigured: boolean
  send(deliveryId: string, body: string): Promise<SendOutcome>
  close(): void
}

const waits = { dnsTimeout: 5_000, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 15_000 } as const
/** A server that answers a letter at a time is left as well. */
const mailMs = 60_000
const answerMax = 1_024
const failed = { status: null, answer: "", retryAfterMs: null } as const

export function openMailing({ url, from }: MailSettings): Mailing {
  const server = url === null ? null : smtpServer(url)
  const sender = from === null ? null : senderOf(from)
  if (server === null || typeof server === "string" || sender === null)
    return {
      isConfigured: false,
      send: async () => ({
        ...failed,
        error: "no mail server is configured: set WAYBILL_SMTP_URL and WAYBILL_SMTP_FROM",
      }),
      close: () => {},
    }
  const transport = createTransport(optionsOf(server))
  const domain = sender.address.slice(sender.address.indexOf("@") + 1)
  return {
    isConfigured: true,
    async send(deliveryId, body) {
      const { to, subject, text, thread } = JSON.parse(body) as Mail
      // Who was taken off the list since is not written to; the list is checked when it is made.
      const recipients = to.filter(isAddress)
      if (recipients.length === 0) return { ...failed, error: "nobody has an address", isFinal: true }
      const id = (name: string) => `<${name}@${domain}>`
      try {
        const sending = transport.sendMail({
          from: sender,
          to: recipients.map((address) => ({ name: "", address })),
          subject,
          text,
          messageId: id(deliveryId),
          ...(thread !== null && { references: [id(thread)], inReplyTo: id(thread) }),
          headers: { "auto-submitted": "auto-generated", "x-auto-response-suppress": "All" },
          disableFileAccess: true,
          disableUrlAccess: true,
        })
        const info = await within(mailMs, sending)
        const refused = info.rejected.length === 0 ? "" : ` (refused: ${info.rejected.map(String).join(", ")})`
        const answer = cutShort(`${info.response}${refused}`, answerMax)
        return { status: codeOf(info.response), error: null, answer, retryAfterMs: null }
      } catch (error) {
        return outcomeOf(error as SmtpError)
      }
    },
    close: () => transport.close(),
  }
}

interface SmtpError extends Error {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the mail was not taken within ${ms} ms`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Of a whole mail, only what was refused for its recipients or its content stays refused. */
function outcomeOf({ message, code, responseCode, response }: SmtpError): SendOutcome {
  const isFinal = (code === "EENVELOPE" || code === "EMESSAGE") && responseCode !== undefined && responseCode >= 500
  const error = cutShort(message === "" ? (code ?? "the mail could not be sent") : message, 300)
  return {
    status: responseCode ?? null,
    error,
    answer: cutShort(response ?? "", answerMax),
    retryAfterMs: null,
    isFinal,
  }
}

function codeOf(response: string): number | null {
  const code = Number(response.slice(0, 3))
  return Number.isInteger(code) && code > 0 ? code : null
}

function optionsOf({ host, port, isImplicit, needsTls, user, password }: SmtpServer) {
  return {
    ...waits,
    host,
    port,
    secure: isImplicit,
    requireTLS: needsTls,
    ...(user !== null && { auth: { user, pass: password } }),
  }
}
