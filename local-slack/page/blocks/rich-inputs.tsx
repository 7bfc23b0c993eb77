/** The rich text input, written with marks, and the file input. */
import type { FileInput, RichTextBlock, RichTextInput } from '@slack/types';
import { useRef, useState } from 'preact/hooks';
import { base64Of, driver, type Given } from '../driver.ts';
import { Icon } from '../icons.tsx';
import { MarkBar } from '../mark-bar.tsx';
import { store, useDirectory } from '../state/page-store.ts';
import { markupOf, richTextOf } from '../text/rich-text-markup.ts';
import { plainOf } from '../text/text-view.tsx';
import { typedToMrkdwn } from '../text/typed.ts';
import { useControl, useField, useSurface } from './surface.ts';

const isRichText = (value: unknown): value is RichTextBlock =>
  typeof value === 'object' && value !== null && Array.isArray((value as { elements?: unknown }).elements);

export function RichTextInputView({ element }: { element: RichTextInput }) {
  const field = useField(element);
  const { workspace } = useDirectory();
  const placeholder = plainOf(element.placeholder);
  const { id, hooks, named, around } = useControl(element, placeholder || 'Text');
  const area = useRef<HTMLTextAreaElement>(null);
  const [typed, setTyped] = useState(() =>
    isRichText(field.value) ? markupOf(field.value) : String(field.value ?? ''),
  );
  const asBlock = (text: string): Given =>
    text === '' ? null : { ...richTextOf(typedToMrkdwn(text, workspace)) };
  const atEach =
    element.dispatch_action_config?.trigger_actions_on?.includes('on_character_entered') ?? false;
  return (
    <div class="rich-input" {...hooks}>
      <MarkBar area={area} />
      <textarea
        ref={area}
        id={id}
        class="input"
        rows={element.min_lines ?? 3}
        value={typed}
        placeholder={placeholder}
        required={around.required}
        data-focus={element.focus_on_load ? 'yes' : undefined}
        onInput={(event) => {
          const { value } = event.currentTarget;
          setTyped(value);
          field.set(asBlock(value));
          if (atEach) field.send(asBlock(value));
        }}
        {...named}
      />
    </div>
  );
}

interface Chosen {
  id: string;
  name: string;
}

export function FileInputView({ element }: { element: FileInput }) {
  const field = useField(element);
  const { place } = useSurface();
  const { id, hooks, named, around } = useControl(element, 'Files');
  const [files, setFiles] = useState<Chosen[]>([]);
  const [trouble, setTrouble] = useState('');
  const keep = (next: Chosen[]) => {
    setFiles(next);
    field.choose(next.map((file) => file.id));
  };
  const add = async (list: FileList | null) => {
    setTrouble('');
    const added: Chosen[] = [];
    for (const file of [...(list ?? [])].slice(0, (element.max_files ?? 10) - files.length)) {
      const answer = await driver.upload({
        user: store.get().me,
        ...('view_id' in place ? { view_id: place.view_id } : { channel: place.channel }),
        filename: file.name,
        content: await base64Of(file),
      });
      if (answer.ok) added.push({ id: answer.file.id, name: file.name });
      else setTrouble(`${file.name}: ${answer.error ?? 'not uploaded.'}`);
    }
    keep([...files, ...added]);
  };
  return (
    <div class="file-input" {...hooks}>
      {files.map((file) => (
        <span class="chip" key={file.id}>
          <Icon name="file" size={14} /> {file.name}
          <button
            type="button"
            aria-label={`Remove ${file.name}`}
            onClick={() => keep(files.filter((one) => one.id !== file.id))}
          >
            <Icon name="close" size={12} />
          </button>
        </span>
      ))}
      <input
        type="file"
        id={id}
        multiple={(element.max_files ?? 10) > 1}
        accept={element.filetypes?.map((type) => `.${type}`).join(',')}
        required={around.required && files.length === 0}
        onChange={(event) => void add(event.currentTarget.files)}
        {...named}
      />
      {trouble && <div class="field-error">{trouble}</div>}
    </div>
  );
}
