/** The app's Home tab, as it was published for the person who looks. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { View } from '../protocol.ts';
import { Blocks } from './blocks/block.tsx';
import { SurfaceContext } from './blocks/surface.ts';
import { keepOnly } from './state/forms.ts';
import { useDirectory, usePage } from './state/page-store.ts';

/** A view as the place its blocks are drawn in. */
export function useViewSurface(view: View) {
  const [errors, setErrors] = useState<Record<string, string>>({});
  useEffect(() => setErrors({}), [view.id]);
  useEffect(() => keepOnly(view.id, view.blocks), [view.id, view.blocks]);
  const surface = useMemo(
    () => ({
      key: view.id,
      place: { view_id: view.id },
      values: view.values,
      errors,
      clearError: (block: string) => setErrors(({ [block]: _gone, ...others }) => others),
    }),
    [view.id, view.values, errors],
  );
  return { surface, setErrors };
}

function Published({ view }: { view: View }) {
  const { surface } = useViewSurface(view);
  return (
    <SurfaceContext.Provider value={surface}>
      <Blocks blocks={view.blocks} />
    </SurfaceContext.Provider>
  );
}

export function Home() {
  const home = usePage((state) => state.home);
  const { workspace } = useDirectory();
  return (
    <section class="home" data-qa="home" aria-label="Home" tabIndex={0} aria-busy={home === undefined}>
      <div class="home-page">
        {home ? (
          <Published view={home} />
        ) : (
          home === null && <p class="empty">{workspace?.bot.name} has not published a Home for you yet.</p>
        )}
      </div>
    </section>
  );
}
