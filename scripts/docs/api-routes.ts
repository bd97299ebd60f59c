/** The table of routes in `docs/reference/api.md`, from the server's own OpenAPI. Run it to write; a test compares. */
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { testServer } from "../../server/src/testing/test-server.ts"

export const apiFile = new URL("../../docs/reference/api.md", import.meta.url)

const BEGIN = "<!-- routes: written by scripts/docs/api-routes.ts from the server's OpenAPI document -->"
const END = "<!-- routes end -->"

interface Operation {
  readonly summary?: string
  readonly "x-role"?: string
  readonly "x-needs"?: string
  readonly "x-or-for"?: string
}

export async function routesTable(): Promise<string> {
  const { app } = await testServer()
  await app.ready()
  const { paths } = app.swagger() as unknown as { paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }
  await app.close()
  const rows = Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { summary, "x-role": role, "x-needs": needs, "x-or-for": orFor }]) => ({
        path,
        method: method.toUpperCase(),
        summary,
        role,
        needs: orFor === undefined ? needs : `${needs} or ${orFor}`,
      })),
    )
    .sort((a, b) => (a.path === b.path ? (a.method < b.method ? -1 : 1) : a.path < b.path ? -1 : 1))
    .map(
      ({ path, method, summary, role, needs }) =>
        `| \`${method} ${path}\` | ${role ?? "anybody"} | ${needs ?? ""} | ${summary ?? ""} |`,
    )
  return ["| route | role | scope | |", "| --- | --- | --- | --- |", ...rows].join("\n")
}

/** The page with the table as it should be. */
export async function apiPage(): Promise<string> {
  const text = readFileSync(apiFile, "utf8")
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin === -1 || end === -1) throw new Error("docs/reference/api.md has lost the marks of its table")
  return `${text.slice(0, begin + BEGIN.length)}\n\n${await routesTable()}\n\n${text.slice(end)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(apiFile, await apiPage())
