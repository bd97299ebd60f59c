/** The routes of who may enter and who did what. */
import type {
  AddMember,
  ApiKey,
  ApiKeyPage,
  ApiKeyWithSecret,
  AuditPage,
  ChangeMember,
  CreateKey,
  CreateWorkspace,
  Member,
  MemberPage,
  PutTeam,
  SignedInPage,
  Team,
  TeamPage,
  Workspace,
  WorkspacePage,
} from "@waybill/contract"
import { type Call, longMs, type Query, type Send } from "./transport.ts"

const member = (user: string) => `/members/${encodeURIComponent(user)}`

export function accessRoutes(send: Send, call: Call) {
  return {
    sessions: {
      /** `all`: everybody's, for admins of the workspace `default`. */
      list: (query: Query = {}) => call<SignedInPage>("GET", "/sessions", { query }),
      end: (sessionId: string) => call<undefined>("DELETE", `/sessions/${encodeURIComponent(sessionId)}`),
    },
    workspaces: {
      list: (query: Query = {}) => call<WorkspacePage>("GET", "/workspaces", { query }),
      create: (body: CreateWorkspace) => call<Workspace>("POST", "/workspaces", { body }),
      rename: (workspaceId: string, name: string) =>
        call<Workspace>("PATCH", `/workspaces/${encodeURIComponent(workspaceId)}`, { body: { name } }),
    },
    members: {
      list: (query: Query = {}) => call<MemberPage>("GET", "/members", { query }),
      get: (user: string) => call<Member>("GET", member(user)),
      add: (body: AddMember) => call<Member>("POST", "/members", { body }),
      change: (user: string, body: ChangeMember) => call<Member>("PATCH", member(user), { body }),
      remove: (user: string) => call<undefined>("DELETE", member(user)),
    },
    teams: {
      list: (query: Query = {}) => call<TeamPage>("GET", "/teams", { query }),
      put: (name: string, body: PutTeam) => call<Team>("PUT", `/teams/${encodeURIComponent(name)}`, { body }),
      remove: (name: string) => call<undefined>("DELETE", `/teams/${encodeURIComponent(name)}`),
    },
    keys: {
      list: (query: Query = {}) => call<ApiKeyPage>("GET", "/keys", { query }),
      /** The answer has the key, this once. */
      create: (body: CreateKey) => call<ApiKeyWithSecret>("POST", "/keys", { body }),
      revoke: (keyId: string) => call<ApiKey>("DELETE", `/keys/${encodeURIComponent(keyId)}`),
    },
    audit: {
      /** `actor, action, target, outcome, from, to, cursor, limit`; newest first. */
      list: (query: Query = {}) => call<AuditPage>("GET", "/audit", { query }),
      /** All that matches, of any length, to be read as it comes; `format`: `ndjson, csv`. */
      export: (query: Query = {}) => send("GET", "/audit/export", { query, timeoutMs: longMs }),
    },
  }
}
