/** Draws blocks by their type: every one of `@slack/types`, and a named box for any other. */
import type { KnownBlock } from '@slack/types';
import { Component, type ComponentChildren, type ComponentType } from 'preact';
import { memo } from 'preact/compat';
import type { Block } from '../../protocol.ts';
import { CardView, CarouselView, ContainerView } from './cards.tsx';
import { InputView } from './input.tsx';
import { FileBlockView, ImageBlockView, VideoView } from './media.tsx';
import { SectionView } from './section.tsx';
import {
  ActionsView,
  AlertView,
  ContextActionsView,
  ContextView,
  DividerView,
  HeaderView,
  MarkdownView,
  RichTextView,
} from './simple.tsx';
import { AroundContext } from './surface.ts';
import { DataTableView, TableView } from './tables.tsx';
import { PlanView, TaskCardView } from './tasks.tsx';
import { Unknown } from './unknown.tsx';

/** A new block in `@slack/types` fails to compile here until it is drawn. */
const DRAWN: { [T in KnownBlock['type']]: ComponentType<{ block: Extract<KnownBlock, { type: T }> }> } = {
  section: SectionView,
  divider: DividerView,
  header: HeaderView,
  image: ImageBlockView,
  actions: ActionsView,
  context: ContextView,
  context_actions: ContextActionsView,
  input: InputView,
  rich_text: RichTextView,
  video: VideoView,
  file: FileBlockView,
  markdown: MarkdownView,
  table: TableView,
  data_table: DataTableView,
  plan: PlanView,
  task_card: TaskCardView,
  alert: AlertView,
  card: CardView,
  carousel: CarouselView,
  container: ({ block }) => (
    <ContainerView block={block} draw={(child) => <BlockView key={child.block_id} block={child} />} />
  ),
};

/** A block with a shape that its type does not have must not take the page with it. */
class Boundary extends Component<{ block: Block; children: ComponentChildren }, { failed?: Block }> {
  override state: { failed?: Block } = {};

  override componentDidCatch(): void {
    this.setState({ failed: this.props.block });
  }

  override render() {
    if (this.state.failed !== this.props.block) return this.props.children;
    return <Unknown what="block" thing={this.props.block} why="has a shape that cannot be drawn" />;
  }
}

const BlockView = memo(function BlockView({ block }: { block: Block }) {
  const View = DRAWN[block.type as KnownBlock['type']] as ComponentType<{ block: Block }> | undefined;
  const around = {
    blockId: block.block_id ?? '',
    dispatches: true,
    invalid: false,
    required: false,
    full: false,
  };
  return (
    <Boundary block={block}>
      <AroundContext.Provider value={around}>
        <div class="block" data-block={block.type}>
          {View ? <View block={block} /> : <Unknown what="block" thing={block} />}
        </div>
      </AroundContext.Provider>
    </Boundary>
  );
});

export function Blocks({ blocks }: { blocks: Block[] }) {
  return (
    <div class="blocks">
      {blocks.map((block, index) => (
        <BlockView key={block.block_id ?? index} block={block} />
      ))}
    </div>
  );
}
