import { Button } from "../../ui/Button.tsx"
import { Checkbox } from "../../ui/form/Checkbox.tsx"
import { IconButton } from "../../ui/IconButton.tsx"
import { Popover } from "../../ui/overlay/Popover.tsx"
import { withMoved, withToggled } from "../table/columns.ts"
import { runColumns } from "../table/run-columns.tsx"

interface ColumnsPickerProps {
  /** The ids of those that are seen, in their order. */
  readonly shown: readonly string[]
  /** Whether they were chosen; otherwise they are as many as fit. */
  readonly isChosen: boolean
  readonly onColumns: (columns: readonly string[] | undefined) => void
  readonly isOpen: boolean
  readonly onOpen: (open: boolean) => void
}

/** Which columns, in which order; the address keeps them, so a link shows the same table to somebody else. */
export function ColumnsPicker({ shown, isChosen, onColumns, isOpen, onOpen }: ColumnsPickerProps) {
  const hidden = runColumns.filter(({ id }) => !shown.includes(id))
  const seen = shown.flatMap((id) => runColumns.filter((column) => column.id === id))
  return (
    <Popover
      label="Columns"
      open={isOpen}
      onOpenChange={onOpen}
      align="end"
      className="w-72"
      trigger={<IconButton icon="columns" label="Columns" look="plain" />}
    >
      <ol className="p-1">
        {seen.map(({ id, title, hideable }, at) => (
          <li key={id} className="flex items-center gap-1 rounded-sm px-2 hover:bg-hover">
            {hideable === false ? (
              <span className="flex min-h-7 flex-1 items-center gap-2 pl-[1.375rem]">{title}</span>
            ) : (
              <Checkbox className="min-h-7 flex-1" checked onChange={() => onColumns(withToggled(shown, id))}>
                {title}
              </Checkbox>
            )}
            <Move
              label={`Move ${title} to the left`}
              icon="arrow-up"
              isEnd={at === 0}
              onPress={() => onColumns(withMoved(shown, id, -1))}
            />
            <Move
              label={`Move ${title} to the right`}
              icon="arrow-down"
              isEnd={at === seen.length - 1}
              onPress={() => onColumns(withMoved(shown, id, 1))}
            />
          </li>
        ))}
      </ol>
      {hidden.length > 0 && (
        <ul className="border-t p-1">
          {hidden.map(({ id, title }) => (
            <li key={id} className="rounded-sm px-2 hover:bg-hover">
              <Checkbox className="min-h-7 w-full" checked={false} onChange={() => onColumns(withToggled(shown, id))}>
                {title}
              </Checkbox>
            </li>
          ))}
        </ul>
      )}
      {isChosen && (
        <div className="border-t p-2">
          <Button look="quiet" size="sm" icon="undo" onClick={() => onColumns(undefined)}>
            As many as fit
          </Button>
        </div>
      )}
    </Popover>
  )
}

interface MoveProps {
  readonly label: string
  readonly icon: "arrow-up" | "arrow-down"
  readonly isEnd: boolean
  readonly onPress: () => void
}

function Move({ label, icon, isEnd, onPress }: MoveProps) {
  if (isEnd) return <span className="size-6" />
  return <IconButton icon={icon} label={label} size="sm" onClick={onPress} />
}
