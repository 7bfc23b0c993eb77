/** `npm run local-slack`: a Slack workspace on this machine, from the command line. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { type LocalSlack, startLocalSlack } from './index.ts';
import { type SeedInput, seedSchema } from './seed.ts';

const USAGE = `Usage: npm run local-slack -- [options]

  --manifest FILE     the app's manifest (default: manifest.yml)
  --port N            the port to listen on (default: 4600; 0 takes any)
  --workspace FILE    people, channels and user groups, as YAML or JSON (default: Acme)
  --request-url URL   deliver by signed HTTP to this address instead of Socket Mode
  --no-limits         no rate limits
  --lenient           record what Slack would refuse, but let it pass
  --help              this page
`;

const { values } = parseArgs({
  options: {
    manifest: { type: 'string', default: 'manifest.yml' },
    port: { type: 'string', default: '4600' },
    workspace: { type: 'string' },
    'request-url': { type: 'string' },
    'no-limits': { type: 'boolean', default: false },
    lenient: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function readWorkspace(path: string): SeedInput {
  const read = seedSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!read.success)
    throw new Error(`${path}: ${read.error.issues.map(({ message }) => message).join('; ')}`);
  return parse(readFileSync(path, 'utf8')) as SeedInput;
}

function describe({ url, api, workspace }: LocalSlack): string {
  const { bot, team } = workspace;
  return `${team.name} is open at ${url}

  SLACK_API_URL=${api}
  SLACK_BOT_TOKEN=${bot.token}
  SLACK_APP_TOKEN=${bot.app_token}
  SLACK_SIGNING_SECRET=${bot.signing_secret}

Give your app these, with SLACK_API_URL as its clientOptions.slackApiUrl, and start it. Then, as a person:

  curl -s ${url}/driver/command -H 'content-type: application/json' \\
    -d '{"user":"dana","channel":"deploys","text":"${workspace.commands[0]?.command ?? '/command'} help"}'

Stop with Ctrl-C.`;
}

async function run(): Promise<void> {
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const slack = await startLocalSlack({
    manifest: values.manifest,
    port: Number(values.port),
    strict: !values.lenient,
    ...(values['no-limits'] && { rateLimits: 'off' as const }),
    ...(values.workspace !== undefined && { workspace: readWorkspace(values.workspace) }),
    ...(values['request-url'] !== undefined && { deliver: { url: values['request-url'] } }),
  });
  process.stdout.write(`${describe(slack)}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void slack.close().then(() => process.exit(0)));
  }
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 1;
});
