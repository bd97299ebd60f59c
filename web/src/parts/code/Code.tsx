/**
 * A text of a program or a document to read: highlighted, folded, with what is wrong at its line. The viewer is a chunk
 * of its own; until it is there, the text stands as it is. It shows and changes nothing.
 */
import { lazy, Suspense } from "react"
import type { CodeProps } from "./code-props.ts"

const CodeArea = lazy(() => import("./CodeArea.tsx"))

export function Code(props: CodeProps) {
  const plain = (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <pre tabIndex={0} className="max-h-[70vh] overflow-auto rounded-md border bg-surface p-3">
      {props.text}
    </pre>
  )
  return (
    <Suspense fallback={plain}>
      <CodeArea {...props} key={`${props.line ?? 0} ${props.language} ${props.problems?.length ?? 0} ${props.text}`} />
    </Suspense>
  )
}
