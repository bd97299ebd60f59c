import { problemWords } from "../../data/problem-words.ts"
import { Button } from "../../ui/Button.tsx"
import { EmptyState } from "../../ui/EmptyState.tsx"

/** A list of something else than was asked would be worse than none. */
export function NotUnderstood({ error, onClear }: { error: unknown; onClear: () => void }) {
  const { detail, hint, findings } = problemWords(error)
  return (
    <EmptyState
      icon="search"
      title="The query is not understood"
      action={
        <Button icon="cross" onClick={onClear}>
          Clear the query
        </Button>
      }
    >
      {findings.length > 0 ? (
        <ul>
          {findings.map(({ message, column }) => (
            <li key={`${column} ${message}`}>
              Column {column}: {message}
            </li>
          ))}
        </ul>
      ) : (
        <p>{detail}</p>
      )}
      {hint !== null && <p>{hint.replaceAll("`", "")}</p>}
    </EmptyState>
  )
}
