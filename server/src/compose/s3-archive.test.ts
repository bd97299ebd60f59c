import { createHash, createHmac } from "node:crypto"
import { createServer, type IncomingMessage, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { ArchiveUnavailable } from "@waybill/engine"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { describeArchiveStore } from "../../../engine/src/testing/contract/archive-store.ts"
import { type Bucket, openBucket } from "../testing/bucket.ts"
import { S3Archive, type S3Place } from "./s3-archive.ts"

let bucket: Bucket
beforeAll(async () => {
  bucket = await openBucket()
})
afterAll(() => bucket.close())
const patience = { attempts: 3, attemptMs: 300, pauseMs: 5 }
const to = (changed: Partial<S3Place> = {}): S3Place => ({
  bucket: bucket.bucket,
  prefix: `own ${Math.random()}`,
  endpoint: bucket.endpoint,
  region: "us-east-1",
  pathStyle: true,
  accessKey: bucket.accessKey,
  secretKey: bucket.secretKey,
  ...changed,
})

describeArchiveStore("a bucket", async () => ({ store: new S3Archive(to()), dispose: async () => {} }))

/** Computed anew from the request as it came, by the description of the protocol. */
function signatureOf({ method, url, headers }: IncomingMessage, body: Buffer, secret: string): string {
  const [, scope = "", names = ""] = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+),/.exec(headers.authorization!)!
  const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex")
  const signed = names.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`)
  const [path = ""] = (url ?? "").split("?")
  const canonical = [method, path, "", signed.join(""), names, sha256(body)].join("\n")
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n")
  const hmac = (key: string | Buffer, part: string) => createHmac("sha256", key).update(part).digest()
  const key = scope.split("/").reduce<string | Buffer>((made, part) => hmac(made, part), `AWS4${secret}`)
  return hmac(key, text).toString("hex")
}

describe("a bucket that", () => {
  let closing: (() => void)[] = []
  afterEach(() => {
    for (const close of closing.splice(0)) close()
    closing = []
  })
  /** A store that answers as it is told to, and what it was asked. */
  const answering = async (listener: RequestListener): Promise<{ archive: S3Archive; asked: string[] }> => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      listener(request, response)
    })
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
    closing.push(
      () => server.closeAllConnections(),
      () => server.close(),
    )
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return { archive: new S3Archive(to({ endpoint, secretKey: "very-secret" }), patience), asked }
  }
  const failure = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(ArchiveUnavailable)
    return (error as Error).message
  }

  test("refuses the key says so, and is not asked again", async () => {
    const archive = new S3Archive(to({ accessKey: "another", secretKey: "very-secret" }), patience)
    const message = await failure(archive.write("a.json", new Uint8Array(3)))
    expect(message).toContain("403 InvalidAccessKeyId")
    expect(message).not.toContain("secret")
  })

  test("checks signatures finds them as Signature Version 4 has them, over what was sent", async () => {
    const found: { readonly given: string; readonly own: string }[] = []
    const { archive } = await answering((request, response) => {
      const parts: Buffer[] = []
      request.on("data", (part: Buffer) => parts.push(part))
      request.on("end", () => {
        found.push({
          given: request.headers.authorization ?? "",
          own: signatureOf(request, Buffer.concat(parts), "very-secret"),
        })
        response.end()
      })
    })
    await archive.write("workspace=a%20b/month=2026-10/a.json", new TextEncoder().encode("what was sent"))
    await archive.remove("a.json")
    expect(found.map(({ given }) => /Signature=(\w+)$/.exec(given)?.[1])).toEqual(found.map(({ own }) => own))
    expect(found).toHaveLength(2)
  })

  test("is not there is no file that is missing", async () => {
    expect(await failure(new S3Archive(to({ bucket: "nobodys" }), patience).read("a.json", 9))).toContain("404")
  })

  test("fails for a moment is asked again", async () => {
    let times = 0
    const { archive, asked } = await answering((_, response) => {
      response.statusCode = times++ === 0 ? 503 : 200
      response.end(times === 1 ? "<Error><Code>SlowDown</Code></Error>" : "abc")
    })
    expect(Buffer.from((await archive.read("a.json", 3))!).toString()).toBe("abc")
    expect(asked).toHaveLength(2)
  })

  test("does not answer is given up in time", async () => {
    const { archive, asked } = await answering(() => {})
    const message = await failure(archive.read("a.json", 3))
    expect(message).toContain("no answer within 300 ms")
    expect(message).not.toContain("very-secret")
    expect(asked).toHaveLength(3)
  })

  test("sends its caller elsewhere is not followed with the key", async () => {
    const { archive } = await answering((_, response) => {
      response.writeHead(307, { location: "http://127.0.0.1:9/elsewhere" }).end()
    })
    await failure(archive.read("a.json", 3))
  })

  test("sends without end is cut off", async () => {
    const { archive } = await answering((_, response) => {
      const more = () => response.write(Buffer.alloc(65_536), more)
      more()
    })
    await expect(archive.read("a.json", 100)).rejects.toThrow("more than 100 bytes")
  })

  test("has its name in the host is asked there", () => {
    const archive = new S3Archive(to({ endpoint: "https://s3.example", pathStyle: false, prefix: "p" }), patience)
    expect(archive.urlOf("a/b=c.json")).toBe("https://kept.s3.example/p/a/b%3Dc.json")
    const amazon = new S3Archive(to({ endpoint: null, region: "eu-central-1", prefix: "" }), patience)
    expect(amazon.urlOf("a.json")).toBe("https://s3.eu-central-1.amazonaws.com/kept/a.json")
  })
})
