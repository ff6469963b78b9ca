// SPDX-License-Identifier: Apache-2.0
// What the server answers. Answers to reading are kept for as long as the page lives, by their URL;
// the server's ETag says when they are old.

export class ApiError extends Error {
  constructor(readonly code: string, message: string, readonly status: number) {
    super(message);
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>;
/** Parameters of which some may be given several times. */
export type Queries = Record<string, Query[string] | string[]>;

export function url(path: string, query: Queries = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (Array.isArray(value)) {
      value.forEach((v) => params.append(key, v));
    } else if (value !== null && value !== undefined && value !== '' && value !== false) {
      params.set(key, String(value));
    }
  }
  const text = params.toString();
  return `/v1/${path}${text ? `?${text}` : ''}`;
}

async function failure(answer: Response): Promise<ApiError> {
  try {
    const body = (await answer.json()) as { error?: { code?: string; message?: string } };
    return new ApiError(body.error?.code ?? 'unknown', body.error?.message ?? answer.statusText, answer.status);
  } catch {
    return new ApiError('unknown', `the server answered ${answer.status} ${answer.statusText}`, answer.status);
  }
}

async function ask(address: string, init?: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(address, init);
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') {
      throw e;
    }
    throw new ApiError('unreachable', 'the server does not answer', 0);
  }
  if (!answer.ok) {
    throw await failure(answer);
  }
  return answer;
}

const kept = new Map<string, { tag: string | null; body: unknown }>();

/** JSON by GET; what was read before is asked for again by its ETag only. */
export async function getJson<T>(path: string, query: Queries = {}, signal?: AbortSignal): Promise<T> {
  const address = url(path, query);
  const before = kept.get(address);
  const headers: Record<string, string> = { Accept: 'application/json' };
  const answer = await ask(address, { headers, signal });
  const tag = answer.headers.get('ETag');
  if (before && tag !== null && tag === before.tag) {
    return before.body as T;
  }
  const body = (await answer.json()) as T;
  kept.set(address, { tag, body });
  return body;
}

/** What was read before, at once, while the new answer is on its way. */
export function peek<T>(path: string, query: Query = {}): T | undefined {
  return kept.get(url(path, query))?.body as T | undefined;
}

export async function getBytes(path: string, query: Query, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await ask(url(path, query), { signal })).arrayBuffer();
}

export async function send<T>(method: string, path: string, body: unknown, headers: Record<string, string> = {},
    signal?: AbortSignal): Promise<T> {
  const text = typeof body === 'string';
  const answer = await ask(url(path), {
    method,
    signal,
    headers: { Accept: 'application/json', 'Content-Type': text ? 'application/yaml' : 'application/json', ...headers },
    body: body === undefined ? undefined : text ? body : JSON.stringify(body),
  });
  return (await answer.json()) as T;
}

/** A document in another form, saved as a file. */
export async function download(path: string, query: Query, type: string, name: string): Promise<void> {
  const answer = await ask(url(path, query), { headers: { Accept: type } });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
