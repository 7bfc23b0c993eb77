/** The question an element may ask before it acts, as the app worded it. */
import { Dialog } from './dialog.tsx';
import { createStore, useSelected } from './state/store.ts';
import { plainOf, Text, type TextLike } from './text/text-view.tsx';

export interface ConfirmObject {
  title?: TextLike;
  text: TextLike;
  confirm?: TextLike;
  deny?: TextLike;
  style?: 'primary' | 'danger';
}

interface Asked {
  question: ConfirmObject;
  answer: (yes: boolean) => void;
}

const asked = createStore<Asked | undefined>(undefined);

export function askConfirm(question: ConfirmObject): Promise<boolean> {
  return new Promise((resolve) => {
    asked.set(() => ({
      question,
      answer: (yes) => {
        asked.set(() => undefined);
        resolve(yes);
      },
    }));
  });
}

export function ConfirmHost() {
  const open = useSelected(asked, (value) => value);
  if (open === undefined) return null;
  const { question, answer } = open;
  const title = plainOf(question.title) || 'Are you sure?';
  return (
    <Dialog label={title} class="dialog-small" onCancel={() => answer(false)} qa="confirm" alert>
      <div class="dialog-head">
        <h2>{title}</h2>
      </div>
      <div class="dialog-body">
        <Text text={question.text} />
      </div>
      <div class="dialog-foot">
        <button type="button" class="btn" data-qa="confirm-deny" onClick={() => answer(false)}>
          {plainOf(question.deny) || 'Cancel'}
        </button>
        <button
          type="button"
          class={question.style === 'danger' ? 'btn btn-danger-solid' : 'btn btn-primary'}
          data-qa="confirm-yes"
          onClick={() => answer(true)}
        >
          {plainOf(question.confirm) || 'Yes'}
        </button>
      </div>
    </Dialog>
  );
}
