// The page's data, and what of it is looked at now. Whatever changes the latter
// calls show, which draws it and writes it into the address.
const page = JSON.parse(byId('data').textContent);
const traces = list(page.traces);
const now = {view: 'story', trace: 0, step: 1, open: false, rule: ''};
let playing = 0;

const trace = () => traces[now.trace];
const steps = () => (trace() ? list(trace().steps) : []);
const step = () => steps()[now.step - 1];
const breaks = s => list(s.breaks);
const main = s => breaks(s).find(b => b.main);
const differs = s => list(s.fields).some(f => f.differs);

// inWords says what a step is and did, in one line.
function inWords(s) {
  let text = 'step ' + s.step + ': ' + s.op + ', answered ' + s.answered;
  if (differs(s)) text += ', expected ' + s.expected;
  return breaks(s).reduce((t, b) => t + ', breaks ' + b.rule, text);
}

function select(n, open) {
  const count = steps().length;
  if (!count) return;
  now.step = Math.min(Math.max(n, 1), count);
  if (open !== undefined) now.open = open;
  show();
}

function look(index) {
  now.trace = index;
  now.step = trace().leak || Math.max(steps().length, 1);
  stop();
  show();
}

function play() {
  if (playing) { stop(); show(); return; }
  if (now.step >= steps().length) now.step = 0;
  const tick = () => {
    select(now.step + 1);
    if (now.step >= steps().length) { stop(); show(); }
  };
  playing = setInterval(tick, 700);
  tick();
}

function stop() {
  clearInterval(playing);
  playing = 0;
}

// known is what the model knows after a step: entities by kind and name, each
// with the step at which it last changed.
function known(n) {
  const out = new Map();
  for (const s of steps().slice(0, n)) {
    for (const e of list(s.changes)) {
      const key = e.kind + '\u0000' + e.name;
      if (e.facts) out.set(key, {...e, since: s.step}); else out.delete(key);
    }
  }
  return out;
}

// The address names what is looked at: #step=7&trace=found, #rule=LIST-1,
// #view=coverage.
function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const index = traces.findIndex(t => t.id === asked.get('trace'));
  now.trace = Math.max(index, 0);
  now.rule = asked.get('rule') || '';
  now.view = viewNames.includes(asked.get('view')) ? asked.get('view') : now.rule ? 'rules' : 'story';
  const n = parseInt(asked.get('step'), 10);
  const leak = trace() ? trace().leak : 0;
  now.step = Math.min(Math.max(n || leak || steps().length, 1), Math.max(steps().length, 1));
  now.open = n > 0 ? asked.get('panel') !== 'closed' : Boolean(leak);
}

function address() {
  const out = new URLSearchParams();
  if (now.view !== 'story') out.set('view', now.view);
  if (now.view === 'rules' && now.rule) out.set('rule', now.rule);
  if (now.view === 'story' && trace()) {
    if (now.trace > 0) out.set('trace', trace().id);
    out.set('step', now.step);
    if (!now.open) out.set('panel', 'closed');
  }
  return '#' + out;
}
