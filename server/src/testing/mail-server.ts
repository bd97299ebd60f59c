/** A real SMTP server on loopback that keeps what it is given, refuses whom it is told to, or hangs. */
import { SMTPServer } from "smtp-server"
import { mailCertificate, mailCertificateKey } from "./mail-certificate.ts"

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** It came encrypted. */
  readonly isSecure: boolean
  /** As it came, with its head. */
  readonly raw: string
  readonly subject: string
  readonly text: string
}

export type MailEncryption = "none" | "starttls" | "implicit"

export class MailServer {
  readonly mails: ReceivedMail[] = []
  readonly refused = new Set<string>()
  hangs = false
  url = ""
  /** Passwords that it was told, with whether nobody could listen. */
  readonly told: { readonly password: string; readonly isSecure: boolean }[] = []
  /** Mails that came to their end, also while it hangs. */
  received = 0
  #server: SMTPServer | null = null

  async open(encryption: MailEncryption = "none"): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: encryption === "none" ? ["STARTTLS"] : [],
      secure: encryption === "implicit",
      allowInsecureAuth: true,
      authMethods: ["PLAIN"],
      ...(encryption !== "none" && { key: mailCertificateKey, cert: mailCertificate }),
      onAuth: ({ password }, { secure }, done) => {
        this.told.push({ password: password ?? "", isSecure: secure })
        done(null, { user: "somebody" })
      },
      closeTimeout: 100,
      onRcptTo: ({ address }, _session, done) => {
        if (this.refused.has(address)) return done(Object.assign(new Error("no such person"), { responseCode: 550 }))
        return done()
      },
      onData: (stream, { envelope, secure }, done) => {
        const parts: Buffer[] = []
        stream.on("data", (part: Buffer) => parts.push(part))
        stream.on("end", () => {
          this.received++
          if (this.hangs) return
          const raw = Buffer.concat(parts).toString("utf8")
          const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address
          this.mails.push({
            from,
            to: envelope.rcptTo.map(({ address }) => address),
            isSecure: secure,
            raw,
            ...readable(raw),
          })
          done()
        })
      },
    })
    server.on("error", () => {})
    this.#server = server
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const address = server.server.address()
    if (address === null || typeof address === "string") throw new Error("no port")
    this.url = `${encryption === "implicit" ? "smtps" : "smtp"}://127.0.0.1:${address.port}`
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server?.close(() => resolve()) ?? resolve())
  }
}

/** Enough of MIME for what our own mails are: encoded words in the subject, one text part. */
function readable(raw: string): { readonly subject: string; readonly text: string } {
  const [head = "", ...rest] = raw.split("\r\n\r\n")
  const unfolded = head.replace(/\r\n[ \t]+/g, " ")
  const subject = /^subject: (.*)$/im.exec(unfolded)?.[1] ?? ""
  const words = subject
    .replace(/\?= =\?/g, "?==?")
    .replace(/=\?UTF-8\?([BQ])\?(.*?)\?=/gi, (_whole, how: string, text: string) =>
      how.toUpperCase() === "B" ? Buffer.from(text, "base64").toString("utf8") : quoted(text.replaceAll("_", " ")),
    )
  const body = rest.join("\r\n\r\n")
  const encoding = /^content-transfer-encoding: (\S+)/im.exec(unfolded)?.[1]?.toLowerCase()
  if (encoding === "base64") return { subject: words, text: Buffer.from(body, "base64").toString("utf8") }
  return { subject: words, text: encoding === "quoted-printable" ? quoted(body.replaceAll("=\r\n", "")) : body }
}

function quoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, "latin1").toString("utf8")
}
