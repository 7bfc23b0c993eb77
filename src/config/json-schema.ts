/** The JSON Schema of gonogo.yml, so that an editor can complete and check it. */

import { z } from 'zod';
import { fileSchema } from './schema.ts';

let made: Record<string, unknown> | undefined;

/** Made once: it is the same as long as the program runs. */
export function policyJsonSchema(): Readonly<Record<string, unknown>> {
  made ??= z.toJSONSchema(fileSchema, { io: 'input', target: 'draft-07' }) as Record<string, unknown>;
  return made;
}
