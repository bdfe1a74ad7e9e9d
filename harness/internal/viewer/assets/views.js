// The views behind the tabs. Each is built when it is first looked at.
const levels = ['none', 'inferred', 'presented', 'previewed', 'viewed', 'obtained', 'controlled'];
const means = {
  inferred: 'existence or number can be told', presented: 'shown in a list, count or notification', previewed: 'thumbnail, transcript or metadata',
  viewed: 'at least a byte of media', obtained: 'the whole recording, or a link to it', controlled: 'deleted, shared, switched or joined',
};
const views = {
  story: {title: 'Story', build: buildStory},
  exposure: {title: 'Exposure', build: buildExposure},
  rules: {title: 'Rules', build: buildRules},
  coverage: {title: 'Coverage', build: buildCoverage},
  logs: {title: 'Service log', build: buildLog},
  certificate: {title: 'Certificate', build: buildCertificate},
  run: {title: 'Run', build: buildRun},
};
const viewNames = Object.keys(views);
const ofTrace = new Set(['exposure', 'logs', 'certificate']); // built anew for another trace

function buildStory() {
  if (!traces.length) return [el('section', {class: 'card'}, el('h2', {}, 'No trace to show'),
    el('p', {}, 'Nothing was found that breaks a rule. What was asked is in ', el('a', {href: '#view=rules'}, 'Rules'), ' and ', el('a', {href: '#view=coverage'}, 'Coverage'), '.')), limits()];
  return [buildLanes(), el('div', {id: 'story-columns', class: 'columns'}, el('div', {class: 'column'}, buildCompare(), buildList()), buildPanel()), limits()];
}

// brief are the two columns below the headline: to whom, and what to do.
function brief() {
  const t = traces[0], next = list(page.commands);
  return [t && list(t.sentences).length > 0 && el('div', {}, el('h2', {}, 'To whom'), el('p', {class: 'totals'}, t.exposed), whoAndWhom(t),
    t.sentences.length > 1 && el('ul', {}, t.sentences.slice(0, 5).map(s => el('li', {}, s)), t.sentences.length > 5 && el('li', {}, el('a', {href: '#view=exposure'}, many(t.sentences.length - 5, 'more sentence'))))),
  next.length > 0 && el('div', {}, el('h2', {}, 'What to do'), commands(next.slice(0, 2)))].filter(Boolean);
}

// whoAndWhom names those concerned by the violation that a trace is for.
function whoAndWhom(t) {
  const all = list(t.exposures).filter(x => x.rule === t.rule && x.step === t.leak);
  if (!all.length) return null;
  const names = of => { const some = [...new Set(all.map(of))]; return some.slice(0, 8).join(', ') + (some.length > 8 ? ' and ' + (some.length - 8) + ' more' : ''); };
  const level = Math.max(...all.map(x => levels.indexOf(x.level)));
  return el('dl', {class: 'facts'}, el('dt', {}, 'whose'), el('dd', {}, names(x => x.subject)), el('dt', {}, 'to whom'), el('dd', {}, names(x => x.recipient)),
    el('dt', {}, 'how far'), el('dd', {}, el('span', {class: 'level l' + level}, level + ' ' + levels[level]), ' ' + (means[levels[level]] || '')));
}

const commands = all => el('div', {class: 'commands'}, all.map(c => el('div', {class: 'command'}, el('p', {}, c.does),
  el('div', {class: 'line-to-copy'}, el('code', {tabindex: 0}, c.line), copies(c.line, 'command')))));

const limits = () => list(page.limits).length > 0 && card('What this does not tell', el('ul', {class: 'limits'}, page.limits.map(l => el('li', {}, l))));

function buildRules() {
  const rows = list(page.rules).map(r => el('tr', {id: 'rule-' + r.id, class: 'tone-' + r.tone, 'data-rule': r.id, tabindex: -1},
    el('th', {scope: 'row'}, el('a', {href: '#rule=' + encodeURIComponent(r.id)}, r.id)), el('td', {}, r.level),
    el('td', {}, el('span', {class: 'verdict-mark ' + r.tone}, r.verdict), r.known && el('span', {class: 'known'}, 'known')),
    el('td', {class: 'num'}, r.checks.toLocaleString('en')), el('td', {class: 'num'}, (r.violations || 0).toLocaleString('en')),
    el('td', {class: 'num'}, (r.inconclusive || 0).toLocaleString('en')),
    el('td', {}, r.sentence, r.references && el('span', {class: 'quiet refs'}, r.references), r.known && el('p', {class: 'note'}, 'Known failure: ' + r.known), whereBroken(r.id))));
  return [card('Rules', el('p', {class: 'note'}, ruleCounts()), el('div', {class: 'wide'},
    table('Rules and their verdicts', ['rule', 'level', 'verdict', 'checks', 'violations', 'inconclusive', 'what it says'], rows, {class: 'rules'})))];
}

