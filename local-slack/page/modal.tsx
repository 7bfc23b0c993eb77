/** The app's modal: the top of the person's stack, its errors under their fields, and what it says while it waits. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { View } from '../protocol.ts';
import { Blocks } from './blocks/block.tsx';
import { SurfaceContext } from './blocks/surface.ts';
import { Dialog } from './dialog.tsx';
import { driver } from './driver.ts';
import { useViewSurface } from './home.tsx';
import { Icon } from './icons.tsx';
import { notify } from './state/doing.ts';
import { forgetForm, givenOn } from './state/forms.ts';
import { store, usePage } from './state/page-store.ts';

const TROUBLE = 'We had some trouble connecting. Try again?';

async function closeView(view: View): Promise<void> {
  const { me } = store.get();
  const answer = await driver.close(me, view.id);
  if (!answer.ok) return notify(answer.error ?? TROUBLE);
  forgetForm(view.id);
}

/** Brings the person to the field they are meant to start with, whenever another view comes to the top. */
function useFirstFocus(view: View) {
  const body = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const wished = body.current?.querySelector<HTMLElement>('[data-focus=yes]');
    const first = body.current?.querySelector<HTMLElement>('input:not([type=hidden]), textarea');
    (wished ?? first)?.focus();
  }, [view.id]);
  return body;
}

function firstInvalid(body: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const field = body?.querySelector<HTMLElement>('[data-qa=invalid]');
    field?.scrollIntoView({ block: 'nearest' });
    field?.querySelector<HTMLElement>('input, textarea')?.focus();
  });
}

function Stacked({ view }: { view: View }) {
  if (view.stack.length < 2) return null;
  return (
    <span class="stack-depth">
      {view.stack.length} of up to 3<span class="sr-only"> modals open</span>
    </span>
  );
}

function useSubmit(
  view: View,
  setErrors: (errors: Record<string, string>) => void,
  body: { current: HTMLElement | null },
) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  useEffect(() => setTrouble(''), [view.id]);
  const submit = async () => {
    if (busy) return;
    setBusy(true);
    setTrouble('');
    setErrors({});
    const answer = await driver.submit(store.get().me, view.id, givenOn(view.id));
    setBusy(false);
    if (answer.errors && Object.keys(answer.errors).length > 0) {
      setErrors(answer.errors);
      firstInvalid(body.current);
    } else if (!answer.ok) setTrouble(answer.error ?? TROUBLE);
    // Closed by its submission: the next view of this kind starts anew.
    else if (store.get().view?.id !== view.id) forgetForm(view.id);
  };
  return { busy, trouble, submit };
}

function TopView({ view }: { view: View }) {
  const { surface, setErrors } = useViewSurface(view);
  const body = useFirstFocus(view);
  const { busy, trouble, submit } = useSubmit(view, setErrors, body);
  const deep = view.stack.length > 1;
  return (
    <Dialog label={view.title} class="dialog-modal" onCancel={() => void closeView(view)} qa="modal">
      <div class="dialog-head">
        <h2>{view.title}</h2>
        <Stacked view={view} />
        <button
          type="button"
          class="icon-btn"
          aria-label={deep ? 'Back to the modal below' : 'Close'}
          data-qa="modal-dismiss"
          onClick={() => void closeView(view)}
        >
          <Icon name={deep ? 'back' : 'close'} />
        </button>
      </div>
      <div class="dialog-body" ref={body} key={view.id} tabIndex={-1} aria-busy={busy}>
        {trouble && (
          <div class="alert-block alert-error" role="alert" data-qa="modal-trouble">
            <Icon name="warning" size={20} /> {trouble}
          </div>
        )}
        <SurfaceContext.Provider value={surface}>
          <Blocks blocks={view.blocks} />
        </SurfaceContext.Provider>
      </div>
      <div class="dialog-foot">
        <button type="button" class="btn" data-qa="modal-close" onClick={() => void closeView(view)}>
          {view.close ?? (view.submit ? 'Cancel' : 'Close')}
        </button>
        {view.submit && (
          <button
            type="button"
            class="btn btn-primary"
            data-qa="modal-submit"
            aria-busy={busy}
            onClick={() => void submit()}
          >
            {view.submit}
          </button>
        )}
      </div>
    </Dialog>
  );
}

export function ModalHost() {
  const view = usePage((state) => state.view);
  return view ? <TopView view={view} /> : null;
}
