/** Radio buttons and checkboxes, with their options' descriptions. */
import type { Checkboxes, Option, RadioButtons } from '@slack/types';
import { Text } from '../text/text-view.tsx';
import { useControl, useField } from './surface.ts';

const asList = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

interface ChoiceProps {
  id: string;
  name: string;
  kind: 'radio' | 'checkbox';
  option: Option;
  checked: boolean;
  focus: boolean;
  onPick: (checked: boolean) => void;
}

function Choice({ id, name, kind, option, checked, focus, onPick }: ChoiceProps) {
  return (
    <div class="choice">
      <input
        type={kind}
        id={id}
        name={name}
        checked={checked}
        value={option.value}
        data-value={option.value}
        data-focus={focus ? 'yes' : undefined}
        aria-describedby={option.description ? `${id}-more` : undefined}
        onChange={(event) => onPick(event.currentTarget.checked)}
      />
      <label for={id}>
        <Text text={option.text} />
      </label>
      {option.description && (
        <div class="choice-more" id={`${id}-more`}>
          <Text text={option.description} />
        </div>
      )}
    </div>
  );
}

export function ChoicesView({ element }: { element: Checkboxes | RadioButtons }) {
  const field = useField(element);
  const many = element.type === 'checkboxes';
  const { id, hooks, named } = useControl(element, many ? 'Choose any' : 'Choose one');
  const chosen = many ? asList(field.value) : [String(field.value ?? '')];
  const pick = (value: string, checked: boolean) => {
    if (!many) return field.choose(value);
    const order = element.options.map((option) => option.value ?? '');
    const next = checked ? [...chosen, value] : chosen.filter((one) => one !== value);
    field.choose(order.filter((one) => next.includes(one)));
  };
  const { 'aria-invalid': _unsupported, ...grouped } = named;
  return (
    <div role={many ? 'group' : 'radiogroup'} class="choices" {...hooks} {...grouped}>
      {element.options.map((option, index) => (
        <Choice
          key={option.value ?? index}
          id={`${id}-${index}`}
          name={id}
          kind={many ? 'checkbox' : 'radio'}
          option={option}
          checked={chosen.includes(option.value ?? '')}
          focus={index === 0 && element.focus_on_load === true}
          onPick={(checked) => pick(option.value ?? '', checked)}
        />
      ))}
    </div>
  );
}
