/**
 * The bounds of one expression (dsl §3, rule 1). Everything that grows, loops or nests is charged against one of them,
 * so that no source and no input can hang the engine or exhaust its memory.
 */
export const SOURCE_BYTES_MAX = 64 * 1024
/** Steps of one expression; a command's expressions share one budget beside it (rule 1). */
export const STEPS_MAX = 100_000
/** Estimated bytes of the values one expression creates; its inputs are views and cost nothing. */
export const VALUE_BYTES_MAX = 1024 * 1024
/** Brackets, prefix operators, lambdas and conditionals inside one another. */
export const EXPRESSION_DEPTH_MAX = 64
/** Function calls inside one another. */
export const CALL_DEPTH_MAX = 64
/** Evaluations inside one another: a parsed expression needs at most 11 for each level of nesting. */
export const EVALUATION_DEPTH_MAX = 800
/** Lists, tuples and dicts inside one another, wherever a value is compared, printed or handed out. */
export const VALUE_DEPTH_MAX = 64
/** Ints grow until here, then fail loudly: one product of two such numbers costs about a millisecond. */
export const INT_BITS_MAX = 65_536
/** Characters that one step reads; slower searches say so with `Meter.work`. */
export const CHARS_PER_STEP = 1_024
/** Loop variables, parameters, arguments: what a frame holds. */
export const NAMES_MAX = 255
