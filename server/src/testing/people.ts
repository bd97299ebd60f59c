/** People and keys of a real server, made as operators make them: over its own doors. */
import { createHash } from "node:crypto"
import type { ApiKeyWithSecret, Workspace } from "@waybill/contract"
import type { Settings } from "../config.ts"
import { ask } from "./real-server.ts"

export const rootKey = "the-key-of-the-configuration"
export const password = "correct horse battery staple"

/** What a server is started with whose people are in its store; the key of the configuration lets the first in. */
export const withPeople: Partial<Settings> = {
  auth: "keys",
  keys: [{ name: "root", sha256: createHash("sha256").update(rootKey).digest("hex"), role: "admin" }],
}

export const bearing = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` })

/** As a browser does it from our own page. */
export async function signIn(
  url: string,
  email: string,
  given: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const { secret = password, next = "/", ...headers } = given
  return fetch(`${url}/login`, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin", ...headers },
    body: new URLSearchParams({ email, password: secret, next }).toString(),
  })
}

export function cookieOf(response: Response): string {
  return (response.headers.get("set-cookie") ?? "").split(";")[0]!
}

/** What a browser sends with a write from our own page. */
export const fromOwnPage = (cookie: string): Record<string, string> => ({ cookie, "sec-fetch-site": "same-origin" })

export async function addPerson(url: string, email: string, role: string, headers = bearing(rootKey)): Promise<void> {
  const added = await ask(url, "POST", "/members", { email, role, password }, headers)
  if (added.status !== 201) throw new Error(JSON.stringify(added.body))
}

/** A workspace with one admin, who belongs to no other one and is signed in. */
export async function makeWorkspace(url: string, slug: string, admin: string): Promise<Workspace & { cookie: string }> {
  await addPerson(url, admin, "viewer")
  const made = await ask(url, "POST", "/workspaces", { slug, admin }, bearing(rootKey))
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  await ask(url, "DELETE", `/members/${encodeURIComponent(`user:${admin}`)}`, undefined, bearing(rootKey))
  return { ...(made.body as Workspace), cookie: cookieOf(await signIn(url, admin)) }
}

export async function makeKey(
  url: string,
  role: string,
  headers: Record<string, string>,
  name = `a ${role}`,
): Promise<ApiKeyWithSecret> {
  const made = await ask(url, "POST", "/keys", { name, role }, headers)
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  return made.body
}
