// SPDX-License-Identifier: Apache-2.0
import { href } from '../router';

const GROUPS: { label: string; links: [string, string][] }[] = [
  { label: 'Today', links: [['/', 'Portfolio'], ['/tasks', 'Tasks']] },
  {
    label: 'Understand',
    links: [['/segments', 'Segments'], ['/accounts', 'Accounts'], ['/cohorts', 'Cohorts'], ['/forecast', 'Forecast'],
      ['/structure', 'Clusters and predictions']],
  },
  {
    label: 'Act',
    links: [['/migration', 'Migration'], ['/coverage', 'Coverage'], ['/expansion', 'Expansion'], ['/territories', 'Territories']],
  },
  { label: 'Keep', links: [['/documents', 'Documents'], ['/analyses', 'More analyses'], ['/data', 'Data'], ['/model', 'Model'], ['/jobs', 'Jobs']] },
];

/** Pages of one thing belong to the list that they come from. */
const PARENTS: Record<string, string> = { '/account': '/accounts', '/segment': '/segments', '/compare': '/segments', '/cohort': '/cohorts', '/analysis': '/analyses', '/document': '/documents' };

export function Nav({ path }: { path: string }) {
  const first = `/${path.split('/')[1] ?? ''}`;
  const here = PARENTS[first] ?? first;
  return (
    <nav id="nav" class="nav" aria-label="Pages">
      {GROUPS.map((g) => (
        <section key={g.label}>
          <h2>{g.label}</h2>
          <ul>{g.links.map(([to, text]) => (
            <li key={to}><a href={href(to)} aria-current={to === here ? 'page' : undefined}>{text}</a></li>
          ))}</ul>
        </section>
      ))}
    </nav>
  );
}