function ruleCounts() {
  const n = {};
  for (const r of list(page.rules)) n[r.verdict] = (n[r.verdict] || 0) + 1;
  return Object.entries(n).map(([verdict, count]) => count + ' ' + verdict).join(', ');
}

// whereBroken are links to the steps that break a rule.
function whereBroken(id) {
  const out = [];
  for (const t of traces) {
    const s = list(t.steps).find(s => breaks(s).some(b => b.rule === id));
    if (s) out.push(el('a', {class: 'see', href: '#trace=' + encodeURIComponent(t.id) + '&step=' + s.step}, 'see step ' + s.step + ' of the ' + t.title.toLowerCase()));
  }
  return out;
}

function showRule() {
  for (const row of document.querySelectorAll('[data-rule]')) {
    const asked = row.dataset.rule === now.rule;
    row.classList.toggle('asked', asked);
    if (asked) { row.scrollIntoView({block: 'center'}); row.focus({preventScroll: true}); }
  }
}

function buildExposure() {
  const all = trace() ? list(trace().exposures) : [];
  if (!all.length && !page.exposed) return [card('Exposure', el('p', {}, 'Nobody is known to have been shown anything of another’s.'))];
  const whole = page.exposed ? exposedInAll(page.exposed) : [];
  if (!all.length) return whole;
  return [card('Who was exposed to whom', el('p', {class: 'note'}, 'In the ' + trace().title.toLowerCase() + '. A row is whose recording it is, a column who was shown it; a cell tells the highest level and how often.'),
    el('div', {class: 'wide'}, traceMatrix(all)), levelLegend()), card('Every exposure of this trace', el('div', {class: 'wide'}, exposureRows(all))), ...whole];
}

// exposedInAll are the cards on the whole run.
function exposedInAll(e) {
  const counts = list(e.levels).map(l => el('tr', {}, el('th', {scope: 'row'}, el('span', {class: 'level l' + levels.indexOf(l.level)}, levels.indexOf(l.level) + ' ' + l.level)),
    el('td', {class: 'num'}, l.subjects), el('td', {class: 'num'}, l.recipients), el('td', {class: 'num'}, l.recordings)));
  const named = e.rows.map(x => ({...x, subject: x.subject || 'nobody can tell'}));
  return [card('In the whole run', el('p', {class: 'note'}, e.note), el('div', {class: 'wide'},
    table('Persons and recordings by level', ['at this level or further', 'whose', 'to whom', 'recordings'], counts, {class: 'counts'})),
  el('div', {class: 'wide'}, matrix(named, [], []))), card('Every exposure of the run', el('div', {class: 'wide'}, wholeRows(e)))];
}

function wholeRows(e) {
  const rows = e.rows.slice(0, shownExposures).map(x => el('tr', {}, el('td', {}, x.id), el('td', {}, x.subject || 'nobody can tell'), el('td', {}, x.recipient), el('td', {}, x.recording || ''),
    el('td', {}, x.level + (x.possible ? ', possible' : '')), el('td', {}, x.path), el('td', {class: 'num'}, String(x.times)), el('td', {}, x.first), el('td', {}, el('code', {}, x.requestId || ''))));
  const more = e.rows.length - rows.length + (e.more || 0);
  if (more > 0) rows.push(el('tr', {}, el('td', {colspan: 9}, 'and ' + more.toLocaleString('en') + ' more; exposure.csv has them all')));
  return table('Exposures of the whole run', ['', 'whose', 'to whom', 'recording', 'level', 'path', 'times', 'first (UTC)', 'X-Request-Id'], rows, {class: 'plain'});
}

const shownActors = 16;

