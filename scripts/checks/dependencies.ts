/** What npm installs is the same everywhere: exact versions, and a lock file that names no address. */
import type { Check } from "./check.ts"
import { projectFiles, readProjectFile } from "./files.ts"

const FIELDS = ["dependencies", "devDependencies", "optionalDependencies"] as const
type Manifest = { readonly [field in (typeof FIELDS)[number]]?: { readonly [name: string]: string } }

export const dependenciesCheck: Check = {
  title: "dependencies are pinned exactly, and the lock file holds no address",
  run: async () => {
    const manifests = (await projectFiles()).filter((file) => /^([a-z]+\/)?package\.json$/.test(file))
    return [
      ...manifests.flatMap((file) => loosePins(file, JSON.parse(readProjectFile(file)))),
      ...addresses("package-lock.json", readProjectFile("package-lock.json")),
      ...addresses(".npmrc", readProjectFile(".npmrc")),
    ]
  },
}

export function loosePins(file: string, manifest: Manifest): readonly string[] {
  return FIELDS.flatMap((field) => Object.entries(manifest[field] ?? {}))
    .filter(([name, version]) => !name.startsWith("@waybill/") && !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${file} asks for ${name} ${version}; name one version`)
}

export function addresses(file: string, text: string): readonly string[] {
  const lines = text.split("\n")
  return lines.flatMap((line, index) =>
    /"resolved":\s*"https?:|registry\s*=/.test(line) ? [`${file}:${index + 1} names a registry: ${line.trim()}`] : [],
  )
}
