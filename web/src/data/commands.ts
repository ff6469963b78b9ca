// SPDX-License-Identifier: Apache-2.0
// Commands as the server takes them: names of positional arguments, and what each answers.
import type { Query } from './api';

export const explainOf = (account: string, more: Query = {}): Query => ({ account, ...more });
export const reportOf = (name: string, more: Query = {}): Query => ({ what: name, ...more });
export const predictOf = (target: string, more: Query = {}): Query => ({ what: target, ...more });
export const segmentsOf = (approach: string | undefined, more: Query = {}): Query => ({ approach, ...more });
export const profileOf = (segment: string, more: Query = {}): Query => ({ segment, ...more });
export const reviewOf = (name: string, more: Query = {}): Query => ({ name, ...more });

export interface Analysis {
  command: string;
  title: string;
  says: string;
  query?: Query;
}

/** Analyses without a page of their own: each is its document. */
export const ANALYSES: { group: string; items: Analysis[] }[] = [
  {
    group: 'Value',
    items: [
      { command: 'movements', title: 'ARR movements', says: 'New, expansion, contraction, churn and reactivation, exact to the cent', query: { expansion: true, reasons: true } },
      { command: 'metrics', title: 'Metrics', says: 'NRR, GRR, churn and lifetime value in the dialects of vendors', query: { dialect: 'all' } },
      { command: 'ltv', title: 'Lifetime value', says: 'Paid so far and expected, by cohort' },
      { command: 'targets', title: 'Targets', says: 'Targets against what is, by segment' },
      { command: 'offer', title: 'Offer', says: 'Message, product, service and pricing for each segment' },
      { command: 'capacity', title: 'Capacity', says: 'Hours that the segments take, and who has them' },
    ],
  },
  {
    group: 'Retention',
    items: [
      { command: 'churn', title: 'Churn trend', says: 'From cohort to cohort, with a test' },
      { command: 'survival', title: 'Survival', says: 'How long accounts stay, and what goes with it' },
      { command: 'pmf', title: 'Product/market fit', says: 'Does the retention curve flatten, with the evidence' },
      { command: 'adoption', title: 'Adoption', says: 'How soon accounts take up each feature' },
      { command: 'journey', title: 'Journey', says: 'How far accounts come, stage by stage, and where they get stuck' },
    ],
  },
  {
    group: 'Who they are',
    items: [
      { command: 'persona', title: 'Personas', says: 'What a segment\u2019s accounts are like, want, use and decide by' },
      { command: 'trees', title: 'Families of accounts', says: 'Parents and the accounts under them, rolled up' },
      { command: 'evidence', title: 'Evidence', says: 'Segments judged by what happened to their members afterwards' },
      { command: 'playbooks', title: 'Playbooks', says: 'What begins them, and what was seen after them' },
      { command: 'features', title: 'Features', says: 'Every name that a rule may use, with its definition' },
    ],
  },
];
