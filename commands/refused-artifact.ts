/** Another build of a version was offered: where no deployment of it says so in its thread, the channel is told (GT-3). */

import { LIVE } from '../src/deployment/lifecycle.ts';
import type { Artifact, ArtifactRefusal } from '../src/policy/artifacts.ts';
import { renderRefusedArtifact } from '../views/refused-artifact.ts';
import type { CommandContext } from './context.ts';

export async function tellRefusedArtifact(
  context: CommandContext,
  refusal: ArtifactRefusal,
  registered: Artifact,
): Promise<void> {
  const { service, version } = refusal;
  context.log.warn({ refusal }, 'another build of a version was refused');
  const channel = context.policy().services.get(service)?.channel;
  if (channel === undefined) return;
  try {
    const live = await context.stores.events.list({ service, version, statuses: LIVE, limit: 1 });
    if (live.length > 0) return;
    await context.clients.outbound.chat.postMessage({
      channel,
      ...renderRefusedArtifact(refusal, registered),
    });
  } catch (error) {
    context.log.error({ err: error, channel }, 'the channel was not told about the refused build');
  }
}
