// SPDX-License-Identifier: Apache-2.0
// The model file, and small changes to its text that leave all else as somebody wrote it.
import { getJson, send } from './api';
import { problemsOf } from './problems';

export interface ModelFile {
  text: string;
  digest: string;
}

/** The text with `file` among what it extends; null where that cannot be told from the line: somebody has to write it. */
export function extended(text: string, file: string): string | null {
  const line = /^extends:[ \t]*(.*)$/m.exec(text);
  if (!line) {
    const version = /^strata:.*$/m.exec(text);
    return version ? text.replace(version[0], `${version[0]}\nextends: [${file}]`) : null;
  }
  const [whole, given = ''] = line;
  const [, value = '', comment = ''] = /^([^#]*?)[ \t]*(#.*)?$/.exec(given) ?? [];
  const list = /^\[([^\]]*)\]$/.exec(value);
  const names = list ? (list[1] as string).split(',').map((n) => n.trim()).filter(Boolean) : /^[\w./-]+$/.test(value) ? [value] : null;
  if (!names) {
    return null;
  }
  return names.includes(file) ? text : text.replace(whole, `extends: [${[...names, file].join(', ')}]${comment ? ` ${comment}` : ''}`);
}

/** Puts a saved list into the model; what is wrong with that, or nothing. */
export async function extendModel(file: string): Promise<string | undefined> {
  const model = await getJson<ModelFile>('model');
  const text = extended(model.text, file);
  if (text === null) {
    return 'what the model extends is not on one line';
  }
  if (text === model.text) {
    return undefined;
  }
  const wrong = problemsOf(await send<unknown>('POST', 'model/check', text)).find((p) => p.severity === 'error');
  if (wrong) {
    return wrong.message;
  }
  await send('PUT', 'model', text, { 'If-Match': model.digest });
  return undefined;
}
