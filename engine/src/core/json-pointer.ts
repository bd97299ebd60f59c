/** JSON pointers (RFC 6901), the address of a value in every problem the engine reports. */
export type PointerStep = string | number

export function pointerOf(steps: readonly PointerStep[]): string {
  let pointer = ""
  for (const step of steps) pointer += `/${escapeStep(step)}`
  return pointer
}

export function childPointer(parent: string, step: PointerStep): string {
  return `${parent}/${escapeStep(step)}`
}

export function stepsOf(pointer: string): string[] {
  if (pointer === "") return []
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
}

function escapeStep(step: PointerStep): string {
  if (typeof step === "number") return String(step)
  return step.includes("~") || step.includes("/") ? step.replaceAll("~", "~0").replaceAll("/", "~1") : step
}
