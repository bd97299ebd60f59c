/** Workflow definitions: read, check, hash. The door of this folder; the model is in `model.ts`. */
export type { AgentCatalogue, KnownAgent } from "./check/agents.ts"
export { definitionHash } from "./definition-hash.ts"
export type * from "./model.ts"
export { type ParsedDefinition, type ParseOptions, parseDefinition, parseDefinitionDocument } from "./parse.ts"
export type { Problem } from "./problem.ts"
export { DEFINITION_PROBLEMS, type DefinitionProblemCode } from "./problem-codes.ts"
export { type BlockKind, type InnerBlock, innerBlocks, walkBlocks, walkStates } from "./walk.ts"
