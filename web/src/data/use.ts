// SPDX-License-Identifier: Apache-2.0
// Reading from within a page: what is there, that it is on its way, or what went wrong.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Doc } from '../document/types';
import { ApiError, getJson, peek, url, type Query } from './api';

export interface Answer<T> {
  data: T | undefined;
  error: ApiError | undefined;
  busy: boolean;
  again: () => void;
}

/** `path` null: nothing is asked yet. The last answer stays until the next is there: no jumps. */
export function useJson<T>(path: string | null, query: Query = {}): Answer<T> {
  const address = path === null ? null : url(path, query);
  const [state, set] = useState<{ address: string | null; data?: T; error?: ApiError; busy: boolean }>({
    address: null, busy: true,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === null) {
      return undefined;
    }
    const stop = new AbortController();
    const known = peek<T>(path, query);
    set((s) => ({ address, data: known ?? s.data, error: undefined, busy: true }));
    getJson<T>(path, query, stop.signal).then(
      (data) => set({ address, data, busy: false }),
      (e: unknown) => {
        if (!stop.signal.aborted) {
          const error = e instanceof ApiError ? e : new ApiError('unknown', String(e), 0);
          set((s) => ({ address, data: s.data, error, busy: false }));
        }
      });
    return () => stop.abort();
  }, [address, turn]);
  const again = useCallback(() => setTurn((t) => t + 1), []);
  return { data: state.data, error: state.error, busy: path !== null && (state.busy || state.address !== address), again };
}

/** So many rows of each table: the others are asked for when somebody looks for them. */
const FIRST = 100;

/** A document with the first rows of its tables; `rows` null: with all. */
export function useDocument(command: string | null, query: Query = {}, rows: number | null = FIRST): Answer<Doc> {
  const answer = useJson<Doc>(command, rows === null ? query : { ...query, rows });
  if (command !== null && answer.data && !answer.busy) {
    answer.data.source ??= { path: command, query };
  }
  return answer;
}
