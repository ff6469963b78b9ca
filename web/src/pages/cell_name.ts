// SPDX-License-Identifier: Apache-2.0
/** A name that a rule can use: "2025-Q1:2" becomes "started_2025_q1_at_2". */
export const nameOfCell = (cell: string, lost: boolean): string => {
  const [cohort = '', age = ''] = cell.split(/:(?=[^:]*$)/);
  const plain = (t: string) => t.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return `${lost ? 'gone' : 'started'}_${plain(cohort)}_at_${plain(age)}`;
};
