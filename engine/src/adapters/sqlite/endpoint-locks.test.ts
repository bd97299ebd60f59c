/** What endpoints hold, in a database that somebody copied: with the key, without it, and from before it was locked. */
import { randomBytes } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, expect, test } from "vitest"
import { webhookDelivery, webhookEndpoint } from "../../testing/builders/webhooks.ts"
import { FileBlobs } from "../blobs/files.ts"
import { openKeyring } from "../redaction/keyring.ts"
import { sealingKeys } from "../redaction/seals.ts"
import { blobFolder, openSqlite, type SqliteData, type SqliteOptions } from "./open.ts"
import { databaseName } from "./open-database.ts"

const hook = webhookEndpoint({
  url: "https://hooks.example.com/services/T0/path-token?token=query-token",
  headers: JSON.stringify({ authorization: "Bearer header-token", "x-tenant": "tenant-header" }),
  secret: "whsec_the-secret",
  previousSecret: "whsec_the-one-before",
  previousUntil: 900,
})
const channel = webhookEndpoint({
  endpointId: "alr_1",
  kind: "slack",
  url: "https://chat.example.com/channel-token",
  secret: "whsec_of-the-channel",
})
const hidden = ["path-token", "query-token", "header-token", "tenant-header", "the-secret", "the-one-before"]
const hiddenOfChannel = ["channel-token", "of-the-channel"]

let folder: string
let data: SqliteData
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-locks-"))
  writeKeys(line())
})
afterEach(async () => {
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

const line = () => `${randomBytes(32).toString("base64")}\n`
const keyFile = () => join(folder, "redaction.key")
const writeKeys = (text: string) => writeFileSync(keyFile(), text)
const openWith = (keys: SqliteOptions["keys"]) => {
  data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, readers: 1, keys: keys ?? null })
}
const open = () => openWith(sealingKeys(openKeyring(keyFile())))
/** As releases did that knew no locks. */
const openUnlocked = () => openWith(null)
const addBoth = async () => {
  for (const one of [hook, channel]) expect(await data.webhooks.create(one, 0, 10)).not.toBeNull()
}
const found = (texts: readonly string[]) =>
  readdirSync(folder)
    .filter((name) => name.startsWith(databaseName))
    .flatMap((name) => texts.filter((text) => readFileSync(join(folder, name)).includes(text)))
const endpoint = (endpointId = hook.endpointId) => data.webhooks.endpoint(endpointId)
const shown = { shownUrl: "https://hooks.example.com/…", headerNames: '["authorization","x-tenant"]' }
const nothing = { url: null, headers: null, secret: null, previousSecret: null }

test("with the key an endpoint is all there, and a copy of the database says no more than its host and its headers' names", async () => {
  open()
  await addBoth()
  expect(await endpoint()).toEqual({ ...hook, ...shown })
  await data.webhooks.change(hook.endpointId, { secret: "whsec_the-next", previousSecret: hook.secret }, 0)
  expect(await endpoint()).toMatchObject({ url: hook.url, secret: "whsec_the-next", previousSecret: hook.secret })
  const texts = [...hidden, ...hiddenOfChannel, "the-next"]
  expect(found(texts)).toEqual([])
  expect(found(["hooks.example.com"])).not.toEqual([])
  await data.close()
  expect(found(texts)).toEqual([])
  open()
  expect(await endpoint(channel.endpointId)).toMatchObject({ url: channel.url, shownUrl: "https://chat.example.com/…" })
})

test("what an earlier release kept in the open is locked at the first start, and nothing of it is left in the file", async () => {
  openUnlocked()
  await addBoth()
  for (let n = 0; n < 20; n++) {
    const secret = `whsec_rotated-${n}`
    const headers = JSON.stringify({ authorization: `${"long ".repeat(n * 100)} rotated-${n}` })
    await data.webhooks.create({ ...hook, endpointId: `whe_gone_${n}`, secret, headers }, 0, 100)
  }
  const echoes = [
    '{"headers":{"authorization":"Bearer header-token"}}',
    "there is no token=query-token here",
    '{"path":"\\/services\\/T0\\/path-token"}',
    "invalid_token: channel-token",
  ]
  const echoed = echoes.map((answer, at) => [`msg_echo_${at}`, answer] as const)
  const answers = [...echoed, ["msg_2", "taken"] as const]
  await data.webhooks.collect(
    answers.map(([deliveryId]) => webhookDelivery(deliveryId)),
    7,
    [],
  )
  for (const [deliveryId, answer] of answers) {
    const attempt = { at: 1, status: 200, ms: 1, error: null, answer }
    const result = { deliveryId, endpointId: hook.endpointId, disable: null, state: "delivered", dueAt: null } as const
    await data.webhooks.settle([{ ...result, attempt }])
  }
  await data.close()
  const db = new Database(join(folder, databaseName))
  db.exec("DELETE FROM webhook_endpoints WHERE endpoint_id LIKE 'whe_gone_%'")
  expect(db.pragma("freelist_count", { simple: true })).toBeGreaterThan(0)
  db.close()
  const old = [...hidden, ...hiddenOfChannel, "rotated-"]
  expect(found(["rotated-", ...hidden])).toEqual(["rotated-", ...hidden])
  open()
  expect(found(old)).toEqual([])
  const { url, headers, secret, previousSecret } = hook
  expect(await endpoint()).toMatchObject({ url, headers, secret, previousSecret, ...shown })
  expect(await endpoint(channel.endpointId)).toMatchObject({ url: channel.url, secret: channel.secret })
  for (const [deliveryId] of echoed) expect(await data.webhooks.attempts(deliveryId)).toMatchObject([{ answer: "…" }])
  expect(await data.webhooks.attempts("msg_2")).toMatchObject([{ answer: "taken" }])
})

