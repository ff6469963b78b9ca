// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';
import { Empty } from '../parts/states';
import { PageHead } from '../parts/page';
import { href, type Route } from '../router';
import { AccountPage } from './account';
import { AccountsPage } from './accounts';
import { AnalysesPage, AnalysisPage } from './analyses';
import { CohortPage } from './cohort';
import { CohortsPage } from './cohorts';
import { ComparePage } from './compare';
import { DataPage } from './data';
import { DocumentPage, DocumentsPage } from './documents';
import { ForecastPage } from './forecast';
import { JobsPage } from './jobs';
import { ModelPage } from './model';
import { MigrationPage } from './migration';
import { CoveragePage, ExpansionPage, TerritoriesPage } from './plans';
import { PortfolioPage } from './portfolio';
import { SegmentPage } from './segment';
import { SegmentsPage } from './segments';
import { StructurePage } from './structure';
import { TasksPage } from './tasks';

const PAGES: Record<string, (rest: string, params: URLSearchParams) => ComponentChildren> = {
  '': () => <PortfolioPage />,
  tasks: () => <TasksPage />,
  segments: () => <SegmentsPage />,
  segment: () => <SegmentPage />,
  compare: () => <ComparePage />,
  accounts: () => <AccountsPage />,
  account: (rest) => <AccountPage key={rest} id={rest} />,
  cohorts: () => <CohortsPage />,
  cohort: () => <CohortPage />,
  forecast: () => <ForecastPage />,
  structure: () => <StructurePage />,
  migration: () => <MigrationPage />,
  coverage: () => <CoveragePage />,
  expansion: () => <ExpansionPage />,
  territories: () => <TerritoriesPage />,
  documents: () => <DocumentsPage />,
  document: (rest) => <DocumentPage key={rest} name={rest} />,
  analyses: () => <AnalysesPage />,
  analysis: (rest, params) => <AnalysisPage key={rest} command={rest} params={params} />,
  data: () => <DataPage />,
  jobs: () => <JobsPage />,
  model: () => <ModelPage />,
};

export function pageOf(route: Route): ComponentChildren {
  const [, name = '', ...rest] = route.path.split('/');
  const page = Object.hasOwn(PAGES, name) ? PAGES[name] : undefined;
  return page ? page(rest.join('/'), route.params) : (
    <>
      <PageHead where="Not found" title={`There is no page ${route.path}`} />
      <Empty title="Perhaps the link is from another version."><p><a href={href('/')}>To the portfolio</a></p></Empty>
    </>
  );
}
