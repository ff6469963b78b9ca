// SPDX-License-Identifier: Apache-2.0
import { render } from 'preact';
import '../../assets/report.css';
import '../styles/base.css';
import '../styles/frame.css';
import '../styles/parts.css';
import '../styles/document.css';
import '../styles/accounts.css';
import '../styles/cohorts.css';
import '../styles/whatif.css';
import '../styles/jobs.css';
import '../styles/print.css';
import { App } from './app';
import { followLinks } from './router';

const root = document.getElementById('app');
if (root) {
  followLinks();
  render(<App />, root);
}