test("a process that ends in the middle of locking leaves all as it was, and one that ends behind it leaves nothing in the log", async () => {
  openUnlocked()
  await addBoth()
  await data.close()
  const keys = sealingKeys(openKeyring(keyFile()))
  let locks = 0
  const ending = { ...keys, lock: (...of: [string, string, string]) => (++locks === 2 ? end() : keys.lock(...of)) }
  const end = (): string => {
    throw new Error("the process has ended")
  }
  expect(() => openWith(ending)).toThrow("the process has ended")
  openUnlocked()
  expect(await endpoint()).toMatchObject({ url: hook.url, secret: hook.secret })
  await data.close()
  // Somebody looks at the file while it is locked, so that the log cannot be emptied; then the process ends.
  const reader = new Database(join(folder, databaseName), { readonly: true })
  reader.exec("BEGIN")
  reader.prepare("SELECT count(*) FROM webhook_endpoints").get()
  open()
  reader.close()
  await data.close()
  open()
  expect(found([...hidden, ...hiddenOfChannel])).toEqual([])
  expect(await endpoint()).toEqual({ ...hook, ...shown })
})

test("an earlier key still opens, and what it locked is under the new one from then on", async () => {
  const [first, second] = [line(), line()]
  writeKeys(first)
  open()
  await addBoth()
  await data.close()
  writeKeys(second + first)
  open()
  await data.close()
  writeKeys(second)
  open()
  expect(await endpoint()).toEqual({ ...hook, ...shown })
})

test("with another key an endpoint says where it goes and nothing more, is changed otherwise, and opens when the key is back", async () => {
  const key = line()
  writeKeys(key)
  open()
  await addBoth()
  const mail = webhookEndpoint({ endpointId: "alr_2", kind: "email", url: '["ops@example.com"]' })
  await data.webhooks.create(mail, 0, 10)
  await data.close()
  writeKeys(line())
  open()
  expect(await endpoint()).toMatchObject({ ...nothing, ...shown, events: hook.events })
  await data.webhooks.change(hook.endpointId, { description: "now locked" }, 0)
  // A mail needs nothing of what is locked.
  expect(await endpoint("alr_2")).toMatchObject({ url: mail.url, headers: "{}" })
  await data.close()
  writeKeys(key)
  open()
  expect(await endpoint()).toEqual({ ...hook, ...shown, description: "now locked" })
})

test("without its key an endpoint is given all of it anew, a part at a time", async () => {
  open()
  await addBoth()
  await data.close()
  writeKeys(line())
  open()
  const url = "https://new.example.com/another-token"
  const moved = await data.webhooks.change(hook.endpointId, { url }, 0)
  expect(moved).toMatchObject({ ...nothing, ...shown, url, shownUrl: "https://new.example.com/…" })
  await data.webhooks.change(hook.endpointId, { secret: "whsec_another" }, 0)
  await data.webhooks.change(hook.endpointId, { headers: '{"x-new":"another-header"}' }, 0)
  const whole = { url, secret: "whsec_another", headers: '{"x-new":"another-header"}', headerNames: '["x-new"]' }
  expect(await endpoint()).toMatchObject(whole)
  await data.close()
  open()
  expect(await endpoint()).toMatchObject(whole)
  expect(found(["another-token", "whsec_another", "another-header"])).toEqual([])
})

test("what is locked for one endpoint opens for no other", async () => {
  open()
  await addBoth()
  const other = { ...hook, endpointId: "whe_2", secret: "whsec_other" }
  await data.webhooks.create(other, 0, 10)
  await data.close()
  const db = new Database(join(folder, databaseName))
  db.exec(`UPDATE webhook_endpoints SET locked =
    (SELECT locked FROM webhook_endpoints WHERE endpoint_id = 'whe_1') WHERE endpoint_id = 'whe_2'`)
  db.close()
  open()
  expect(await endpoint("whe_2")).toMatchObject(nothing)
  expect(await endpoint("whe_1")).toMatchObject({ secret: hook.secret })
})
