/** An input block: its label, hint and error around one element. */
import type { InputBlock } from '@slack/types';
import { useContext, useId } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import { plainOf } from '../text/text-view.tsx';
import { ElementView } from './element.tsx';
import { AroundContext, useSurface } from './surface.ts';

/** These are groups of controls: a label cannot point at one of them. */
const GROUPS = new Set(['checkboxes', 'radio_buttons']);

export function InputView({ block }: { block: InputBlock }) {
  const id = useId();
  const around = useContext(AroundContext);
  const error = useSurface().errors[around.blockId];
  const described = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(' ');
  const Label = GROUPS.has(block.element.type) ? 'div' : 'label';
  return (
    <div class={error ? 'input-block invalid' : 'input-block'} data-qa={error ? 'invalid' : undefined}>
      <Label class="label" id={`${id}-label`} {...(Label === 'label' ? { for: `${id}-field` } : {})}>
        {plainOf(block.label)}
        {block.optional && <span class="optional"> (optional)</span>}
      </Label>
      <AroundContext.Provider
        value={{
          ...around,
          dispatches: block.dispatch_action === true,
          labelledBy: `${id}-label`,
          describedBy: described || undefined,
          fieldId: `${id}-field`,
          invalid: error !== undefined,
          required: false,
          full: true,
        }}
      >
        <ElementView element={block.element} />
      </AroundContext.Provider>
      {error && (
        <div class="field-error" id={`${id}-error`}>
          <Icon name="warning" size={16} /> {error}
        </div>
      )}
      {block.hint && (
        <div class="hint" id={`${id}-hint`}>
          {plainOf(block.hint)}
        </div>
      )}
    </div>
  );
}
