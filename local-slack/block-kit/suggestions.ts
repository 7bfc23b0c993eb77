/** The rules of an app's answer to a `block_suggestion`: the options that an external menu shows. */
import type { Violation } from '../protocol.ts';
import { option, optionGroup } from './composition.ts';
import { exactlyOneOf } from './exceptions.ts';
import { read } from './interpret.ts';
import { list, object } from './rule.ts';

/** Nothing found is a fair answer, so the lists may be empty. */
const suggestions = object(undefined, {
  optional: { options: list(option, { max: 100 }), option_groups: list(optionGroup, { max: 100 }) },
  exceptions: [exactlyOneOf('options', 'option_groups')],
});

export function checkSuggestions(answer: unknown): Violation[] {
  return read(suggestions, answer, { surface: 'message', code: 'invalid_options', at: [] });
}
