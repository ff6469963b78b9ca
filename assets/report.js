/* What the page can do beyond being read: charts, sorting, filtering, definitions. */
(function () {
  'use strict';

  /* Colours in chart specifications (src/document/chart_theme.h) stand for these variables. */
  var tokens = {
    '#1b2430': 'ink', '#5d6875': 'muted', '#d8dde3': 'line', '#8a94a0': 'grey',
    '#0b63a5': 'accent', '#10233a': 'on-light', '#fdfdfe': 'on-dark',
    '#0072b2': 'c0', '#e69f00': 'c1', '#009e73': 'c2', '#cc79a7': 'c3', '#d55e00': 'c4',
    '#56b4e9': 'c5', '#332288': 'c6', '#999933': 'c7', '#882255': 'c8', '#44aa99': 'c9',
    '#eef5fb': 's0', '#d3e5f3': 's1', '#b4d3ea': 's2', '#92bfe0': 's3', '#6fa9d4': 's4',
    '#4c92c6': 's5', '#2f7ab2': 's6', '#176097': 's7', '#064676': 's8'
  };

  function themed(value) {
    if (typeof value === 'string') {
      return Object.prototype.hasOwnProperty.call(tokens, value) ?
        'var(--' + tokens[value] + ')' : value;
    }
    if (Array.isArray(value)) {
      return value.map(themed);
    }
    if (value && typeof value === 'object') {
      var out = {};
      Object.keys(value).forEach(function (k) { out[k] = themed(value[k]); });
      return out;
    }
    return value;
  }

  /* Small multiples: as many panels in a row as fit, each as wide as that leaves. */
  function fitPanels(spec, width) {
    if (spec.facet && spec.spec) {
      var columns = Math.max(1, Math.min(4, Math.floor(width / 240)));
      spec.columns = columns;
      spec.spec.width = Math.max(140, Math.floor(width / columns) - 76);
    }
  }

  function draw(plot) {
    var source = document.getElementById(plot.dataset.spec);
    if (!source || !window.vegaEmbed) { return Promise.resolve(); }
    var spec = themed(JSON.parse(source.textContent));
    fitPanels(spec, plot.clientWidth);
    return window.vegaEmbed(plot, spec, {
      mode: 'vega-lite', renderer: 'svg', actions: false, config: { aria: false },
      loader: { load: function () { return Promise.reject(new Error('no outside data')); } }
    }).catch(function (e) {
      plot.textContent = 'This chart could not be drawn: ' + e.message;
    });
  }

  function cellValue(row, i) {
    var cell = row.cells[i];
    var v = cell.getAttribute('data-v');
    return v !== null ? v : cell.textContent.trim();
  }

  /* Missing values go last in either direction; equal ones keep their order. */
  function sortBy(table, i, up, numeric) {
    var body = table.tBodies[0];
    var rows = Array.prototype.map.call(body.rows, function (row, at) {
      var v = cellValue(row, i);
      var empty = row.cells[i].querySelector('.none') !== null || v === '';
      return { row: row, at: at, empty: empty, v: numeric ? parseFloat(v) : v };
    });
    rows.sort(function (a, b) {
      if (a.empty || b.empty) { return a.empty === b.empty ? a.at - b.at : a.empty ? 1 : -1; }
      var d = numeric ? a.v - b.v : a.v.localeCompare(b.v, 'en', { numeric: true });
      return (up ? d : -d) || a.at - b.at;
    });
    var all = document.createDocumentFragment();
    rows.forEach(function (r) { all.appendChild(r.row); });
    body.appendChild(all);
  }

  function makeSortable(table) {
    if (table.tBodies[0].rows.length < 3) { return; }
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, i) {
      var button = document.createElement('button');
      button.type = 'button';
      button.className = 'sort';
      button.textContent = head.textContent;
      head.textContent = '';
      head.appendChild(button);
      var numeric = head.classList.contains('num');
      button.addEventListener('click', function () {
        var was = head.getAttribute('aria-sort');
        var up = was ? was !== 'ascending' : !numeric;
        Array.prototype.forEach.call(table.tHead.rows[0].cells, function (h) {
          h.removeAttribute('aria-sort');
        });
        head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
        sortBy(table, i, up, numeric);
      });
    });
  }

  function addFilter(holder, table) {
    var caption = holder.querySelector('.caption');
    var tools = document.createElement('div');
    var input = document.createElement('input');
    var count = document.createElement('span');
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    tools.className = 'bar-tools';
    input.type = 'search';
    input.className = 'filter';
    input.placeholder = 'Filter ' + rows.length + ' rows';
    input.setAttribute('aria-label', 'Filter rows');
    count.className = 'vh';
    count.setAttribute('role', 'status');
    caption.before(tools);
    tools.append(caption, input, count);
    input.addEventListener('input', function () {
      var want = input.value.toLocaleLowerCase();
      var shown = 0;
      rows.forEach(function (row) {
        row.hidden = row.textContent.toLocaleLowerCase().indexOf(want) < 0;
        shown += row.hidden ? 0 : 1;
      });
      count.textContent = shown + ' of ' + rows.length + ' rows';
    });
  }

  /* Below the figure that was asked about, within the window. */
  function placeOrigins() {
    var asked = null;
    document.addEventListener('click', function (e) {
      asked = e.target.closest ? e.target.closest('.door') : null;
    }, true);
    Array.prototype.forEach.call(document.querySelectorAll('.origin'), function (box) {
      box.addEventListener('toggle', function (e) {
        if (e.newState !== 'open' || !asked) { return; }
        var at = asked.getBoundingClientRect();
        var left = Math.min(at.left, window.innerWidth - box.offsetWidth - 16);
        var below = at.bottom + 8 + box.offsetHeight < window.innerHeight;
        box.style.margin = '0';
        box.style.left = Math.max(16, left) + 'px';
        box.style.top = Math.max(8, below ? at.bottom + 8 : at.top - 8 - box.offsetHeight) + 'px';
      });
    });
  }

  function followReading() {
    if (!window.IntersectionObserver) { return; }
    var links = {};
    document.querySelectorAll('.contents a').forEach(function (a) {
      links[decodeURIComponent(a.hash.slice(1))] = a;
    });
    var seen = new IntersectionObserver(function (entries) {
      entries.forEach(function (e) {
        var link = links[e.target.id];
        if (link) { link.classList.toggle('here', e.isIntersecting); }
      });
    }, { rootMargin: '-10% 0px -80% 0px' });
    document.querySelectorAll('main section[id]').forEach(function (s) { seen.observe(s); });
  }

  document.querySelectorAll('.table').forEach(function (holder) {
    var table = holder.querySelector('table');
    makeSortable(table);
    if (holder.classList.contains('long')) { addFilter(holder, table); }
  });
  placeOrigins();
  followReading();
  var plots = Array.prototype.slice.call(document.querySelectorAll('.plot'));
  plots.forEach(draw);
  var timer = 0;
  var width = window.innerWidth;
  window.addEventListener('resize', function () {
    if (window.innerWidth === width) { return; }
    width = window.innerWidth;
    clearTimeout(timer);
    timer = setTimeout(function () { plots.forEach(draw); }, 200);
  });
})();
