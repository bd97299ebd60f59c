/** Which archive the settings name. Null: none; what they say wrongly is said by `archiveProblems` before anything starts. */
import { fileURLToPath } from "node:url"
import type { ArchiveStore } from "@waybill/engine"
import { FolderArchive } from "@waybill/engine/adapters/archive/folder-archive"
import { s3Parts } from "../config/archive-settings.ts"
import type { Settings } from "../config/settings.ts"
import { S3Archive } from "./s3-archive.ts"

export function archiveOf(settings: Settings): ArchiveStore | null {
  const { archive, archiveEndpoint, archiveRegion, archivePathStyle, archiveAccessKey, archiveSecretKey } = settings
  if (archive === null) return null
  if (archive.startsWith("file:")) return new FolderArchive(fileURLToPath(archive))
  return new S3Archive({
    ...s3Parts(archive),
    endpoint: archiveEndpoint,
    region: archiveRegion,
    pathStyle: archivePathStyle,
    accessKey: archiveAccessKey ?? "",
    secretKey: archiveSecretKey ?? "",
  })
}
