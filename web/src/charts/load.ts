// SPDX-License-Identifier: Apache-2.0
// Fetches the charts' runtime once, when the first chart is due.
type Draw = typeof import('./draw');

let loading: Promise<Draw> | undefined;

export function charts(): Promise<Draw> {
  // The bundler leaves this address alone: the runtime is a file of its own.
  loading ??= import('/charts.js' as string) as Promise<Draw>;
  return loading;
}
