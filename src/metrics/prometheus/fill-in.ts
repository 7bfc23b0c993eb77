/** Puts the names of a change into selectors and queries, and the matchers of an arm into a selector. */

/** What stands for what, e.g. `version` → `v2.1.0`. */
export type Names = Readonly<Record<string, string>>;

export function fillIn(text: string, names: Names): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    const value = names[name];
    return value === undefined ? whole : escaped(value);
  });
}

/** As it stands inside the double quotes of PromQL. */
export function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

/** `requests_total{a="b"}` and `version="v2"` → `requests_total{a="b",version="v2"}`; `suffix` goes on the name. */
export function withMatchers(selector: string, matchers: readonly string[], suffix = ''): string {
  const [, name = selector, own = ''] = /^([\w:]+)(?:\{(.*)\})?$/s.exec(selector) ?? [];
  return `${name}${suffix}{${[own, ...matchers].filter((part) => part.trim() !== '').join(',')}}`;
}
