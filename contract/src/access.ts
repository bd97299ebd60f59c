/** Who may: workspaces, their members, teams and keys, and the sessions of people. Secrets are shown once, when made. */
import { type Static, Type } from "typebox"
import { answer, nullable, oneOf, page, request, text, textOrNull, time, timeOrNull } from "./scalars.ts"
import { type KeyScope, keyScopes, roleNames } from "./words.ts"

/** Shorter ones are guessed; longer ones only cost time. */
export const passwordMin = 12
export const passwordMax = 256

const role = oneOf(
  roleNames,
  "`viewer` reads, `operator` also runs and decides, `admin` also changes workflows and says who may.",
)
const scopes = Type.Array(oneOf(keyScopes), { minItems: 1, maxItems: keyScopes.length, uniqueItems: true })
const scopesOrNull = nullable(
  Type.Array(oneOf(keyScopes), { description: "What a key is narrowed to; null: all that its role gives." }),
)
const name = Type.String({ minLength: 1, maxLength: 200 })
const email = Type.String({
  minLength: 3,
  maxLength: 200,
  pattern: '^[^\\s@<>"]+@[^\\s@<>"]+$',
  description: "It names the person, too: `user:<e-mail>` in lower case.",
})
const password = Type.String({ minLength: passwordMin, maxLength: passwordMax })

export const Session = answer("Session", {
  actor: text,
  name: textOrNull,
  teams: Type.Array(text),
  role: oneOf(roleNames),
  scopes: scopesOrNull,
  workspaceId: text,
  workspaceSlug: text,
  workspaces: Type.Array(Type.Object({ workspaceId: text, slug: text, name: text, role: oneOf(roleNames) }), {
    description: "Those that the credential may use, by slug.",
  }),
  environments: Type.Array(text, { description: "Those that have workflows or agents, by name; at most 200." }),
  auth: oneOf(["open", "keys", "session"]),
  credential: nullable(Type.String({ description: "The key or the session: `key:…`, `session:…`." })),
  expiresAt: nullable(Type.String({ format: "date-time", description: "Of a session or a key, at the latest." })),
})
export type Session = Static<typeof Session>

export const SignedIn = answer("SignedIn", {
  sessionId: text,
  user: text,
  method: oneOf(["password", "oidc"]),
  createdAt: time,
  lastSeenAt: time,
  expiresAt: time,
  address: text,
  agent: Type.String({ description: "What the browser calls itself." }),
  current: Type.Boolean({ description: "The one that asks." }),
})
export type SignedIn = Static<typeof SignedIn>
export const SignedInPage = page("SignedInPage", SignedIn)
export type SignedInPage = Static<typeof SignedInPage>

export const ChangePassword = request("ChangePassword", {
  current: Type.String({ minLength: 1, maxLength: passwordMax }),
  next: password,
})
export type ChangePassword = Static<typeof ChangePassword>

export const Workspace = answer("Workspace", {
  workspaceId: text,
  slug: text,
  name: text,
  createdAt: time,
  createdBy: text,
})
export type Workspace = Static<typeof Workspace>
export const WorkspacePage = page("WorkspacePage", Workspace)
export type WorkspacePage = Static<typeof WorkspacePage>
export const CreateWorkspace = request("CreateWorkspace", {
  slug: Type.String({
    pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
    description: "Its name in addresses, for good.",
  }),
  name: Type.Optional(name),
  admin: Type.Optional(
    Type.String({
      ...email,
      description: "E-mail of its first admin; absent: who makes it, as far as it is a person.",
    }),
  ),
})
export type CreateWorkspace = Static<typeof CreateWorkspace>
export const ChangeWorkspace = request("ChangeWorkspace", { name })
export type ChangeWorkspace = Static<typeof ChangeWorkspace>

const member = {
  user: text,
  email: text,
  name: text,
  role: oneOf(roleNames),
  teams: Type.Array(text),
  hasPassword: Type.Boolean(),
  disabled: Type.Boolean({ description: "On the whole server: they cannot enter." }),
  createdAt: time,
  createdBy: text,
}
export const Member = answer("Member", member)
export type Member = Static<typeof Member>
export const MemberPage = page("MemberPage", Member)
export type MemberPage = Static<typeof MemberPage>
export const AddMember = request("AddMember", {
  email,
  name: Type.Optional(name),
  role,
  password: Type.Optional(password),
})
export type AddMember = Static<typeof AddMember>
export const ChangeMember = request("ChangeMember", {
  role: Type.Optional(role),
  name: Type.Optional(name),
  password: Type.Optional(
    Type.String({ minLength: passwordMin, maxLength: passwordMax, description: "Only by an admin of `default`." }),
  ),
  disabled: Type.Optional(Type.Boolean({ description: "Only by an admin of `default`: on the whole server." })),
})
export type ChangeMember = Static<typeof ChangeMember>

const users = Type.Array(text, { maxItems: 1_000, uniqueItems: true, description: "Members: `user:<e-mail>`." })
export const Team = answer("Team", {
  name: text,
  description: text,
  members: users,
  createdAt: time,
  createdBy: text,
})
export type Team = Static<typeof Team>
export const TeamPage = page("TeamPage", Team)
export type TeamPage = Static<typeof TeamPage>
export const PutTeam = request("PutTeam", {
  description: Type.Optional(Type.String({ maxLength: 500 })),
  members: users,
})
export type PutTeam = Static<typeof PutTeam>

const key = {
  keyId: text,
  name: text,
  prefix: Type.String({ description: "How it begins: what people know it by." }),
  actor: Type.String({ description: "Who acts when it is used." }),
  role: oneOf(roleNames),
  scopes: scopesOrNull,
  createdAt: time,
  createdBy: text,
  expiresAt: timeOrNull,
  lastUsedAt: Type.Unsafe<string | null>({ ...timeOrNull, description: "To the minute." }),
  revokedAt: timeOrNull,
  revokedBy: textOrNull,
}
export const ApiKey = answer("ApiKey", key)
export type ApiKey = Static<typeof ApiKey>
export const ApiKeyPage = page("ApiKeyPage", ApiKey)
export type ApiKeyPage = Static<typeof ApiKeyPage>
export const ApiKeyWithSecret = answer("ApiKeyWithSecret", {
  ...key,
  key: Type.String({ description: "`wb_…`: shown this once." }),
})
export type ApiKeyWithSecret = Static<typeof ApiKeyWithSecret>
export const CreateKey = request("CreateKey", {
  name,
  role: Type.Optional(
    oneOf(roleNames, "At most one's own; without it the lowest to which its scopes open something, else `viewer`."),
  ),
  scopes: Type.Optional(
    Type.Unsafe<readonly KeyScope[]>({
      ...scopes,
      description: "What it may, of all that its role gives; absent: all of it, or as much as the key that makes it.",
    }),
  ),
  expiresInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650, description: "Default 90." })),
  service: Type.Optional(
    Type.Boolean({ description: "It acts as `key:<name>`, not as who makes it; only an admin makes such a one." }),
  ),
})
export type CreateKey = Static<typeof CreateKey>
