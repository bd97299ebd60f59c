import type { Finding } from "@waybill/contract"
import { useState } from "react"
import { Code } from "../../../parts/code/Code.tsx"
import { WithCode } from "../../../parts/code/WithCode.tsx"
import { Button } from "../../../ui/Button.tsx"
import { buttonLook } from "../../../ui/button-look.ts"
import { copyText } from "../../../ui/copy-text.ts"
import { Glyph } from "../../../ui/Glyph.tsx"
import { Icon } from "../../../ui/Icon.tsx"
import { problemCount } from "./problem-count.ts"

interface DefinitionTextProps {
  readonly text: string
  readonly format: "yaml" | "json"
  readonly label: string
  readonly fileName: string
  /** Null: not known yet. */
  readonly problems: readonly Finding[] | null
}

const LISTED_MAX = 50

/** A definition to read, with whether it is right, to copy and to save. */
export function DefinitionText({ text, format, label, fileName, problems }: DefinitionTextProps) {
  const [line, setLine] = useState<number>()
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <p role="status" className="mr-auto flex items-center gap-1.5">
          {problems !== null && <Verdict problems={problems} />}
        </p>
        <Button icon="copy" onClick={() => void copyText(text, "the definition")}>
          Copy
        </Button>
        <a
          className={buttonLook()}
          download={fileName}
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
        >
          <Icon name="download" size={14} />
          Download
        </a>
      </div>
      {problems !== null && problems.length > 0 && (
        <ul aria-label="Problems" className="flex flex-col gap-1 rounded-md border bg-surface p-2">
          {problems.slice(0, LISTED_MAX).map((problem) => (
            <li key={`${problem.line} ${problem.pointer} ${problem.message}`} className="flex gap-2">
              <Glyph
                name="alert"
                tone={problem.severity === "error" ? "failed" : "waiting"}
                size={12}
                className="mt-1"
              />
              <span className="min-w-0">
                {problem.line != null && (
                  <button
                    type="button"
                    className="mr-2 rounded-xs text-accent tabular-nums hover:underline"
                    onClick={() => setLine(problem.line ?? undefined)}
                  >
                    line {problem.line}
                  </button>
                )}
                <WithCode text={problem.message} />{" "}
                {problem.hint !== undefined && (
                  <span className="text-muted">
                    <WithCode text={problem.hint} />
                  </span>
                )}
              </span>
            </li>
          ))}
          {problems.length > LISTED_MAX && <li className="text-muted">and {problems.length - LISTED_MAX} more</li>}
        </ul>
      )}
      <Code text={text} language={format} label={label} problems={problems ?? []} line={line} />
    </div>
  )
}

function Verdict({ problems }: { problems: readonly Finding[] }) {
  const { errors, words } = problemCount(problems)
  return (
    <>
      <Glyph
        name={problems.length === 0 ? "check" : "alert"}
        tone={errors > 0 ? "failed" : problems.length > 0 ? "waiting" : "completed"}
      />
      {words}
    </>
  )
}
