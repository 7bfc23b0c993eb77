/** Who and what is in the workspace at the start: the schema of a seed, and Acme, the workspace that comes with it. */
import { z } from 'zod';

const zones = new Map<string, boolean>();

/** Asked once per zone, because asking is slow and thousands of people share a few. */
function isZone(name: string): boolean {
  const known = zones.get(name) ?? canFormatIn(name);
  zones.set(name, known);
  return known;
}

function canFormatIn(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }));
  } catch {
    return false;
  }
}

const zone = z.string().refine(isZone, 'must be an IANA time zone');

export const personSeed = z.object({
  id: z.string().regex(/^[UW][A-Z0-9]+$/),
  /** The handle, lower case. */
  name: z.string().min(1),
  real_name: z.string().min(1),
  email: z.email().optional(),
  tz: zone.default('Etc/UTC'),
  title: z.string().optional(),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .optional(),
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  is_restricted: z.boolean().default(false),
  is_ultra_restricted: z.boolean().default(false),
  team_id: z.string().optional(),
});

const channelSeed = z.object({
  id: z.string().regex(/^[CG][A-Z0-9]+$/),
  name: z.string().min(1),
  topic: z.string().optional(),
  is_private: z.boolean().default(false),
  /** Ids of people; left out, everyone but guests is in it. */
  members: z.array(z.string()).optional(),
  /** Whether the bot is in it. */
  bot: z.boolean().default(false),
});

const usergroupSeed = z.object({
  id: z.string().regex(/^S[A-Z0-9]+$/),
  handle: z.string().min(1),
  name: z.string().min(1),
  users: z.array(z.string()),
});

export const seedSchema = z.object({
  team: z
    .object({ id: z.string(), name: z.string(), domain: z.string() })
    .default({ id: 'T0ACME00001', name: 'Acme', domain: 'acme' }),
  users: z.array(personSeed),
  channels: z.array(channelSeed),
  usergroups: z.array(usergroupSeed).default([]),
});

export type SeedInput = z.input<typeof seedSchema>;
export type Seed = z.infer<typeof seedSchema>;

export const acme: SeedInput = {
  users: [
    {
      id: 'U0DANA00001',
      name: 'dana',
      real_name: 'Dana Weber',
      email: 'dana@acme.example',
      tz: 'Europe/Berlin',
      title: 'Release manager',
      color: '#c2456b',
    },
    {
      id: 'U0TOM000002',
      name: 'tom',
      real_name: 'Tom Okafor',
      email: 'tom@acme.example',
      tz: 'Europe/London',
      title: 'Tech lead',
      color: '#2f6fab',
    },
    {
      id: 'U0SANA00003',
      name: 'sana',
      real_name: 'Sana Iqbal',
      email: 'sana@acme.example',
      tz: 'Asia/Karachi',
      title: 'Security',
      color: '#7a52a8',
    },
    {
      id: 'U0OMAR00004',
      name: 'omar',
      real_name: 'Omar Haddad',
      email: 'omar@acme.example',
      tz: 'America/New_York',
      title: 'Operations, on call',
      color: '#b5651d',
    },
    {
      id: 'U0PRIYA0005',
      name: 'priya',
      real_name: 'Priya Raman',
      email: 'priya@acme.example',
      tz: 'Asia/Kolkata',
      title: 'Product owner',
      color: '#2e8b57',
    },
    {
      id: 'U0GUEST0006',
      name: 'greta',
      real_name: 'Greta Lindqvist',
      email: 'greta@partner.example',
      tz: 'Europe/Stockholm',
      title: 'Guest',
      color: '#8a6d3b',
      is_restricted: true,
    },
    {
      id: 'U0LEFT00007',
      name: 'lee',
      real_name: 'Lee Novak',
      email: 'lee@acme.example',
      tz: 'Europe/Prague',
      title: 'Left last year',
      color: '#6b6b6b',
      deleted: true,
    },
  ],
  channels: [
    { id: 'C0DEPLOYS01', name: 'deploys', topic: 'Every deployment, from request to hand-over', bot: true },
    { id: 'C0CHECKOUT2', name: 'checkout', topic: 'The checkout service', bot: true },
    { id: 'C0PAYMENTS3', name: 'payments', topic: 'The payments service', bot: true },
    { id: 'C0GENERAL04', name: 'general', topic: 'Everyone' },
    { id: 'C0ALERTS005', name: 'alerts', topic: 'What monitoring says', bot: true },
  ],
  usergroups: [
    { id: 'S0OPS000001', handle: 'ops', name: 'Operations', users: ['U0OMAR00004', 'U0TOM000002'] },
    { id: 'S0SECURITY2', handle: 'security', name: 'Security', users: ['U0SANA00003'] },
  ],
};
