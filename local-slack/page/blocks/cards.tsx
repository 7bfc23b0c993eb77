/** Blocks that frame others: cards, carousels of cards, and containers. */
import type { CardBlock, CarouselBlock, ContainerBlock } from '@slack/types';
import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import type { Block } from '../../protocol.ts';
import { RichText } from '../text/rich-text-view.tsx';
import { plainOf, Text } from '../text/text-view.tsx';
import { ElementView } from './element.tsx';
import { HeroImage, SmallImage } from './media.tsx';
import { AroundContext } from './surface.ts';
import { FoldMark } from './tasks.tsx';

export function CardView({ block }: { block: CardBlock }) {
  return (
    <article class="card-block">
      {block.hero_image && <HeroImage image={block.hero_image} />}
      {(block.icon || block.title || block.subtitle) && (
        <div class="card-head">
          {block.icon && <SmallImage image={block.icon} />}
          <div>
            {block.title && (
              <div class="card-title">
                <Text text={block.title} />
              </div>
            )}
            {block.subtitle && (
              <div class="card-subtitle">
                <Text text={block.subtitle} />
              </div>
            )}
          </div>
        </div>
      )}
      {block.body && <Text text={block.body} />}
      {block.actions && (
        <div class="actions-block">
          {block.actions.map((element, index) => (
            <ElementView key={element.action_id ?? index} element={element} />
          ))}
        </div>
      )}
    </article>
  );
}

export function CarouselView({ block }: { block: CarouselBlock }) {
  const around = useContext(AroundContext);
  return (
    <section class="carousel" tabIndex={0} aria-label={`${block.elements.length} cards`}>
      {block.elements.map((card, index) => (
        <AroundContext.Provider
          key={card.block_id ?? index}
          value={{ ...around, blockId: card.block_id ?? around.blockId }}
        >
          <CardView block={card} />
        </AroundContext.Provider>
      ))}
    </section>
  );
}

function ContainerHead({ block }: { block: ContainerBlock }) {
  return (
    <>
      {block.icon && <SmallImage image={block.icon} />}
      <span class="container-names">
        <span class="container-title">
          {block.rich_text_title ? <RichText block={block.rich_text_title} /> : plainOf(block.title)}
        </span>
        {block.subtitle && (
          <span class="container-subtitle">
            <Text text={block.subtitle} />
          </span>
        )}
      </span>
    </>
  );
}

/** `draw` is how blocks are drawn: a container holds blocks, and blocks hold containers. */
export function ContainerView({
  block,
  draw,
}: {
  block: ContainerBlock;
  draw: (block: Block) => ComponentChildren;
}) {
  const children = (
    <div class="container-body">{block.child_blocks.map((child) => draw(child as unknown as Block))}</div>
  );
  const look = `container-block container-${block.width ?? 'standard'}`;
  if (block.is_collapsible) {
    return (
      <details class={look} open={!block.default_collapsed}>
        <summary class="container-head">
          <ContainerHead block={block} />
          <span class="grow" />
          <FoldMark />
        </summary>
        {children}
      </details>
    );
  }
  return (
    <section class={look}>
      <div class={block.has_header_divider ? 'container-head ruled' : 'container-head'}>
        <ContainerHead block={block} />
      </div>
      {children}
    </section>
  );
}
