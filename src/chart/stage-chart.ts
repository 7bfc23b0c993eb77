/** The chart of a stage, ready for whoever shows it: the picture, and the same in words. */

import type { Deployment } from '../deployment/deployment.ts';
import type { DeploymentEvent } from '../deployment/events.ts';
import { chartData } from './data.ts';
import { drawChart } from './draw.ts';
import { renderPng } from './png.ts';
import { chartInWords } from './words.ts';

export interface StageChart {
  png: Uint8Array;
  alt: string;
}

/** Undefined where there is nothing to draw yet. */
export async function drawStageChart(
  d: Deployment,
  number: number,
  events: readonly DeploymentEvent[],
): Promise<StageChart | undefined> {
  const stage = d.rollout?.stages.find((one) => one.number === number);
  const data = stage && chartData(d, stage, events);
  return data && { png: await renderPng(drawChart(data)), alt: chartInWords(data) };
}
