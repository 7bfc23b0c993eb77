/** Standard markdown (the `markdown` block): marked's tokens drawn as nodes, its HTML never used. */
import { type MarkedToken, marked, type Token } from 'marked';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { withEmoji } from './emoji.ts';
import { OutLink } from './text-view.tsx';

/** The tokens marked makes by itself; extensions, which we have none of, could add others. */
const known = (tokens: Token[] | undefined) => (tokens ?? []) as MarkedToken[];

function decoded(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => named[name] ?? whole);
}

function nodes(tokens: Token[] | undefined): ComponentChildren {
  return known(tokens).map((token, index) => <TokenView key={index} token={token} />);
}

function Table({ token }: { token: Extract<MarkedToken, { type: 'table' }> }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Table">
      <table class="block-table">
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col" class={`align-${cell.align ?? 'left'}`}>
                {nodes(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, index) => (
                <td key={index} class={`align-${cell.align ?? 'left'}`}>
                  {nodes(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function List({ token }: { token: Extract<MarkedToken, { type: 'list' }> }) {
  const Kind = token.ordered ? 'ol' : 'ul';
  return (
    <Kind class="rich-list" {...(token.ordered && token.start !== '' ? { start: token.start } : {})}>
      {token.items.map((item, index) => (
        <li key={index} class={item.task ? 'task' : undefined}>
          {item.task && <input type="checkbox" checked={item.checked === true} disabled aria-label="Done" />}
          {nodes(item.tokens)}
        </li>
      ))}
    </Kind>
  );
}

function TokenView({ token }: { token: MarkedToken }) {
  switch (token.type) {
    case 'paragraph':
      return <p>{nodes(token.tokens)}</p>;
    case 'heading':
      return (
        <div class={`md-heading md-h${token.depth}`} role="heading" aria-level={Math.min(token.depth + 2, 6)}>
          {nodes(token.tokens)}
        </div>
      );
    case 'strong':
      return <strong>{nodes(token.tokens)}</strong>;
    case 'em':
      return <em>{nodes(token.tokens)}</em>;
    case 'del':
      return <del>{nodes(token.tokens)}</del>;
    case 'codespan':
      return <code>{decoded(token.text)}</code>;
    case 'code':
      return <pre>{token.text}</pre>;
    case 'blockquote':
      return <blockquote>{nodes(token.tokens)}</blockquote>;
    case 'list':
      return <List token={token} />;
    case 'table':
      return <Table token={token} />;
    case 'link':
      return <OutLink url={token.href}>{nodes(token.tokens)}</OutLink>;
    case 'image':
      return <OutLink url={token.href}>{token.text || token.href}</OutLink>;
    case 'hr':
      return <hr />;
    case 'br':
      return <br />;
    case 'text':
      return 'tokens' in token && token.tokens ? (
        <>{nodes(token.tokens)}</>
      ) : (
        <>{withEmoji(decoded(token.text))}</>
      );
    case 'escape':
      return <>{decoded(token.text)}</>;
    case 'space':
    case 'def':
    case 'checkbox':
      return null;
    default:
      // HTML and whatever else: shown as it was written.
      return <>{token.raw}</>;
  }
}

export function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => marked.lexer(text, { gfm: true }), [text]);
  return <div class="text markdown">{nodes(tokens)}</div>;
}
