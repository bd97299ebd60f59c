import { PageHead } from "../page/PageHead.tsx"
import { Button } from "../ui/Button.tsx"
import { IconButton } from "../ui/IconButton.tsx"
import { ColumnsPicker } from "./bar/ColumnsPicker.tsx"
import { FoldToggle } from "./bar/FoldToggle.tsx"
import type { RunColumn } from "./table/run-columns.tsx"
import type { RunsModel } from "./use-runs-page.ts"

const heightWords = { dense: "dense", usual: "usual", tall: "wide" } as const

/** `columns` null: there is no room for any, so there is nothing to choose. */
export function RunsHead({ model, columns }: { model: RunsModel; columns: readonly RunColumn[] | null }) {
  const { search, height } = model
  return (
    <PageHead
      title="Runs"
      actions={
        <>
          <FoldToggle fold={search.fold} onFold={(fold) => model.setSearch({ fold })} />
          <Button icon="download" onClick={() => model.setOpen("export")}>
            Export
          </Button>
          {columns !== null && (
            <>
              <IconButton
                icon="list"
                label={`Rows are ${heightWords[height]}; change that`}
                keys="d"
                look="plain"
                onClick={model.nextHeight}
              />
              <ColumnsPicker
                shown={columns.map(({ id }) => id)}
                isChosen={search.cols !== undefined}
                onColumns={(cols) => model.setSearch({ cols }, { replace: true })}
                isOpen={search.open === "columns"}
                onOpen={(isOpen) => model.setOpen(isOpen ? "columns" : undefined)}
              />
            </>
          )}
        </>
      }
    />
  )
}
