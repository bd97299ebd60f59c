/** Where references lead: addresses (`$id`), names (`$anchor`) and pointers, all inside one schema. */
import { isJsonObject, type Json, type JsonObject } from "../../json.ts"
import { stepsOf } from "../../json-pointer.ts"
import type { Resource } from "./resource.ts"
import { resolveUri, splitFragment } from "./uri.ts"

export interface Target {
  readonly schema: JsonObject | boolean
  readonly resource: Resource
  /** The name by which it was referred to, when it was one. */
  readonly anchor: string | null
}

export class References {
  readonly #resources = new Map<string, Resource>()
  readonly #homes = new Map<JsonObject, Resource>()

  /** Says where a schema belongs: to its parent's resource, or to one of its own. `parent` null: the root. */
  add(schema: JsonObject, parent: Resource | null): Resource {
    const known = this.#homes.get(schema)
    if (known !== undefined) return known
    const resource = this.#resourceOf(schema, parent)
    this.#homes.set(schema, resource)
    for (const keyword of ["$anchor", "$dynamicAnchor"]) {
      const name = schema[keyword]
      if (typeof name !== "string") continue
      resource.anchors.set(name, schema)
      if (keyword === "$dynamicAnchor") resource.dynamic.set(name, schema)
    }
    return resource
  }

  #resourceOf(schema: JsonObject, parent: Resource | null): Resource {
    const own = typeof schema.$id === "string" ? splitFragment(schema.$id) : null
    if (parent !== null && (own === null || own.uri === "")) return parent
    const uri = resolveUri(parent?.uri ?? "", own?.uri ?? "")
    const resource: Resource = { uri, root: schema, anchors: new Map(), dynamic: new Map() }
    // Two with one address: the first is meant.
    if (!this.#resources.has(uri)) this.#resources.set(uri, resource)
    return resource
  }

  homeOf(schema: JsonObject): Resource | undefined {
    return this.#homes.get(schema)
  }

  /** Null when it leads nowhere, or out of the schema. */
  follow(reference: string, from: Resource): Target | null {
    const split = splitFragment(reference)
    if (split === null) return null
    const resource = split.uri === "" ? from : this.#resources.get(resolveUri(from.uri, split.uri))
    if (resource === undefined) return null
    if (split.fragment === "") return { schema: resource.root, resource, anchor: null }
    if (split.fragment.startsWith("/")) return this.#byPointer(split.fragment, resource)
    const schema = resource.anchors.get(split.fragment)
    return schema === undefined ? null : { schema, resource, anchor: split.fragment }
  }

  #byPointer(pointer: string, start: Resource): Target | null {
    let at: Json | undefined = start.root
    let resource = start
    for (const step of stepsOf(pointer)) {
      at = inside(at, step)
      if (isJsonObject(at)) resource = this.#homes.get(at) ?? resource
    }
    return isJsonObject(at) || typeof at === "boolean" ? { schema: at, resource, anchor: null } : null
  }
}

function inside(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) return /^(0|[1-9][0-9]*)$/.test(step) ? (value as readonly Json[])[Number(step)] : undefined
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}
