/** The stories' workflows as definitions: each version saved as if it had come at its time, and found again by time. */
import type { SchemaCompiler } from "../../core/schema/types.ts"
import { readHere } from "../../ports/definition-reader.ts"
import type { ResolvedDefinition } from "../../ports/definition-source.ts"
import type { DefinitionStore } from "../../ports/definition-store.ts"
import type { Hashing } from "../../ports/hashing.ts"
import { saveDefinition } from "../definitions/change-definition.ts"
import { fileWorkspace, Registry } from "../definitions/registry.ts"
import { person, type Story } from "./story.ts"
import { storyAgents } from "./story-agents.ts"

export interface StoryPorts {
  readonly definitionStore: DefinitionStore
  readonly compileSchema: SchemaCompiler
  readonly hashing: Hashing
}

export interface ServingVersions {
  /** The newest that was there at a time. */
  at(environment: string, workflowId: string, at: number): ResolvedDefinition
}

interface Serving {
  readonly since: number
  readonly found: ResolvedDefinition
}

const author = person("grace", "platform")

/** What is there already is not saved again. */
export async function saveStories(
  ports: StoryPorts,
  stories: readonly Story[],
  from: number,
  until: number,
): Promise<ServingVersions> {
  let now = from
  const agents = storyAgents(stories)
  const registry = await Registry.open({
    store: ports.definitionStore,
    agents: { agents: () => agents },
    reader: readHere({ compileSchema: ports.compileSchema, sha256: ports.hashing.sha256 }),
    now: () => now,
  })
  const serving = new Map<string, Serving[]>()
  for (const story of stories) {
    for (const environment of Object.keys(story.environments)) {
      const versions: Serving[] = []
      for (const { since, document } of story.versions) {
        now = Math.round(from + since * (until - from))
        versions.push({ since: now, found: await saveVersion(registry, environment, story, document) })
      }
      serving.set(`${environment}/${story.workflowId}`, versions)
    }
  }
  return {
    at: (environment, workflowId, at) => {
      const versions = serving.get(`${environment}/${workflowId}`)!
      return (versions.findLast(({ since }) => since <= at) ?? versions[0]!).found
    },
  }
}

async function saveVersion(
  registry: Registry,
  environment: string,
  story: Story,
  document: Story["versions"][number]["document"],
): Promise<ResolvedDefinition> {
  const { workflowId } = story
  const key = { workspaceId: fileWorkspace, environment }
  const text = JSON.stringify(document, null, 2)
  const read = await registry.read(environment, text, "json", null)
  const known = read.hash === null ? null : await knownVersion(registry, { ...key, workflowId }, read.hash)
  if (known === null) {
    const expectNew = registry.record({ ...key, workflowId }) === null
    const saved = await saveDefinition(registry)(author, {
      key,
      workflowId,
      text,
      format: "json",
      expectNew,
      note: null,
    })
    if (!saved.ok) {
      const [problem] = saved.rejection.problems ?? []
      throw new Error(`the story ${workflowId} is not a workflow: ${problem?.message ?? saved.rejection.message}`)
    }
  }
  const resolved = await registry.resolve(fileWorkspace, environment, workflowId, known)
  if (!resolved.ok) throw new Error(resolved.rejection.message)
  return resolved.found
}

/** The number of a version of this content; null = there is none. */
async function knownVersion(
  registry: Registry,
  key: { readonly workspaceId: string; readonly environment: string; readonly workflowId: string },
  hash: string,
): Promise<number | null> {
  const versions = await registry.ports.store.versions(key, 200, null)
  return versions.find((version) => version.hash === hash)?.versionNumber ?? null
}
