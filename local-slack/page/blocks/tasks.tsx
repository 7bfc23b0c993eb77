/** Plans and the tasks in them: what is done, what runs, what waits, what failed. */
import type { PlanBlock, TaskCardBlock } from '@slack/types';
import { Icon, type IconName } from '../icons.tsx';
import { withEmoji } from '../text/emoji.ts';
import { RichText } from '../text/rich-text-view.tsx';
import { OutLink } from '../text/text-view.tsx';
import { Unknown } from './unknown.tsx';

const STATES: Record<TaskCardBlock['status'], { icon: IconName; word: string }> = {
  pending: { icon: 'circle', word: 'Pending' },
  in_progress: { icon: 'clock', word: 'In progress' },
  complete: { icon: 'check', word: 'Complete' },
  error: { icon: 'error', word: 'Failed' },
};

/** Says that a head can be folded. */
export function FoldMark() {
  return (
    <span class="fold-mark">
      <Icon name="down" size={16} />
    </span>
  );
}

export function TaskCardView({ block }: { block: TaskCardBlock }) {
  const state = STATES[block.status] ?? STATES.pending;
  const more = block.details || block.output || (block.sources?.length ?? 0) > 0;
  const head = (
    <>
      <span class={`task-state task-${block.status}`}>
        <Icon name={state.icon} size={16} />
      </span>
      <span class="task-title">{withEmoji(block.title)}</span>
      <small>{state.word}</small>
    </>
  );
  if (!more) return <div class="task-card task-line">{head}</div>;
  return (
    <details class="task-card" open={block.status === 'in_progress' || block.status === 'error'}>
      <summary class="task-line">
        {head}
        <FoldMark />
      </summary>
      <div class="task-more">
        {block.details && <RichText block={block.details} />}
        {block.output && <RichText block={block.output} />}
        {block.sources && (
          <div class="task-sources">
            {block.sources.map((source) => (
              <OutLink key={source.url} url={source.url}>
                {source.text}
              </OutLink>
            ))}
          </div>
        )}
      </div>
    </details>
  );
}

const isTask = (task: object): task is TaskCardBlock => 'status' in task && 'title' in task;

export function PlanView({ block }: { block: PlanBlock }) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter((task) => 'status' in task && task.status === 'complete').length;
  return (
    <section class="plan-block" aria-label={block.title}>
      <div class="plan-head">
        <strong>{withEmoji(block.title)}</strong>
        <small>
          {done} of {tasks.length}
        </small>
      </div>
      {tasks.map((task, index) =>
        isTask(task) ? (
          <TaskCardView key={task.task_id} block={task} />
        ) : (
          <Unknown key={index} what="task" thing={task} />
        ),
      )}
    </section>
  );
}
