// SPDX-License-Identifier: Apache-2.0
// The frame: navigation, the as-of date, and the page of the current route.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useJson } from './data/use';
import { WorldContext, type Project } from './data/project';
import { Nav } from './frame/nav';
import { AsOf } from './frame/as_of';
import { Begin, WITHOUT } from './frame/begin';
import { pageOf } from './pages/routes';
import { Skeleton } from './parts/states';
import { href, useRoute } from './router';

/** After another page has come up, reading starts at its top: for screen readers too. */
function useFocusOnMove(path: string) {
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}

/** As long as there is no portfolio. What may be changed the server says when it is asked to. */
const NONE: Project = { name: '', currency: 'USD', last_day: '', dimensions: [], broken: true, may_edit: true, may_run: true };

export function App() {
  const route = useRoute();
  const project = useJson<Project>('project');
  const [open, setOpen] = useState(false);
  const main = useFocusOnMove(route.path);
  useEffect(() => setOpen(false), [route.path]);
  const asOf = route.params.get('as_of') ?? undefined;
  return (
    <div class={open ? 'frame open' : 'frame'}>
      <a class="skip" href="#main">Skip to content</a>
      <header class="top-bar">
        <button type="button" class="menu-button" aria-expanded={open} aria-controls="nav" onClick={() => setOpen(!open)}>
          <span class="vh">Menu</span><span class="lines" aria-hidden="true" />
        </button>
        <a class="brand" href={href('/')}>Strata</a>
        <span class="portfolio-name">{project.data?.name ?? ''}</span>
        {project.data && <AsOf last={project.data.last_day} now={asOf} />}
      </header>
      <Nav path={route.path} />
      <main id="main" tabIndex={-1} ref={main}>
        {project.error && !WITHOUT.includes(route.path) ? <Begin error={project.error} again={project.again} />
          : project.error ? (
            <WorldContext.Provider value={{ project: NONE, asOf, refresh: project.again }}>{pageOf(route)}</WorldContext.Provider>
          ) : project.data ? (
            <WorldContext.Provider value={{ project: project.data, asOf, refresh: project.again }}>{pageOf(route)}</WorldContext.Provider>
          ) : <Skeleton height={600} />}
      </main>
      <div id="live" class="vh" role="status" />
    </div>
  );
}
