/**
 * An archive in a bucket of any store that speaks S3: PUT, GET and DELETE of one object, signed (Signature Version 4) with
 * the hash of what is sent. Every attempt has a deadline, later for what is large; what may pass is tried again, and an answer is read no further
 * than it may be long. Keys stand in no message.
 */
import { createHash } from "node:crypto"
import { setTimeout as pause, setImmediate as turn } from "node:timers/promises"
import { ArchiveDamaged, type ArchiveStore, ArchiveUnavailable, archiveName } from "@waybill/engine"
import { AwsV4Signer } from "aws4fetch"

export interface S3Place {
  readonly bucket: string
  /** Without slashes at its ends; empty: the bucket's root. */
  readonly prefix: string
  /** Null: Amazon's own, by region. */
  readonly endpoint: string | null
  readonly region: string
  /** The bucket as the first part of the path; else of the host's name. */
  readonly pathStyle: boolean
  readonly accessKey: string
  readonly secretKey: string
}

export interface S3Patience {
  readonly attempts: number
  readonly attemptMs: number
  /** Before the second attempt; twice as long before each further one. */
  readonly pauseMs: number
}

export const defaultS3Patience: S3Patience = { attempts: 4, attemptMs: 20_000, pauseMs: 250 }

type Method = "GET" | "PUT" | "DELETE"

/** Null: there is no such object. */
type Answer = Uint8Array | null

/** A store that is slower is one that does not answer. */
const slowestBytesPerMs = 1_000

/** Of what is hashed: less than a millisecond of the loop. */
const pieceBytes = 1 << 20

/** Of what a store says why it refuses. */
const reasonBytesMax = 4_096

export class S3Archive implements ArchiveStore {
  readonly place: string
  readonly #to: S3Place
  readonly #patience: S3Patience

  constructor(to: S3Place, patience: S3Patience = defaultS3Patience) {
    this.#to = to
    this.#patience = patience
    this.place = `s3://${[to.bucket, to.prefix].filter((part) => part !== "").join("/")}`
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await this.#ask("PUT", name, bytes, 0)
  }

  read(name: string, bytesMax: number): Promise<Answer> {
    return this.#ask("GET", name, null, bytesMax)
  }

  async remove(name: string): Promise<void> {
    await this.#ask("DELETE", name, null, 0)
  }

  async #ask(method: Method, name: string, body: Uint8Array | null, bytesMax: number): Promise<Answer> {
    if (!archiveName.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a file in an archive`)
    let failure = ""
    for (let attempt = 0; attempt < this.#patience.attempts; attempt++) {
      if (attempt > 0) await pause(this.#patience.pauseMs * 2 ** (attempt - 1) * (0.5 + Math.random()))
      const told = await this.#attempt(method, name, body, bytesMax)
      if ("answer" in told) return told.answer
      failure = told.failure
      if (!told.again) break
    }
    throw new ArchiveUnavailable(`${this.place}: ${method} ${name}: ${failure}`)
  }

  async #attempt(
    method: Method,
    name: string,
    body: Uint8Array | null,
    bytesMax: number,
  ): Promise<{ readonly answer: Answer } | { readonly failure: string; readonly again: boolean }> {
    const withinMs = this.#patience.attemptMs + Math.floor((body?.length ?? bytesMax) / slowestBytesPerMs)
    try {
      const { url, headers } = await this.#signed(method, name, body)
      const signal = AbortSignal.timeout(withinMs)
      const response = await fetch(url, { method, headers, body, signal, redirect: "error" })
      if (response.status === 404 && method !== "PUT" && !(await isNoBucket(response))) return { answer: null }
      if (response.ok) return { answer: await bounded(response, method === "GET" ? bytesMax : reasonBytesMax, name) }
      const again = response.status >= 500 || response.status === 429 || response.status === 408
      return { failure: `${response.status} ${await reasonOf(response)}`.trim(), again }
    } catch (error) {
      if (error instanceof ArchiveDamaged) throw error
      return { failure: messageOf(error, withinMs), again: true }
    }
  }

  async #signed(method: Method, name: string, body: Uint8Array | null) {
    const { accessKey, secretKey, region } = this.#to
    const sha256 = await sumOf(body ?? new Uint8Array())
    return new AwsV4Signer({
      method,
      url: this.urlOf(name),
      headers: { "x-amz-content-sha256": sha256 },
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      service: "s3",
      region,
    }).sign()
  }

  /** Of an object. */
  urlOf(name: string): string {
    const { endpoint, region, bucket, prefix, pathStyle } = this.#to
    const url = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`)
    const parts = [...prefix.split("/"), ...name.split("/")].filter((part) => part !== "")
    if (pathStyle) parts.unshift(bucket)
    else url.hostname = `${bucket}.${url.hostname}`
    url.pathname = `/${parts.map(encodeURIComponent).join("/")}`
    return url.href
  }
}

/** In pieces, with turns of the loop between them. */
async function sumOf(bytes: Uint8Array): Promise<string> {
  const sum = createHash("sha256")
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    if (from > 0) await turn()
    sum.update(bytes.subarray(from, from + pieceBytes))
  }
  return sum.digest("hex")
}

/** A bucket that is not there holds nothing of ours, and says nothing of what was written. */
async function isNoBucket(response: Response): Promise<boolean> {
  return (await textOf(response)).includes("NoSuchBucket")
}

async function reasonOf(response: Response): Promise<string> {
  return /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(await textOf(response))?.[1] ?? ""
}

async function textOf(response: Response): Promise<string> {
  // A clone, so that whoever asks twice reads it twice.
  const bytes = await bounded(response.clone(), reasonBytesMax, "").catch(() => new Uint8Array())
  return new TextDecoder().decode(bytes)
}

async function bounded(response: Response, bytesMax: number, name: string): Promise<Uint8Array> {
  // Of tens of megabytes a copy at the end would be noticed.
  const whole = new Uint8Array(bytesMax)
  let length = 0
  const reader = response.body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done || value === undefined) return whole.subarray(0, length)
    if (length + value.length > bytesMax) {
      await reader?.cancel()
      throw new ArchiveDamaged(`${name} has more than ${bytesMax} bytes, more than it was written with`)
    }
    whole.set(value, length)
    length += value.length
  }
}

function messageOf(error: unknown, attemptMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === "TimeoutError") return `no answer within ${attemptMs} ms`
  const { cause } = error
  return cause instanceof Error && cause.message !== "" ? `${error.message}: ${cause.message}` : error.message
}
