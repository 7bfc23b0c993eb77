/** Dates and times: the browser's own pickers, in the zone of the person who looks. */
import type { Datepicker, DateTimepicker, Timepicker } from '@slack/types';
import { useEffect, useRef } from 'preact/hooks';
import { useZone } from '../state/page-store.ts';
import { secondsOf, wallClockOf } from '../text/slack-date.ts';
import { plainOf } from '../text/text-view.tsx';
import { useControl, useField } from './surface.ts';

type TimeElement = Datepicker | Timepicker | DateTimepicker;

const KINDS = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' } as const;

/** A picker reports every digit of a year; the app hears of the one that stood for a moment, or was left. */
const SETTLE_MS = 700;

function useSettled(send: (value: string) => void) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const waiting = useRef<string | undefined>(undefined);
  const latest = useRef(send);
  latest.current = send;
  const flush = () => {
    clearTimeout(timer.current);
    if (waiting.current !== undefined) latest.current(waiting.current);
    waiting.current = undefined;
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    later: (value: string) => {
      waiting.current = value;
      clearTimeout(timer.current);
      timer.current = setTimeout(flush, SETTLE_MS);
    },
    flush,
  };
}

export function TimeInputView({ element }: { element: TimeElement }) {
  const ownZone = useZone();
  const zone = element.type === 'timepicker' ? (element.timezone ?? ownZone) : ownZone;
  const field = useField(element);
  const moment = element.type === 'datetimepicker';
  const placeholder = 'placeholder' in element ? plainOf(element.placeholder) : '';
  const { hooks, named, id, around } = useControl(
    element,
    placeholder || (moment ? 'Date and time' : 'Date'),
  );
  const given = (typed: string) => (typed === '' ? null : moment ? (secondsOf(typed, zone) ?? null) : typed);
  const settled = useSettled((typed) => field.send(given(typed)));
  const shown = typeof field.value === 'number' ? wallClockOf(field.value, zone) : String(field.value ?? '');
  return (
    <span class="time-input">
      <input
        type={KINDS[element.type]}
        id={id}
        class="input"
        value={shown}
        required={around.required}
        title={placeholder || undefined}
        data-focus={element.focus_on_load ? 'yes' : undefined}
        onInput={(event) => {
          field.set(given(event.currentTarget.value));
          settled.later(event.currentTarget.value);
        }}
        onBlur={settled.flush}
        onKeyDown={(event) => {
          if (event.key === 'Enter') settled.flush();
        }}
        {...hooks}
        {...named}
      />
      {element.type !== 'datepicker' && <span class="zone">{zone}</span>}
    </span>
  );
}
