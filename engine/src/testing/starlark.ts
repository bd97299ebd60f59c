/** The expression language, for the conformance runner: it enters by the test kit, not by the engine's door. */
export * from "../core/expression/starlark/index.ts"
