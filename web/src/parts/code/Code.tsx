/**
 * A text of a program or a document to read: highlighted, folded, with what is wrong at its line. The viewer is a chunk
 * of its own; until it is there, the text stands as it is. It shows and changes nothing.
 */
import type { Finding } from "@waybill/contract"
import { lazy, Suspense } from "react"

export interface CodeProps {
  readonly text: string
  readonly language: "yaml" | "json"
  /** What it is: `Definition of order, version 1.2`. */
  readonly label: string
  /** Each stands under its line, in words. */
  readonly problems?: readonly Finding[]
  /** The line to begin at, 1-based. */
  readonly line?: number
}

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
