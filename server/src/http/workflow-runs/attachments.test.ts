/** What whoever has a link gets of an attachment, whatever becomes of them and of where it lies. */
import { type AddressInfo, connect } from "node:net"
import { Readable } from "node:stream"
import { ArchiveDamaged, ArchiveUnavailable, type AttachmentRow, type Attachments } from "@waybill/engine"
import { afterEach, describe, expect, test } from "vitest"
import { noAttachments } from "../../testing/no-attachments.ts"
import { type TestServer, testServer } from "../../testing/test-server.ts"

const link = "/api/v1/attachments/att_1?exp=1&sig=s"
const row: AttachmentRow = {
  ...{ attachmentId: "att_1", runId: "run_1", workspaceId: "default", number: 1, at: 1, actor: "user:ann" },
  ...{ stepId: null, attempt: null, name: "a.txt", contentType: "text/plain", bytes: 6, sha256: "0".repeat(64) },
  ...{ redacted: false, file: null, archived: true },
}

let server: TestServer
const serve = async (open: Attachments["open"]): Promise<void> => {
  const attachments = { ...noAttachments.attachments, get: async () => row, open }
  server = await testServer({ attachments: { attachments, links: { ...noAttachments.links, holds: () => true } } })
}
afterEach(() => server.app.close())

describe("who follows a link", () => {
  test("and goes before the archive has answered leaves no file open", async () => {
    let wasAsked = (): void => {}
    const asked = new Promise<void>((resolve) => {
      wasAsked = resolve
    })
    let answer = (_: Readable): void => {}
    await serve(() => {
      wasAsked()
      return new Promise((resolve) => {
        answer = resolve
      })
    })
    const { app } = server
    await app.listen({ port: 0, host: "127.0.0.1" })
    const gone = new Promise((resolve) => app.server.on("connection", (one) => one.on("close", resolve)))
    const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1")
    socket.write(`GET ${link} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`)
    await asked
    socket.destroy()
    await gone
    const content = new Readable({ read() {} })
    answer(content)
    await expect.poll(() => content.destroyed, { timeout: 2_000 }).toBe(true)
  })

  test.each([
    [503, "archive_unavailable", new ArchiveUnavailable("file:///srv/kept did not answer")],
    [409, "archive_damaged", new ArchiveDamaged("workspace=default/attachments/00 is not what was attached")],
  ])("is told %i %s, and neither where the archive lies nor what it said", async (status, code, error) => {
    await serve(() => Promise.reject(error))
    const answer = await server.app.inject({ method: "GET", url: link, headers: { host: "127.0.0.1" } })
    expect([answer.statusCode, answer.json()]).toMatchObject([status, { code }])
    expect(answer.body).not.toMatch(/srv|workspace=/)
    expect(server.logged.join("")).toContain(error.message)
  })
})