const traceMatrix = all => matrix(all, trace().actors.filter(a => a.kind === 'patient' || a.kind === 'another test').map(a => a.name),
  trace().actors.filter(a => !['service', 'operator', 'another test'].includes(a.kind)).map(a => a.name));

// matrix has a row for each subject and a column for each recipient: those of
// the exposures, the most exposed first, and some of the others.
function matrix(all, patients, others) {
  const subjects = inFront(all.map(x => x.subject), patients), recipients = inFront(all.map(x => x.recipient), others);
  const rows = subjects.map(s => el('tr', {}, el('th', {scope: 'row'}, s), recipients.map(r => matrixCell(all.filter(x => x.subject === s && x.recipient === r), s, r))));
  if (subjects.cut || recipients.cut) rows.push(el('tr', {}, el('td', {colspan: recipients.length + 1, class: 'none'}, many(subjects.cut, 'more patient') + ' and ' + many(recipients.cut, 'more recipient'))));
  return table('Highest level at which recordings of a patient were exposed', ['whose \\ to whom', ...recipients], rows, {class: 'matrix'});
}

// inFront are some names without repetition, those concerned first; cut counts
// the concerned that are left out.
function inFront(concerned, others) {
  const times = concerned.reduce((n, name) => n.set(name, (n.get(name) || 0) + 1), new Map());
  const sorted = [...times.keys()].sort((a, b) => times.get(b) - times.get(a));
  const shown = [...new Set([...sorted, ...others])].slice(0, shownActors);
  shown.cut = Math.max(0, sorted.length - shownActors);
  return shown;
}

function matrixCell(found, subject, recipient) {
  const at = {'data-subject': subject, 'data-recipient': recipient};
  if (!found.length) return el('td', {...at, class: 'none'}, subject === recipient ? 'own' : '–');
  const level = Math.max(...found.map(x => levels.indexOf(x.level))), proven = found.some(x => !x.possible && levels.indexOf(x.level) === level);
  return el('td', {...at, class: 'level l' + level, 'data-level': levels[level]}, el('b', {}, level + ' ' + levels[level] + (proven ? '' : '?')), found.length > 1 && el('span', {}, '×' + found.length));
}

const levelLegend = () => el('ol', {class: 'levels'}, levels.slice(1).map((l, i) => el('li', {}, el('span', {class: 'level l' + (i + 1)}, (i + 1) + ' ' + l), ' ' + means[l])));

const shownExposures = 300;

function exposureRows(all) {
  const rows = all.slice(0, shownExposures).map(x => el('tr', {}, el('td', {}, el('a', {href: '#trace=' + encodeURIComponent(trace().id) + '&step=' + x.step}, 'step ' + x.step)),
    el('td', {}, x.rule), el('td', {}, x.level), el('td', {}, x.sentence)));
  if (all.length > rows.length) rows.push(el('tr', {}, el('td', {colspan: 4}, 'and ' + (all.length - rows.length).toLocaleString('en') + ' more; exposure.csv has them all')));
  return table('Exposures', ['step', 'rule', 'level', 'what'], rows, {class: 'plain'});
}

function buildCoverage() {
  const c = page.coverage || {};
  return [card('The shape of 9 June 2020', el('p', {}, 'Booked audio, switched to video, then listed: ' + many(c.shapeSame || 0, 'trace') + ' in which the same patient listed, ' + many(c.shapeOther || 0, 'trace') + ' in which another did.')),
    card('Operations', operations(list(c.operations))), list(c.cells).length > 0 && card('How isolation was asked about', cells(c.cells)),
    list(c.pairs).length > 0 && card('Pairs of operations', pairs(c))].filter(Boolean);
}

function operations(all) {
  const most = Math.max(1, ...all.map(o => o.performed));
  const rows = all.map(o => {
    const whole = el('span', {class: 'bar'}), part = el('span', {class: 'bar accepted'});
    whole.hidden = !o.performed;
    part.hidden = !o.accepted;
    whole.style.width = 100 * o.performed / most + '%';
    part.style.width = 100 * o.accepted / most + '%';
    return el('tr', {'data-kind': o.kind}, el('th', {scope: 'row'}, el('code', {}, o.kind)), el('td', {class: 'num'}, o.performed.toLocaleString('en')),
      el('td', {class: 'num'}, o.accepted.toLocaleString('en')), el('td', {class: 'bars'}, whole, part));
  });
  return el('div', {class: 'wide'}, el('p', {class: 'note'}, many(all.filter(o => o.performed).length, 'kind') + ' of ' + all.length + ' were performed; the dark part was answered ok.'),
    table('Operations performed', ['operation', 'performed', 'ok', ''], rows, {class: 'plain operations'}));
}

