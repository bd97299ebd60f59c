/** What the settings of the archive say together: a folder or a bucket, and what a bucket needs besides. */
import { fileURLToPath } from "node:url"
import type { Settings } from "./settings.ts"

export function s3Parts(url: string): { readonly bucket: string; readonly prefix: string } {
  const [bucket = "", ...prefix] = url.slice("s3://".length).split("/")
  return { bucket, prefix: prefix.filter((part) => part !== "").join("/") }
}

export function archiveProblems({ archive, archiveAccessKey, archiveSecretKey, archiveEndpoint }: Settings): string[] {
  if (archive === null) return []
  if (archive.startsWith("file:"))
    return isFolder(archive) ? [] : ["archive: a folder is written `file:///srv/archive`"]
  const problems: string[] = []
  const { bucket, prefix } = s3Parts(archive)
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    problems.push(`archive: ${JSON.stringify(bucket)} is no bucket`)
  if (prefix.split("/").some((part) => part.startsWith("."))) problems.push("archive: no part of it begins with a dot")
  if (archiveAccessKey === null || archiveSecretKey === null)
    problems.push("archive is a bucket: set WAYBILL_ARCHIVE_ACCESS_KEY and WAYBILL_ARCHIVE_SECRET_KEY")
  if (archiveEndpoint !== null && !URL.canParse(archiveEndpoint))
    problems.push(`archiveEndpoint: ${JSON.stringify(archiveEndpoint)} is no address`)
  return problems
}

function isFolder(url: string): boolean {
  try {
    return fileURLToPath(url) !== "/"
  } catch {
    return false
  }
}
