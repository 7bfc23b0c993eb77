/** What the page cannot draw: named, with its JSON, never dropped. */
export function Unknown({ what, thing, why }: { what: string; thing: object; why?: string }) {
  const type = 'type' in thing ? String(thing.type) : 'without a type';
  return (
    <details class="unknown-block">
      <summary>
        {what} <code>{type}</code> {why ?? 'is not drawn here'}
      </summary>
      <pre>{JSON.stringify(thing, null, 2)}</pre>
    </details>
  );
}
