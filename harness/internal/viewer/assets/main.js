// Tabs, theme, keys, and the beginning.
const built = {};

function buildTabs() {
  replace(byId('tabs'), viewNames.map(name => el('button', {type: 'button', role: 'tab', id: 'tab-' + name, 'aria-controls': 'view-' + name,
    on: {click: () => view(name)}}, views[name].title)));
  replace(byId('views'), viewNames.map(name => el('div', {role: 'tabpanel', id: 'view-' + name, class: 'view', 'aria-labelledby': 'tab-' + name, hidden: true})));
}

function view(name) {
  now.view = name;
  now.rule = '';
  show();
}

function build(name) {
  const want = ofTrace.has(name) ? String(now.trace) : 'once';
  if (built[name] === want) return;
  built[name] = want;
  replace(byId('view-' + name), views[name].build());
}

// show draws what is looked at now.
function show() {
  build(now.view);
  document.documentElement.dataset.view = now.view;
  for (const name of viewNames) {
    const on = name === now.view, tab = byId('tab-' + name);
    tab.setAttribute('aria-selected', String(on));
    tab.setAttribute('tabindex', on ? 0 : -1);
    byId('view-' + name).hidden = !on;
  }
  if (now.view === 'story' && traces.length) showStory();
  if (now.view === 'rules' && now.rule) showRule();
  if (location.hash !== address()) history.replaceState(null, '', address());
}

function showStory() {
  showCompare();
  showPanel();
  showLanes();
  showList();
  if (playing === 0 && step()) say(inWords(step()));
}

// The theme follows the system until it is chosen.
function theme(name) { document.documentElement.dataset.theme = name; lanes.of = -1; if (lanes.scroller) showLanes(); }
const dark = () => (document.documentElement.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';

const keys = [
  ['← →', 'a step back, a step forward'], ['Home End', 'first step, last step'], ['Space', 'play, pause'], ['Enter', 'open the details of the step'],
  ['Esc', 'close the details'], ['t', 'the next trace'], ['l', 'to the leak'], ['1 … 7', 'the views'], ['d', 'light or dark'], ['?', 'this list'],
];

function buildKeys() {
  replace(byId('keys'), el('h2', {id: 'keys-title'}, 'Keys'), el('dl', {class: 'keys'}, keys.map(([key, does]) => [el('dt', {}, el('kbd', {}, key)), el('dd', {}, does)])),
    el('form', {method: 'dialog'}, el('button', {}, 'Close')));
}

const press = {
  ArrowLeft: () => { stop(); select(now.step - 1); }, ArrowRight: () => { stop(); select(now.step + 1); },
  Home: () => { stop(); select(1); }, End: () => { stop(); select(steps().length); },
  ' ': play, Enter: () => select(now.step, true), Escape: () => select(now.step, false),
  t: () => look((now.trace + 1) % traces.length), l: () => { stop(); select(trace().leak || now.step, true); },
};

function onKey(event) {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || byId('keys').open || target.isContentEditable) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === '?') byId('keys').showModal();
  else if (key === 'd') theme(dark() ? 'light' : 'dark');
  else if (key >= '1' && key <= String(viewNames.length)) { view(viewNames[key - 1]); byId('tab-' + now.view).focus(); }
  else if (target.getAttribute && target.getAttribute('role') === 'tab') { if (!onTab(key)) return; }
  else if (!onStory(key, target)) return;
  event.preventDefault();
}

// onTab moves between the tabs, as the ARIA pattern for tabs has it.
function onTab(key) {
  const at = viewNames.indexOf(now.view), last = viewNames.length - 1;
  const to = {ArrowLeft: at ? at - 1 : last, ArrowRight: at === last ? 0 : at + 1, Home: 0, End: last}[key];
  if (to === undefined) return false;
  view(viewNames[to]);
  byId('tab-' + now.view).focus();
  return true;
}

function onStory(key, target) {
  if (now.view !== 'story' || !traces.length || !press[key]) return false;
  const own = target.closest && target.closest('button, a, summary, input, select, textarea');
  if (own && (key === ' ' || key === 'Enter' || target.tagName === 'INPUT' && key.startsWith('Arrow'))) return false;
  press[key]();
  refocus(target, key);
  return true;
}

// refocus keeps the focus on the step looked at, where it was on a step, and
// takes it into the panel and out of it.
function refocus(target, key) {
  if (key === 'Enter') byId('panel').focus({preventScroll: true});
  else if (key === 'Escape' || target.dataset && target.dataset.step && target.closest('svg')) {
    const node = lanes.nodes.get(now.step);
    if (node) node.focus({preventScroll: true});
  }
}

// unfold makes everything ready to be printed.
function unfold() {
  for (const name of viewNames) build(name);
  lines.all = true;
  drawLines();
}

function begin() {
  replace(byId('brief'), brief());
  buildTabs();
  buildKeys();
  byId('theme').addEventListener('click', () => theme(dark() ? 'light' : 'dark'));
  byId('help').addEventListener('click', () => byId('keys').showModal());
  addEventListener('keydown', onKey);
  addEventListener('hashchange', () => { if (location.hash !== address()) { stop(); readAddress(); show(); } });
  addEventListener('beforeprint', unfold);
  addEventListener('afterprint', () => { lines.all = false; drawLines(); });
  readAddress();
  show();
  document.documentElement.dataset.ready = Math.round(performance.now());
}

begin();
