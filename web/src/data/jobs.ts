// SPDX-License-Identifier: Apache-2.0
// Work that the server does in the background: ordered, followed by its events, cancelled.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, getJson, send, url, type Query } from './api';

export interface Job {
  id: string;
  command: string;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  progress: { what: string | null; done: number; total: number };
  error?: { code: string; message: string; status: number };
  result?: string;
  /** what the command said beside its answer */
  notices?: string[];
  /** addresses of what it brings besides */
  files?: string[];
}

export const isOver = (j: Job): boolean => j.state !== 'queued' && j.state !== 'running';

export const orderJob = (command: string, query: Query = {}): Promise<Job> => {
  const asked = Object.fromEntries(Object.entries(query).filter(([, v]) => v !== null && v !== undefined && v !== '' && v !== false));
  return send<Job>('POST', `jobs/${command}`, asked);
};
export const cancelJob = (id: string): Promise<Job> => send<Job>('DELETE', `jobs/${id}`, undefined);

/** Tells every change of a job until it is over; what is returned ends the following. */
export function followJob(id: string, changed: (j: Job) => void): () => void {
  const events = new EventSource(url(`jobs/${id}/events`));
  const tell = (e: MessageEvent<string>) => {
    const job = JSON.parse(e.data) as Job;
    changed(job);
    if (isOver(job)) {
      events.close();
    }
  };
  events.addEventListener('progress', tell);
  events.addEventListener('done', tell);
  return () => events.close();
}

/** A job from its order to its end. */
export function finished(job: Job, changed: (j: Job) => void): Promise<Job> {
  return new Promise((resolve) => {
    if (isOver(job)) {
      resolve(job);
      return;
    }
    followJob(job.id, (j) => {
      changed(j);
      if (isOver(j)) {
        resolve(j);
      }
    });
  });
}

/** The jobs that the server remembers, newest first, each as it goes on. */
export function useJobs(): { jobs: Job[] | undefined; error: ApiError | undefined; again: () => void } {
  const [jobs, set] = useState<Job[]>();
  const [error, fail] = useState<ApiError>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const ends: (() => void)[] = [];
    const change = (job: Job) => set((all) => all?.map((j) => (j.id === job.id ? job : j)));
    getJson<{ jobs: Job[] }>('jobs/', {}, stop.signal).then((a) => {
      set(a.jobs);
      fail(undefined);
      a.jobs.filter((j) => !isOver(j)).forEach((j) => ends.push(followJob(j.id, change)));
    }, (e: unknown) => !stop.signal.aborted && fail(e as ApiError));
    return () => {
      stop.abort();
      ends.forEach((end) => end());
    };
  }, [turn]);
  return { jobs, error, again: () => setTurn((t) => t + 1) };
}