const histories = ['never switched', 'audio to video', 'video to audio', 'repeatedly'];

function cells(all) {
  const paths = [...new Set(all.map(c => c.path))];
  return [el('p', {class: 'note'}, 'How often somebody asked for what he must not see, by path, by how the owner’s consultation had been switched (rows) and how the viewer’s had (columns). ✓: the owner himself saw it by the same path, so that the check means something.'),
    el('div', {class: 'cells'}, paths.map(path => {
      const of = all.filter(c => c.path === path);
      const rows = histories.map(owner => el('tr', {}, el('th', {scope: 'row'}, owner), histories.map(viewer => {
        const c = of.find(c => c.owner === owner && c.viewer === viewer);
        return el('td', {class: c ? c.controls ? 'asked controlled' : 'asked' : 'empty'}, c ? c.checks.toLocaleString('en') + (c.controls ? ' ✓' : '') : '0');
      })));
      return el('div', {}, el('h3', {}, path + ': ' + of.length + ' of 16'), table(path, ['owner \\ viewer', ...histories], rows, {class: 'cell-grid'}));
    }))];
}

function pairs(c) {
  const kinds = list(c.operations).map(o => o.kind), most = Math.max(1, ...c.pairs.map(p => p.count));
  const count = new Map(c.pairs.map(p => [p.first + ' ' + p.second, p.count]));
  const rows = kinds.map(first => el('tr', {}, el('th', {scope: 'row'}, first), kinds.map(second => {
    const n = count.get(first + ' ' + second) || 0;
    return el('td', {class: 'heat h' + (n ? Math.min(4, 1 + Math.floor(4 * Math.log(n) / Math.log(most + 1))) : 0), title: `${first}, then ${second}: ${n}`}, n ? brief_(n) : '');
  })));
  return [el('p', {class: 'note'}, c.pairs.length + ' of ' + kinds.length * kinds.length + ' pairs of operations in a row: a row is the first, a column the second.'),
    el('div', {class: 'wide'}, table('Pairs of operations in a row', ['', ...kinds], rows, {class: 'pairs'}))];
}

const brief_ = n => (n < 1000 ? String(n) : n < 1e6 ? Math.round(n / 1000) + 'k' : Math.round(n / 1e6) + 'M');

function buildLog() {
  const log = trace() && trace().log;
  if (!log || !list(log.lines).length) return [card('Service log', el('p', {}, log && log.note || 'No log of the service was taken down for this trace.'))];
  return [card('Service log', el('p', {class: 'note'}, log.note || ''), el('div', {class: 'log', role: 'group', 'aria-label': 'Lines of the log', tabindex: 0},
    log.lines.map(l => el('div', {class: l.hit ? 'log-line hit' : 'log-line'}, el('span', {class: 'n'}, String(l.line)), el('code', {}, (l.hit ? '▸ ' : '') + l.text)))))];
}

function buildCertificate() {
  const c = trace() && trace().certificate;
  if (!c) return [card('Certificate', el('p', {}, 'There is none: no trace was reduced to its end.'))];
  const rows = list(c.without).map((o, i) => el('tr', {}, el('td', {class: 'num'}, String(i + 1)), el('td', {}, el('code', {}, o.op)),
    el('td', {}, o.also ? 'and ' + many(o.also, 'line') + ' that need' + (o.also === 1 ? 's' : '') + ' it' : ''), el('td', {}, o.came)));
  return [card(c.title, el('p', {}, 'The whole trace shows the violation in ' + c.whole + ' fresh runs. ' + (c.on || '')),
    rows.length > 0 && el('div', {class: 'wide'}, table('Fresh runs without each line', ['line', 'without', 'which takes along', 'the violation'], rows, {class: 'plain'})))];
}

function buildRun() {
  return [card('How it was found', facts(page.run, {class: 'facts'})), list(page.commands).length > 0 && card('Commands', commands(page.commands)), limits()].filter(Boolean);
}
