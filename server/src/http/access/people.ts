/** `/api/v1/workspaces`, `/members`, `/teams`: who belongs where, and as what. */
import {
  AddMember,
  ChangeMember,
  ChangeWorkspace,
  CreateWorkspace,
  Member,
  MemberPage,
  PutTeam,
  Team,
  TeamPage,
  Workspace,
  WorkspacePage,
} from "@waybill/contract"
import { Type } from "typebox"
import type { Access } from "../../access/open-access.ts"
import type { App } from "../shared/app.ts"
import { deedOf, done } from "../shared/deed-of.ts"
import { cursor, limit } from "../shared/parameters.ts"
import { refuseKey } from "../shared/refuse-key.ts"
import { memberDocument, teamDocument, workspaceDocument } from "./documents.ts"
import { pageBy } from "./page-by.ts"

const tags = ["access"]
const id = Type.String({ minLength: 1, maxLength: 256 })
const userParams = Type.Object({ user: id })
const teamParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }) })
const querystring = Type.Object({ cursor, limit }, { additionalProperties: false })

export function workspaceRoutes(app: App, { people, now }: Access): void {
  app.get(
    "/workspaces",
    {
      config: { role: "viewer", needs: "admin" },
      schema: {
        tags,
        operationId: "listWorkspaces",
        summary: "One's workspaces, by slug; admins of `default` see all",
        querystring,
        response: { 200: WorkspacePage },
      },
    },
    async (request) =>
      pageBy(people.workspacesOf(deedOf(request, now())), ({ slug }) => slug, workspaceDocument, request.query),
  )

  app.post(
    "/workspaces",
    {
      preHandler: refuseKey("workspaces"),
      config: { role: "admin", needs: "admin", scope: "server" },
      schema: {
        tags,
        operationId: "createWorkspace",
        summary: "Make a workspace",
        description: "For admins of `default`. Its first admin is who is named, or who makes it.",
        body: CreateWorkspace,
        response: { 201: Workspace },
      },
    },
    async (request, reply) => {
      const row = await done(request, people.createWorkspace(deedOf(request, now()), request.body))
      reply.code(201).header("location", `/api/v1/workspaces/${row.workspaceId}`)
      return workspaceDocument(row)
    },
  )

  app.patch(
    "/workspaces/:workspaceId",
    {
      config: { role: "admin", needs: "admin" },
      schema: {
        tags,
        operationId: "changeWorkspace",
        summary: "Give one's workspace another name",
        params: Type.Object({ workspaceId: id }),
        body: ChangeWorkspace,
        response: { 200: Workspace },
      },
    },
    async (request) => {
      const { params, body } = request
      return workspaceDocument(
        await done(request, people.renameWorkspace(deedOf(request, now()), params.workspaceId, body.name)),
      )
    },
  )
}

export function memberRoutes(app: App, { people, now }: Access): void {
  app.get(
    "/members",
    {
      config: { role: "viewer", needs: "admin" },
      schema: {
        tags,
        operationId: "listMembers",
        summary: "Who belongs to the workspace, by e-mail",
        querystring,
        response: { 200: MemberPage },
      },
    },
    async (request) =>
      pageBy(people.members(deedOf(request, now())), ({ user }) => user.email, memberDocument, request.query),
  )

  app.post(
    "/members",
    {
      preHandler: refuseKey("members"),
      config: { role: "admin", needs: "admin" },
      schema: {
        tags,
        operationId: "addMember",
        summary: "Let somebody in",
        description:
          "Somebody who is new on the server may get a password with it, from an admin of `default`; others keep their own.",
        body: AddMember,
        response: { 201: Member },
      },
    },
    async (request, reply) => {
      const view = await done(request, people.addMember(deedOf(request, now()), request.body))
      reply.code(201).header("location", `/api/v1/members/${encodeURIComponent(view.user.userId)}`)
      return memberDocument(view)
    },
  )

  app.get(
    "/members/:user",
    {
      config: { role: "viewer", needs: "admin" },
      schema: { tags, operationId: "getMember", summary: "One member", params: userParams, response: { 200: Member } },
    },
    async (request) => memberDocument(people.member(deedOf(request, now()), request.params.user)),
  )

  app.patch(
    "/members/:user",
    {
      config: { role: "admin", needs: "admin" },
      schema: {
        tags,
        operationId: "changeMember",
        summary: "Another role; as an admin of `default` also another password, or out of the server",
        params: userParams,
        body: ChangeMember,
        response: { 200: Member },
      },
    },
    async (request) => {
      const { params, body } = request
      return memberDocument(await done(request, people.changeMember(deedOf(request, now()), params.user, body)))
    },
  )

  app.delete(
    "/members/:user",
    {
      config: { role: "admin", needs: "admin" },
      schema: {
        tags,
        operationId: "removeMember",
        summary: "Take somebody out of the workspace; their keys of it end with that",
        params: userParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await done(request, people.removeMember(deedOf(request, now()), request.params.user))
      return reply.code(204).send(null)
    },
  )
}

export function teamRoutes(app: App, { people, now }: Access): void {
  app.get(
    "/teams",
    {
      config: { role: "viewer", needs: "admin" },
      schema: {
        tags,
        operationId: "listTeams",
        summary: "Teams that approvals may name, by name",
        querystring,
        response: { 200: TeamPage },
      },
    },
    async (request) => pageBy(people.teams(deedOf(request, now())), ({ name }) => name, teamDocument, request.query),
  )

  app.put(
    "/teams/:name",
    {
      config: { role: "admin", needs: "admin" },
      schema: {
        tags,
        operationId: "putTeam",
        summary: "Make a team, or say anew who is in it",
        params: teamParams,
        body: PutTeam,
        response: { 200: Team },
      },
    },
    async (request) => {
      const { params, body } = request
      return teamDocument(await done(request, people.putTeam(deedOf(request, now()), params.name, body)))
    },
  )

  app.delete(
    "/teams/:name",
    {
      config: { role: "admin", needs: "admin" },
      schema: {
        tags,
        operationId: "removeTeam",
        summary: "Dissolve a team",
        params: teamParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await done(request, people.removeTeam(deedOf(request, now()), request.params.name))
      return reply.code(204).send(null)
    },
  )
}
