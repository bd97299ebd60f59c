import { Button } from "../../ui/Button.tsx"
import { Icon } from "../../ui/Icon.tsx"
import { mended, type QueryProblem } from "./mark.ts"

interface QueryProblemsProps {
  readonly id: string
  readonly text: string
  readonly problems: readonly QueryProblem[]
  readonly onMend: (query: string) => void
}

/** What the server does not understand, in its words, with what was probably meant one press away. */
export function QueryProblems({ id, text, problems, onMend }: QueryProblemsProps) {
  return (
    <ul id={id} aria-live="polite" className="flex flex-col gap-1 empty:hidden not-empty:mt-1.5">
      {problems.map((problem) => {
        const meant = mended(text, problem)
        return (
          <li key={`${problem.code} ${problem.from}`} className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs">
            <Icon name="warning" size={12} className="text-danger" />
            <span>
              <span className="text-muted">Column {problem.column}:</span> {problem.message}
            </span>
            {meant === null ? (
              problem.hint !== undefined && <span className="text-muted">{plain(problem.hint)}</span>
            ) : (
              <Button size="sm" onClick={() => onMend(meant.text)}>
                Did you mean <code>{meant.word}</code>?
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}

const plain = (hint: string) => hint.replaceAll("`", "")
