/** A store that speaks S3, in this process: knows one key, does not check Version 4 signatures, and keeps objects in a folder. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import S3rver from "s3rver"

export interface Bucket {
  readonly endpoint: string
  readonly bucket: string
  readonly accessKey: string
  readonly secretKey: string
  close(): Promise<void>
}

export async function openBucket(): Promise<Bucket> {
  const directory = mkdtempSync(join(tmpdir(), "waybill-s3-"))
  const configureBuckets = [{ name: "kept", configs: [] }]
  const server = new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory, configureBuckets })
  const { port } = await server.run()
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket: "kept",
    // The only pair it knows.
    accessKey: "S3RVER",
    secretKey: "S3RVER",
    async close() {
      await server.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
