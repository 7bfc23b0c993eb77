/** Inputs one types into: text, numbers, e-mail and web addresses. */
import type { EmailInput, NumberInput, PlainTextInput, URLInput } from '@slack/types';
import { plainOf } from '../text/text-view.tsx';
import { useControl, useField } from './surface.ts';

type TextElement = PlainTextInput | NumberInput | EmailInput | URLInput;

const asText = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Enter sends a single line to the app, or each character does, where the element says so. */
function useTyping(element: TextElement) {
  const field = useField(element);
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  return {
    value: asText(field.value),
    onInput: (event: Event) => {
      const { value } = event.currentTarget as HTMLInputElement;
      field.set(value);
      if (triggers.includes('on_character_entered')) field.send(value);
    },
    onEnter: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || event.isComposing || !triggers.includes('on_enter_pressed')) return;
      field.send((event.currentTarget as HTMLInputElement).value);
    },
  };
}

const KINDS = {
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'text',
  plain_text_input: 'text',
} as const;

function numberAttributes(element: TextElement) {
  if (element.type !== 'number_input') return {};
  return { inputMode: element.is_decimal_allowed ? ('decimal' as const) : ('numeric' as const) };
}

function Counter({ element, length }: { element: PlainTextInput; length: number }) {
  if (element.max_length === undefined || length < element.max_length * 0.8) return null;
  return (
    <span class="counter" aria-live="polite">
      {element.max_length - length} left
    </span>
  );
}

export function TextInputView({ element }: { element: TextElement }) {
  const placeholder = plainOf(element.placeholder);
  const { hooks, named, id, around } = useControl(element, placeholder || 'Text');
  const { value, onInput, onEnter } = useTyping(element);
  const plain = element.type === 'plain_text_input' ? element : undefined;
  const shared = {
    id,
    class: 'input',
    value,
    placeholder,
    onInput,
    required: around.required,
    'data-focus': element.focus_on_load ? 'yes' : undefined,
    ...(plain?.max_length === undefined ? {} : { maxLength: plain.max_length }),
    ...hooks,
    ...named,
  };
  if (plain?.multiline) {
    return (
      <span class="input-wrap">
        <textarea rows={4} {...shared} />
        <Counter element={plain} length={value.length} />
      </span>
    );
  }
  return (
    <span class="input-wrap">
      <input
        type={KINDS[element.type] as 'text'}
        autoComplete="off"
        onKeyDown={onEnter}
        {...numberAttributes(element)}
        {...shared}
      />
      {plain && <Counter element={plain} length={value.length} />}
    </span>
  );
}
