// The comparison of model and service at a step, and the panel with all about it.
function buildCompare() {
  const body = el('div', {id: 'compare'});
  return el('section', {class: 'card', 'aria-label': 'Model and service side by side'}, body);
}

function showCompare() {
  const s = step();
  if (!s) return;
  const rows = list(s.fields).map(f => el('tr', {class: f.differs ? 'differs' : '', 'data-field': f.name},
    el('th', {scope: 'row'}, f.name), el('td', {}, f.expected || el('span', {class: 'quiet'}, 'not said')),
    el('td', {class: 'eq'}, f.differs ? el('b', {'aria-label': 'differs'}, '≠') : f.expected && f.answered ? el('span', {'aria-label': 'same'}, '=') : ''),
    el('td', {}, f.answered || el('span', {class: 'quiet'}, 'not said'))));
  replace(byId('compare'),
    el('div', {class: 'compare-head'}, el('h2', {}, 'Step ' + s.step + ': ', el('code', {}, s.op)),
      el('button', {type: 'button', id: 'open', 'aria-expanded': String(now.open), 'aria-controls': 'panel', on: {click: () => select(now.step, !now.open)}},
        now.open ? 'Hide details' : 'Show details')),
    !s.performed && el('p', {class: 'note'}, 'The run did not come to this step.'),
    breaks(s).map(b => el('p', {class: 'break'}, el('b', {}, 'breaks ', el('a', {href: '#rule=' + encodeURIComponent(b.rule)}, b.rule)), ' ' + levelWords(b.level) + b.message)),
    list(s.divergence).length > 0 && el('div', {class: 'divergence'}, el('p', {}, 'The first answer that no correct service gives'),
      el('dl', {class: 'facts'}, s.divergence.map(f => [el('dt', {}, f.name), el('dd', {}, f.value)]))),
    table('What a correct service answers and what was answered', ['', 'The model expects', '', 'The service answered'], rows, {class: 'fields'}));
}

const levelWords = level => (level && level !== 'none' ? '(' + level + '): ' : ': ');

function buildPanel() {
  return el('aside', {id: 'panel', class: 'card panel', 'aria-label': 'Details of the step', tabindex: -1});
}

function showPanel() {
  const panel = byId('panel'), s = step();
  byId('story-columns').classList.toggle('with-panel', now.open && Boolean(s));
  panel.hidden = !now.open || !s;
  if (panel.hidden) return;
  const shown = trace().id + ' ' + s.step;
  if (panel.dataset.shown === shown) return;
  panel.dataset.shown = shown;
  panel.dataset.step = s.step;
  replace(panel, panelHead(s), evidence(s), requests(s), modelState(s));
  panel.scrollTop = 0;
}

const panelHead = s => el('div', {class: 'panel-head'},
  el('h2', {}, 'Details of step ' + s.step),
  el('button', {type: 'button', class: 'tool', id: 'close', 'aria-label': 'Close the details', on: {click: () => select(now.step, false)}}, '✕'),
  facts([{name: 'who', value: s.actor}, {name: 'operation', value: s.op}, {name: 'expected', value: s.expected}, {name: 'answered', value: s.answered},
    {name: 'took', value: (s.tookMicros / 1000).toLocaleString('en', {maximumFractionDigits: 1}) + ' ms'}], {class: 'facts'}));

// evidence is where the foreign tag stood.
function evidence(s) {
  if (!list(s.evidence).length) return null;
  return el('section', {class: 'evidence', 'aria-label': 'Evidence'}, el('h3', {}, 'Evidence'), s.evidence.map(e => el('div', {class: 'proof'},
    el('p', {class: 'where'}, e.where), el('pre', {}, el('code', {}, marked(e.text, [e.mark]))), el('p', {}, e.says))));
}

function requests(s) {
  const all = list(s.requests);
  if (!all.length) return el('section', {'aria-label': 'Requests'}, el('h3', {}, 'Requests'), el('p', {class: 'note'}, 'No requests of this step are known.'));
  return el('section', {'aria-label': 'Requests'}, el('h3', {}, many(all.length, 'request')), all.map(r => request(r, s, all.length === 1 || breaks(s).length > 0)));
}

function request(r, s, open) {
  return el('details', {class: 'request', open: open},
    el('summary', {}, el('b', {class: 'method'}, r.method), ' ', el('code', {}, r.url), ' ', el('span', {class: 'status s' + Math.floor((r.status || 0) / 100)}, r.status ? String(r.status) : 'no answer')),
    el('dl', {class: 'ids'}, el('dt', {}, 'X-Request-Id'), el('dd', {}, el('code', {}, r.id), copies(r.id, 'request id')),
      r.traceparent && [el('dt', {}, 'traceparent'), el('dd', {}, el('code', {}, r.traceparent), copies(r.traceparent, 'traceparent'))]),
    r.failure && el('p', {class: 'break'}, r.failure),
    r.whole ? [message('Request', r.sent, []), message('Response', r.got, s.marks)] : el('p', {class: 'note'}, 'Headers and bodies of this run were not taken down.'));
}

function message(title, m, marks) {
  m = m || {};
  return el('div', {class: 'message'}, el('h4', {}, title),
    list(m.headers).length > 0 && el('details', {class: 'headers'}, el('summary', {}, many(m.headers.length, 'header')), facts(m.headers, {class: 'header-list'})),
    m.body ? el('pre', {}, el('code', {}, marked(pretty(m.body), marks))) : el('p', {class: 'quiet'}, 'no body'), m.note && el('p', {class: 'note'}, m.note));
}

// pretty is a body with JSON set out in lines.
function pretty(body) {
  try {
    const value = JSON.parse(body);
    return value && typeof value === 'object' ? JSON.stringify(value, null, 2) : body;
  } catch {
    return body;
  }
}

const wholeState = 40; // entities that are shown where they did not change

// modelState sets what the model knew before a step beside what it knows after.
function modelState(s) {
  const before = known(s.step - 1), after = known(s.step);
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const changed = keys.filter(k => !after.has(k) || after.get(k).since === s.step);
  const shown = keys.length <= wholeState ? keys : changed;
  return el('section', {'aria-label': 'State before and after'}, el('h3', {}, 'What the model knows'),
    changed.length === 0 && el('p', {class: 'note'}, 'The step changes nothing.'),
    shown.length > 0 && table('State before and after the step', ['', 'before', 'after'], shown.map(k => stateRow(before.get(k), after.get(k), changed.includes(k))), {class: 'state'}),
    keys.length > shown.length && el('p', {class: 'note'}, many(keys.length - shown.length, 'more thing') + ' did not change.'));
}

function stateRow(before, after, changed) {
  const e = after || before;
  return el('tr', {class: changed ? 'changed' : '', 'data-entity': e.name}, el('th', {scope: 'row'}, el('code', {}, e.name), el('span', {class: 'quiet'}, e.kind)),
    el('td', {}, before ? factLines(before, after) : el('span', {class: 'quiet'}, '–')), el('td', {}, after ? factLines(after, before) : el('span', {class: 'quiet'}, 'gone')));
}

const factLines = (e, other) => el('ul', {}, e.facts.map(f => {
  const new_ = other ? !other.facts.some(o => o.name === f.name && o.value === f.value) : false;
  return el('li', {class: new_ ? 'new' : ''}, el('span', {class: 'quiet'}, f.name + ' '), f.value);
}));
