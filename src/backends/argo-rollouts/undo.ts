/** The pod template of a version that ran before, as it was given to the Rollout. */

import { z } from 'zod';
import { defined, given } from '../../defined.ts';
import type { ReplicaSet, Template } from '../kubernetes/objects.ts';
import { templateOf } from '../kubernetes/template.ts';
import { HASH } from './rollout.ts';

/** Argo Rollouts writes there what it put on the pods of stable and canary: with it, it would be another template. */
const INJECTED = 'rollout.argoproj.io/ephemeral-metadata';

const strings = z.record(z.string(), z.string()).default({});
const injectedSchema = z.object({ labels: strings, annotations: strings });

export function givenTemplate(set: ReplicaSet): Template {
  const template = templateOf(set, HASH);
  const injected = injectedInto(set);
  if (injected === undefined) return template;
  const { labels, annotations, ...rest } = template.metadata ?? {};
  return {
    ...template,
    metadata: {
      ...rest,
      ...defined({
        labels: given(labels, (labels) => without(labels, injected.labels)),
        annotations: given(annotations, (annotations) => without(annotations, injected.annotations)),
      }),
    },
  };
}

function injectedInto({ metadata }: ReplicaSet): z.output<typeof injectedSchema> | undefined {
  const text = metadata.annotations[INJECTED];
  if (text === undefined) return undefined;
  try {
    return injectedSchema.parse(JSON.parse(text));
  } catch {
    // Not what Argo Rollouts writes: the template is taken as it is.
    return undefined;
  }
}

function without(
  all: Record<string, string>,
  taken: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(taken, name)));
}
