/** What is wrong with a text, at its line: the line is tinted, the place underlined, the words stand below. */
import { type Extension, type Range, RangeSet, type Text } from "@codemirror/state"
import { Decoration, EditorView, WidgetType } from "@codemirror/view"
import type { Finding } from "@waybill/contract"
import { codeParts } from "./code-parts.ts"

const isWarning = ({ severity }: Finding) => severity === "warning" || severity === "hint"

class Words extends WidgetType {
  readonly finding: Finding
  constructor(finding: Finding) {
    super()
    this.finding = finding
  }

  override eq(other: Words): boolean {
    return other.finding === this.finding
  }

  override toDOM(): HTMLElement {
    const { message, hint, severity = "error" } = this.finding
    const box = document.createElement("div")
    box.className = isWarning(this.finding) ? "cm-problem-words cm-warning" : "cm-problem-words"
    box.setAttribute("role", "note")
    box.append(`${severity}: `, ...inline(message))
    if (hint !== undefined) {
      const more = document.createElement("div")
      more.className = "cm-problem-hint"
      more.append(...inline(hint))
      box.append(more)
    }
    const place = document.createElement("div")
    place.className = "cm-problem"
    place.append(box)
    return place
  }
}

function inline(text: string): readonly (string | Node)[] {
  return codeParts(text).map((part) => {
    if (!part.isCode) return part.text
    const code = document.createElement("code")
    code.textContent = part.text
    return code
  })
}

export function problemMarks(problems: readonly Finding[]): Extension {
  return EditorView.decorations.compute(["doc"], ({ doc }) =>
    RangeSet.of(
      problems.flatMap((problem) => marksOf(problem, doc)),
      true,
    ),
  )
}

function marksOf(problem: Finding, doc: Text): readonly Range<Decoration>[] {
  const { line: number, column } = problem
  if (typeof number !== "number" || number < 1 || number > doc.lines) return []
  const line = doc.line(number)
  const from = line.from + Math.min(Math.max(0, (column ?? 1) - 1), line.length)
  const length = /^[\w$./-]+|^\S/.exec(line.text.slice(from - line.from))?.[0].length ?? 0
  const look = isWarning(problem) ? "cm-warning-line" : "cm-problem-line"
  return [
    Decoration.line({ class: look }).range(line.from),
    ...(length > 0
      ? [
          Decoration.mark({ class: isWarning(problem) ? "cm-problem-place cm-warning" : "cm-problem-place" }).range(
            from,
            from + length,
          ),
        ]
      : []),
    Decoration.widget({ widget: new Words(problem), block: true, side: 1 }).range(line.to),
  ]
}
