/** A server that is killed while it tells of a failure: nobody is left untold, and a mail that comes twice is known by its id. */
import { setTimeout as delay } from "node:timers/promises"
import { expect, onTestFinished, test } from "vitest"
import { MailServer } from "../../server/src/testing/mail-server.ts"
import { freshFolder, type ServerProcess, startServer } from "./server-process.ts"

async function until(what: () => boolean, seconds = 30): Promise<void> {
  for (const end = Date.now() + seconds * 1_000; !what(); await delay(20))
    if (Date.now() > end) throw new Error("it did not come in time")
}

async function failing(server: ServerProcess): Promise<void> {
  const { runId } = await server.client.runs.start({ workflowId: "poison", input: { how: "throw" } })
  for (const end = Date.now() + 20_000; (await server.client.runs.get(runId)).status !== "FAILED"; await delay(20))
    if (Date.now() > end) throw new Error("the run did not fail")
}

const idOf = (raw: string): string => /^Message-ID: (\S+)/im.exec(raw)?.[1] ?? ""

test("a server killed while it gathers an alert tells it once, and one killed in the middle of the mail tells it again", {
  timeout: 120_000,
}, async () => {
  const mail = new MailServer()
  await mail.open()
  onTestFinished(() => mail.close())
  const folder = freshFolder()
  const env = {
    WAYBILL_SMTP_URL: mail.url,
    WAYBILL_SMTP_FROM: "waybill@example.com",
    WAYBILL_ALERTS_GATHER_SECONDS: "2",
    WAYBILL_WEBHOOKS_RETRY_SECONDS: "0,0,1,1,1",
  }
  let server = await startServer({ folder, env })
  const { alertId } = await server.client.alerts.create({ kind: "email", to: ["ops@example.com"], repeatMinutes: 1 })
  await failing(server)
  await delay(300)
  await server.kill()
  expect(mail.received).toBe(0)

  mail.hangs = true
  server = await startServer({ folder, env })
  // The whole mail is there, and its server has not said yet that it has it.
  await until(() => mail.received === 1)
  await server.kill()
  mail.hangs = false
  server = await startServer({ folder, env })
  await until(() => mail.mails.length > 0)
  await delay(3_000)
  // Twice at most under one id, which mail programs show once; never as two mails.
  expect([mail.received, mail.mails.length]).toEqual([2, 1])
  const { items } = await server.client.alerts.deliveries(alertId)
  expect(items).toMatchObject([{ state: "delivered" }])
  expect(idOf(mail.mails[0]!.raw)).toBe(`<${items[0]!.deliveryId}@example.com>`)
  expect((await server.client.admin.fsck()).findings).toEqual([])
  expect(await server.stop()).toBe(0)
})
