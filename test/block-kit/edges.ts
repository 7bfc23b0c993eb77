/** All of Slack's limits on one thing. */
import type { Edge } from './edge.ts';
import { OF_BLOCKS } from './edges-of-blocks.ts';
import { OF_ELEMENTS } from './edges-of-elements.ts';
import { OF_VIEWS } from './edges-of-views.ts';

export const EDGES: readonly Edge[] = [...OF_BLOCKS, ...OF_ELEMENTS, ...OF_VIEWS];
