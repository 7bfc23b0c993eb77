/** Workflows of GitHub Actions as a kind of backend: each step is a run of the workflow that deploys. */

import { attempt, type Finding } from '../adapters/finding.ts';
import { type AdapterContext, adapterKind } from '../adapters/kind.ts';
import type { SecretRef } from '../adapters/secrets.ts';
import { own } from '../defined.ts';
import type { BackendStepKind } from '../terms/plan.ts';
import { createRepository } from './github-actions/calls.ts';
import { readChanges } from './github-actions/changes.ts';
import { createGithub } from './github-actions/client.ts';
import { openJournal } from './github-actions/journal.ts';
import { createPlace, type Place } from './github-actions/place.ts';
import { GithubError } from './github-actions/refusals.ts';
import { readReleases } from './github-actions/releases.ts';
import {
  type EnvironmentSettings,
  type GithubActionsSettings,
  githubActionsSettings,
  type ServiceSettings,
} from './github-actions/settings.ts';
import { createWaiting } from './github-actions/waiting.ts';
import { idOf, openedLate } from './places.ts';
import { BackendError, type DeployBackend, type Target } from './port.ts';

export const githubActions = adapterKind({
  summary: 'GitHub Actions: a workflow that deploys, begun by dispatch',
  settings: githubActionsSettings,
  example: {
    auth: { app_id: 1, installation_id: 1, private_key: 'file:/run/secrets/github.pem' as SecretRef },
    services: {
      checkout: {
        repository: 'acme/checkout',
        artifact: { image: 'ghcr.io/acme/checkout' },
        environments: {
          production: {
            workflow: 'deploy.yml',
            steps: ['replace', 'set-weight', 'stand-up', 'batch', 'retire-old'],
          },
        },
      },
    },
  },
  open: (settings, context): DeployBackend => createGithubActions(settings, context),
});

/** What the App needs, by the names at GitHub. */
const NEEDED: Readonly<Record<string, 'read' | 'write'>> = {
  actions: 'write',
  contents: 'read',
  deployments: 'write',
};

/** Where nothing is driven. */
const NEEDED_TO_LOOK: typeof NEEDED = { actions: 'read', contents: 'read', deployments: 'read' };

function createGithubActions(settings: GithubActionsSettings, context: AdapterContext): DeployBackend {
  const { auth } = settings;
  context.secret('token' in auth ? auth.token : auth.private_key);
  if (settings.webhook_secret !== undefined) context.secret(settings.webhook_secret);
  const github = createGithub(settings, context);
  const places = new Map<string, Place>();
  const journal = openedLate(() => openJournal(context.folder()));
  const isApp = 'app_id' in auth;

  function settingsOf({ service, environment }: Target): {
    service: ServiceSettings;
    environment: EnvironmentSettings;
  } {
    const ofService = own(settings.services, service);
    const ofEnvironment = own(ofService?.environments, environment);
    if (ofService !== undefined && ofEnvironment !== undefined)
      return { service: ofService, environment: ofEnvironment };
    throw new BackendError(`${context.name} does not say where ${service} in ${environment} is at GitHub`, {
      final: true,
    });
  }

  function placeOf(target: Target): Place {
    const id = idOf(target);
    const known = places.get(id);
    if (known !== undefined) return known;
    const found = settingsOf(target);
    const place = createPlace({
      id,
      service: found.service,
      settings: found.environment,
      environment: found.environment.environment ?? target.environment,
      isApp,
      repository: createRepository(github, found.service.repository),
      journal: journal(),
      context,
      releases: (signal) => readReleases(github, found.service, signal),
    });
    places.set(id, place);
    return place;
  }

  const versions: DeployBackend['versions'] = async (target, signal) =>
    readReleases(github, settingsOf(target).service, signal);

  return {
    name: 'github-actions',
    steps: stepsOf(settings),
    async apply(change, step, key, signal) {
      await placeOf(change).apply(change, step, key, signal);
    },
    async rollback(change, to, key, signal) {
      try {
        await placeOf(change).rollback(change, to, key, signal);
      } catch (error) {
        // It goes on being tried: a permission may be given, a key may be changed meanwhile.
        if (!(error instanceof GithubError && error.credentials)) throw error;
        throw new BackendError(error.message, { final: false, cause: error });
      }
    },
    observe: async (target, signal) =>
      target.watchOnly ? placeOf(target).look(signal) : placeOf(target).observe(signal),
    versions,
    async planProblem(target, steps) {
      const { environment } = settingsOf(target);
      const missing = steps.find(({ kind }) => !environment.steps.includes(kind));
      return missing && `${environment.workflow} is not said to take the step "${missing.kind}" there`;
    },
    changes: async (target, from, to, signal) =>
      readChanges(github, settingsOf(target).service, { from, to }, signal),
    ...(asksForAnswers(settings)
      ? createWaiting({
          settings,
          context,
          isApp,
          journal,
          repository: (name) => createRepository(github, name),
        })
      : {}),
    check,
    async close() {
      journal.close();
    },
  };

  async function check(target: Target, signal?: AbortSignal): Promise<Finding[]> {
    const { service, environment } = settingsOf(target);
    const repository = createRepository(github, service.repository);
    return [
      await attempt('be let in by GitHub', 'see auth in its settings', async () => {
        refuseMissing(await github.permissions(signal), target.watchOnly ? NEEDED_TO_LOOK : NEEDED);
      }),
      await attempt(
        `find ${environment.workflow} in ${service.repository}`,
        'see repository and workflow',
        async () => {
          await repository.runs(environment.workflow, signal);
        },
      ),
      await attempt(
        `read what runs in ${environment.environment ?? target.environment}`,
        target.watchOnly ? 'give it deployments: read' : 'give it deployments: write',
        async () => {
          const { stable } = await placeOf(target).look(signal);
          if (stable === null) throw new Error('no deployment there says which version runs');
        },
      ),
      await attempt(
        `read the releases of ${service.repository}`,
        'see tag and artifact in its settings',
        async () => {
          if ((await versions(target, signal)).length === 0) throw new Error('none has a digest');
        },
      ),
    ];
  }
}

function refuseMissing(
  permissions: Readonly<Record<string, string>> | undefined,
  needed: Readonly<Record<string, 'read' | 'write'>>,
): void {
  if (permissions === undefined) return;
  const missing = Object.entries(needed).filter(
    ([name, level]) => permissions[name] !== 'write' && permissions[name] !== level,
  );
  if (missing.length === 0) return;
  throw new Error(`the App lacks ${missing.map(([name, level]) => `${name}: ${level}`).join(', ')}`);
}

/** Nothing is taken from GitHub, and nothing answered, where the settings ask for neither. */
function asksForAnswers({ services, webhook_secret }: GithubActionsSettings): boolean {
  const all = Object.values(services).flatMap(({ environments }) => Object.values(environments));
  return webhook_secret !== undefined || all.some(({ approve }) => approve);
}

/** What a plan may have; a place that takes less refuses the rest. */
function stepsOf({ services }: GithubActionsSettings): ReadonlySet<BackendStepKind> {
  const all = Object.values(services).flatMap(({ environments }) => Object.values(environments));
  return new Set(all.flatMap(({ steps }) => steps));
}
