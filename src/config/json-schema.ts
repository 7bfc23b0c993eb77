/** The JSON Schema of gonogo.yml, so that an editor can complete and check it. */

import { z } from 'zod';
import { fileSchema } from './schema.ts';

export function policyJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(fileSchema, { io: 'input', target: 'draft-07' }) as Record<string, unknown>;
}
