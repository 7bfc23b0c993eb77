/** Another build of a version was offered: where no deployment of it says so in its thread, the channel is told (GT-3). */

import { LIVE } from '../src/deployment/lifecycle.ts';
import type { Artifact, ArtifactRefusal } from '../src/policy/artifacts.ts';
import { renderRefusedArtifact } from '../views/refused-artifact.ts';
import type { Room } from './room.ts';

export async function tellRefusedArtifact(
  room: Room,
  refusal: ArtifactRefusal,
  registered: Artifact,
): Promise<void> {
  const { service, version } = refusal;
  room.log.warn({ refusal }, 'another build of a version was refused');
  const channel = room.policy().services.get(service)?.channel;
  if (channel === undefined) return;
  try {
    const live = await room.stores.events.list({ service, version, statuses: LIVE, limit: 1 });
    if (live.length > 0) return;
    await room.clients.outbound.chat.postMessage({ channel, ...renderRefusedArtifact(refusal, registered) });
  } catch (error) {
    room.log.error({ err: error, channel }, 'the channel was not told about the refused build');
  }
}
