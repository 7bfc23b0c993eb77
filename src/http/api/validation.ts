/** Where a body does not fit its schema: the field, what was found, and what would be right. */

import { z } from 'zod';
import { nearest } from '../../config/nearest.ts';
import { type FieldProblem, Problem } from './problem.ts';

/** For Fastify: the parsed value, or the problem. */
export function validatorFor({ schema }: { schema: z.ZodType }) {
  return (data: unknown): { value: unknown } | { error: Problem } => {
    const read = schema.safeParse(data, { error: wording });
    if (read.success) return { value: read.data };
    return { error: invalid(read.error.issues.flatMap((issue) => fieldProblems(schema, issue))) };
  };
}

export function invalid(errors: FieldProblem[]): Problem {
  const detail = errors.map(({ path, message }) => `${path || 'The body'} ${message}.`).join(' ');
  return new Problem('invalid', detail, { errors });
}

function fieldProblems(schema: z.ZodType, issue: z.core.$ZodIssue): FieldProblem[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: pointer(issue.path), message: issue.message }];
  const known = schema instanceof z.ZodObject && issue.path.length === 0 ? Object.keys(schema.shape) : [];
  return issue.keys.map((key) => {
    const meant = nearest(key, known);
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    return { path: pointer([...issue.path, key]), message: `is not a field that is known here${hint}` };
  });
}

/** RFC 6901. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
};

/** Where a schema has no words of its own. */
function wording(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      if (issue.input === undefined) return 'is missing';
      return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `must have at most ${issue.maximum} characters`
        : `must be at most ${issue.maximum}`;
    default:
      return undefined;
  }
}
