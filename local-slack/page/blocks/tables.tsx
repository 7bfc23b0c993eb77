/** Tables: the plain one, and the data table that sorts, filters and turns pages. */
import type {
  DataTableBlock,
  RawNumberElement,
  RawTextElement,
  RichTextBlock,
  TableBlock,
} from '@slack/types';
import { useMemo, useState } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import { withEmoji } from '../text/emoji.ts';
import { markupOf } from '../text/rich-text-markup.ts';
import { RichText } from '../text/rich-text-view.tsx';

type Cell = RichTextBlock | RawTextElement | RawNumberElement;

function CellView({ cell }: { cell: Cell }) {
  if (cell.type === 'rich_text') return <RichText block={cell} />;
  return <>{withEmoji(cell.text ?? String((cell as RawNumberElement).value))}</>;
}

const wordsOf = (cell: Cell | undefined): string =>
  cell === undefined ? '' : cell.type === 'rich_text' ? markupOf(cell) : (cell.text ?? '');

export function TableView({ block }: { block: TableBlock }) {
  const [head, ...rows] = block.rows;
  const look = (column: number) => {
    const setting = block.column_settings?.[column];
    return `align-${setting?.align ?? 'left'}${setting?.is_wrapped ? ' wrapped' : ''}`;
  };
  return (
    <section class="table-scroll" tabIndex={0} aria-label="Table">
      <table class="block-table">
        <thead>
          <tr>
            {head?.map((cell, column) => (
              <th key={column} scope="col" class={look(column)}>
                <CellView cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column} class={look(column)}>
                  <CellView cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Sorting {
  column: number;
  down: boolean;
}

function compared(a: Cell | undefined, b: Cell | undefined): number {
  if (a?.type === 'raw_number' && b?.type === 'raw_number') return a.value - b.value;
  return wordsOf(a).localeCompare(wordsOf(b), 'en', { numeric: true });
}

function useRows(rows: Cell[][], filter: string, sorting: Sorting | undefined): Cell[][] {
  return useMemo(() => {
    const typed = filter.trim().toLowerCase();
    const kept = rows.filter((row) => row.some((cell) => wordsOf(cell).toLowerCase().includes(typed)));
    if (!sorting) return kept;
    const { column, down } = sorting;
    return kept.sort((a, b) => (down ? -1 : 1) * compared(a[column], b[column]));
  }, [rows, filter, sorting]);
}

interface SortHeadProps {
  cell: Cell;
  column: number;
  /** The column holds numbers, which stand at the right. */
  numbers: boolean;
  sorting: Sorting | undefined;
  onSort: (next: Sorting) => void;
}

function SortHead({ cell, column, numbers, sorting, onSort }: SortHeadProps) {
  const mine = sorting?.column === column;
  return (
    <th
      scope="col"
      class={numbers ? 'align-right' : undefined}
      aria-sort={mine ? (sorting.down ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" class="sort-btn" onClick={() => onSort({ column, down: mine && !sorting.down })}>
        {wordsOf(cell)}
        <span class={mine ? (sorting.down ? 'sort-mark' : 'sort-mark up') : 'sort-mark off'}>
          <Icon name="down" size={14} />
        </span>
      </button>
    </th>
  );
}

export function DataTableView({ block }: { block: DataTableBlock }) {
  const [filter, setFilter] = useState('');
  const [sorting, setSorting] = useState<Sorting | undefined>(undefined);
  const [page, setPage] = useState(0);
  const body = useMemo(() => block.rows.slice(1), [block.rows]);
  const rows = useRows(body, filter, sorting);
  const size = block.page_size ?? 5;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const at = Math.min(page, pages - 1);
  const headColumn = block.row_header_column_index ?? 0;
  return (
    <div class="data-table">
      {body.length > size && (
        <input
          type="search"
          class="input"
          placeholder="Filter"
          aria-label={`Filter ${block.caption}`}
          value={filter}
          onInput={(event) => {
            setFilter(event.currentTarget.value);
            setPage(0);
          }}
        />
      )}
      <section class="table-scroll" tabIndex={0} aria-label={block.caption}>
        <table class="block-table">
          <caption>{block.caption}</caption>
          <thead>
            <tr>
              {block.rows[0]?.map((cell, column) => (
                <SortHead
                  key={column}
                  cell={cell}
                  column={column}
                  numbers={body[0]?.[column]?.type === 'raw_number'}
                  sorting={sorting}
                  onSort={setSorting}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(at * size, at * size + size).map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => {
                  const look = cell.type === 'raw_number' ? 'align-right' : undefined;
                  return column === headColumn ? (
                    <th key={column} scope="row" class={look}>
                      <CellView cell={cell} />
                    </th>
                  ) : (
                    <td key={column} class={look}>
                      <CellView cell={cell} />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {pages > 1 && <Pages at={at} pages={pages} onPage={setPage} />}
    </div>
  );
}

function Pages({ at, pages, onPage }: { at: number; pages: number; onPage: (page: number) => void }) {
  return (
    <div class="pages">
      <button type="button" class="btn btn-small" disabled={at === 0} onClick={() => onPage(at - 1)}>
        Previous
      </button>
      <span aria-live="polite">
        Page {at + 1} of {pages}
      </span>
      <button type="button" class="btn btn-small" disabled={at === pages - 1} onClick={() => onPage(at + 1)}>
        Next
      </button>
    </div>
  );
}
