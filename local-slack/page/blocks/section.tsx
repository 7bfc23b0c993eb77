/** Sections: text, fields in two columns, and one element at the side. */
import type { SectionBlock } from '@slack/types';
import { useContext, useId, useState } from 'preact/hooks';
import { Text, type TextLike } from '../text/text-view.tsx';
import { ElementView } from './element.tsx';
import { AroundContext } from './surface.ts';

/** Longer texts are folded, as Slack folds them, unless the block says `expand`. */
const LONG = 2000;

function Folding({ text, id }: { text: TextLike; id: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <div class={open ? 'fold' : 'fold folded'} id={id}>
        <Text text={text} />
      </div>
      <button type="button" class="link-btn" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'See less' : 'See more'}
      </button>
    </>
  );
}

export function SectionView({ block }: { block: SectionBlock }) {
  const around = useContext(AroundContext);
  const id = useId();
  const folds = block.text !== undefined && !block.expand && block.text.text.length > LONG;
  return (
    <div class={block.accessory ? 'section with-accessory' : 'section'}>
      <div class="section-text">
        {block.text &&
          (folds ? (
            <Folding text={block.text} id={id} />
          ) : (
            <div id={id}>
              <Text text={block.text} />
            </div>
          ))}
        {block.fields && (
          <div class="fields">
            {block.fields.map((field, index) => (
              <Text key={index} text={field} />
            ))}
          </div>
        )}
      </div>
      {block.accessory && (
        <AroundContext.Provider value={{ ...around, ...(block.text ? { labelledBy: id } : {}) }}>
          <div class="accessory">
            <ElementView element={block.accessory} />
          </div>
        </AroundContext.Provider>
      )}
    </div>
  );
}
