/** Mails over a real SMTP server on loopback, encrypted both ways, by a certificate that is trusted and by one that is not. */
import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, expect, onTestFinished, test } from "vitest"
import { mailCertificate } from "../../../testing/mail-certificate.ts"
import { type MailEncryption, MailServer } from "../../../testing/mail-server.ts"
import type { SendOutcome } from "../send-message.ts"
import { openMailing } from "./carry-mail.ts"

const folder = mkdtempSync(join(tmpdir(), "waybill-mail-"))
const trusted = join(folder, "trusted.pem")
writeFileSync(trusted, mailCertificate)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function openServer(encryption: MailEncryption, host = "127.0.0.1") {
  const server = new MailServer()
  await server.open(encryption)
  onTestFinished(() => server.close())
  const url = new URL(server.url)
  url.username = "waybill"
  url.password = "between us"
  return { server, url: url.href.replace("127.0.0.1", host) }
}

async function send(url: string): Promise<SendOutcome> {
  const mailing = openMailing({ url, from: "waybill@example.com" })
  onTestFinished(() => mailing.close())
  const mail = { to: ["ops@example.com"], subject: "it failed", text: "look", thread: null }
  return mailing.send("whd_1", JSON.stringify(mail))
}

/** By a process that trusts the certificate. */
async function sendTrusting(url: string): Promise<SendOutcome> {
  const program = new URL("../../../testing/send-mail.ts", import.meta.url).pathname
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted }
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program, url], { env })
  return JSON.parse(stdout) as SendOutcome
}

/** An address of this machine that is not known to be it, so that nothing is said there without encryption. */
const elsewhere = "0.0.0.0"

test.each([
  ["from the first byte", "implicit", "127.0.0.1"],
  ["by STARTTLS", "starttls", elsewhere],
] as const)(
  "a mail goes out encrypted %s, the password too",
  async (_how, encryption, host) => {
    const { server, url } = await openServer(encryption, host)
    expect(await sendTrusting(url)).toMatchObject({ status: 250, error: null })
    expect(server.told).toEqual([{ password: "between us", isSecure: true }])
    expect(server.mails).toMatchObject([{ to: ["ops@example.com"], isSecure: true }])
  },
  30_000,
)

test.each([
  ["whose certificate nobody vouches for", "implicit", "127.0.0.1", /certificate/],
  ["whose certificate nobody vouches for, behind STARTTLS", "starttls", elsewhere, /certificate/],
  ["whose certificate nobody vouches for, on this machine", "starttls", "127.0.0.1", /certificate/],
  ["that does not encrypt", "none", elsewhere, /STARTTLS|TLS/i],
] as const)("a server %s is told neither password nor mail", async (_what, encryption, host, why) => {
  const { server, url } = await openServer(encryption, host)
  const { status, error, isFinal } = await send(url)
  expect([status === 250, error]).toEqual([false, expect.stringMatching(why)])
  // It may be mended: tried again by the plan.
  expect(isFinal ?? false).toBe(false)
  expect([server.told, server.mails, server.received]).toEqual([[], [], 0])
})

test("without encryption a mail goes out to this machine, and where somebody says that a network is trusted", async () => {
  const here = await openServer("none")
  expect(await send(here.url)).toMatchObject({ status: 250 })
  const near = await openServer("none", elsewhere)
  expect(await send(`${near.url}?tls=none`)).toMatchObject({ status: 250 })
  expect([...here.server.mails, ...near.server.mails].map(({ isSecure }) => isSecure)).toEqual([false, false])
})
