// SPDX-License-Identifier: Apache-2.0
// Where the reader is: path and parameters of the URL, so that a link, the back button and a reload
// all lead to the same view. The as-of date goes along with every link within the workbench.
import { useEffect, useState } from 'preact/hooks';

export interface Route {
  path: string;
  params: URLSearchParams;
}
const listeners = new Set<() => void>();

function current(): Route {
  return { path: decodeURI(location.pathname).replace(/\/+$/, '') || '/', params: new URLSearchParams(location.search) };
}

let route = current();

function changed(): void {
  route = current();
  listeners.forEach((f) => f());
}

/** Path with parameters; those that are empty fall away, the as-of date is carried over. */
export function href(path: string, params: Record<string, string | null | undefined> = {}): string {
  const query = new URLSearchParams();
  const asOf = 'as_of' in params ? params.as_of : route.params.get('as_of');
  if (asOf) {
    query.set('as_of', asOf);
  }
  for (const [key, value] of Object.entries(params)) {
    if (key !== 'as_of' && value) {
      query.set(key, value);
    }
  }
  const text = query.toString();
  return encodeURI(path) + (text ? `?${text}` : '');
}

export function go(url: string, replace = false): void {
  history[replace ? 'replaceState' : 'pushState'](null, '', url);
  changed();
  if (!replace) {
    window.scrollTo(0, 0);
  }
}

/** The same page with other parameters; null takes one away. */
export function setParams(changes: Record<string, string | null>, replace = false): void {
  const query = new URLSearchParams(route.params);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === '') {
      query.delete(key);
    } else {
      query.set(key, value);
    }
  }
  const text = query.toString();
  history[replace ? 'replaceState' : 'pushState'](null, '', location.pathname + (text ? `?${text}` : ''));
  changed();
}

export function useRoute(): Route {
  const [value, set] = useState(route);
  useEffect(() => {
    const update = () => set(route);
    listeners.add(update);
    update();
    return () => void listeners.delete(update);
  }, []);
  return value;
}

/** Clicks on links within the workbench change the page without loading it anew. */
export function followLinks(): void {
  window.addEventListener('popstate', changed);
  document.addEventListener('click', (e) => {
    const link = e.target instanceof Element ? e.target.closest('a') : null;
    if (!link || e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) {
      return;
    }
    const url = new URL(link.href, location.href);
    if (url.origin !== location.origin || link.target || link.hasAttribute('download') ||
        url.pathname.startsWith('/v1/') || (url.hash && url.pathname === location.pathname)) {
      return;
    }
    e.preventDefault();
    go(url.pathname + url.search);
  });
}
