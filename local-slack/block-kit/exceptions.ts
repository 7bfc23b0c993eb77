/** The rules that no table can hold: relations between two fields of one object. */
import { readableCharacters } from './measure.ts';
import { type Exception, isObject, type Json } from './rule.ts';

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' or ');
const present = (object: Json, names: readonly string[]): string[] =>
  names.filter((name) => object[name] !== undefined);
const listIn = (object: Json, name: string): unknown[] => {
  const value = object[name];
  return Array.isArray(value) ? value : [];
};

export function anyOf(...names: string[]): Exception {
  return (object, report) => {
    if (present(object, names).length === 0) report(`must define either ${quoted(names)}`);
  };
}

export function exactlyOneOf(...names: string[]): Exception {
  return (object, report) => {
    const count = present(object, names).length;
    if (count === 0) report(`must define either ${quoted(names)}`);
    if (count > 1) report(`must define only one of ${quoted(names)}`);
  };
}

/** `min_length` ≤ `max_length`, `min_value` ≤ initial value ≤ `max_value`: numbers, or strings that hold one. */
export function inOrder(...names: string[]): Exception {
  return (object, report) => {
    const given = present(object, names);
    for (const [i, name] of given.entries()) {
      const next = given[i + 1];
      if (next !== undefined && Number(object[name]) > Number(object[next])) {
        report(`\`${name}\` must not be greater than \`${next}\``, name);
      }
    }
  };
}

export const wholeUnlessDecimal: Exception = (object, report) => {
  if (object.is_decimal_allowed !== false) return;
  for (const name of present(object, ['min_value', 'initial_value', 'max_value'])) {
    if (String(object[name]).includes('.')) report('must be a whole number', name);
  }
};

export function distinctActions(name: string): Exception {
  return (object, report) => {
    const seen = new Set<unknown>();
    for (const [i, element] of listIn(object, name).entries()) {
      const id = isObject(element) ? element.action_id : undefined;
      if (id !== undefined && seen.has(id)) {
        report(
          `\`action_id\` ${JSON.stringify(id)} already exists for another element`,
          name,
          i,
          'action_id',
        );
      }
      seen.add(id);
    }
  };
}

/** Slack compares the whole option, so a changed description alone makes it another one. */
export const initialIsAnOption: Exception = (object, report) => {
  const options = new Set(allOptions(object).map(optionKey));
  const missing = (option: unknown): boolean => !options.has(optionKey(option));
  if (object.initial_option !== undefined && missing(object.initial_option)) {
    report('must match one of the options', 'initial_option');
  }
  for (const [i, option] of listIn(object, 'initial_options').entries()) {
    if (missing(option)) report('must match one of the options', 'initial_options', i);
  }
};

/** The options of a static select, wherever it keeps them. */
export function allOptions(object: Json): unknown[] {
  const groups = listIn(object, 'option_groups').filter(isObject);
  return [...listIn(object, 'options'), ...groups.flatMap((group) => listIn(group, 'options'))];
}

function optionKey(option: unknown): string {
  if (!isObject(option)) return '';
  return JSON.stringify([option.value, textKey(option.text), textKey(option.description), option.url]);
}

function textKey(text: unknown): unknown[] {
  return isObject(text) ? [text.type, text.text, text.emoji, text.verbatim] : [];
}

export const collapsedNeedsCollapsible: Exception = (object, report) => {
  if (object.default_collapsed === true && object.is_collapsible !== true) {
    report('requires `is_collapsible` to be true', 'default_collapsed');
  }
};

export const responseUrlOnlyInModals: Exception = (object, report, surface) => {
  if (object.response_url_enabled === true && surface !== 'modal') {
    report('only allowed in modals', 'response_url_enabled');
  }
};

/** A data table is a grid: as many cells in every row, a header without rich text, and a row header inside it. */
export const isGrid: Exception = (object, report) => {
  const rows = listIn(object, 'rows').map((row) => (Array.isArray(row) ? row : []));
  const header = rows[0] ?? [];
  for (const [column, cell] of header.entries()) {
    if (isObject(cell) && cell.type === 'rich_text')
      report('unsupported type: rich_text', 'rows', 0, column, 'type');
  }
  for (const [i, row] of rows.entries()) {
    if (row.length !== header.length) report('all rows must have the same number of cells', 'rows', i);
  }
  if (typeof object.row_header_column_index === 'number' && object.row_header_column_index >= header.length) {
    report(`must be less than or equal to ${header.length - 1}`, 'row_header_column_index');
  }
};

export function cellsHoldAtMost(limit: number): Exception {
  return (object, report) => {
    if (readableCharacters(object.rows) > limit) report(`must be less than ${limit + 1} characters`, 'rows');
  };
}
