// The lanes: one for each actor, with the steps from left to right. Only the
// columns that can be seen are in the document.
const laneHeight = 92, leastColumn = 78, radius = 13, margin = 4;
const lanes = {nodes: new Map(), of: -1, width: 0};

function buildLanes() {
  lanes.labels = el('div', {class: 'lane-labels'});
  lanes.svg = svg('svg', {class: 'lane-drawing', role: 'group', 'aria-label': 'Steps, by actor'});
  lanes.scroller = el('div', {class: 'lanes', on: {scroll: drawSteps}}, lanes.labels, lanes.svg);
  lanes.strip = el('canvas', {class: 'strip', 'aria-hidden': 'true', height: 10});
  new ResizeObserver(() => { lanes.of = -1; drawLanes(); follow(); }).observe(lanes.scroller);
  return el('section', {class: 'card flush', 'aria-label': 'Swim lanes', id: 'lanes'}, lanesHead(), lanes.scroller, transport(), lanes.strip);
}

function lanesHead() {
  lanes.choice = el('div', {class: 'choice', role: 'group', 'aria-label': 'Trace'}, traces.map((t, i) =>
    el('button', {type: 'button', 'data-trace': t.id, on: {click: () => look(i)}}, t.title)));
  lanes.note = el('p', {class: 'note'});
  lanes.legend = el('p', {class: 'legend'},
    swatch('ok'), 'as expected ', swatch('refused'), 'refused, as it should be ', swatch('differs'), 'not as expected ', swatch('broken'), 'breaks a rule');
  return el('div', {class: 'lanes-head'}, el('h2', {}, 'What happened'), lanes.choice, lanes.note, lanes.legend);
}

const swatch = kind => el('span', {class: 'swatch ' + kind, 'aria-hidden': 'true'});

// transport are the buttons and the slider to go through the steps.
function transport() {
  const button = (id, label, shape, run) => el('button', {type: 'button', id, 'aria-label': label, title: label, on: {click: run}}, icon(shape));
  lanes.play = button('play', 'Play', 'play', play);
  lanes.slider = el('input', {type: 'range', id: 'slider', min: 1, step: 1, 'aria-label': 'Step',
    on: {input: () => { stop(); select(Number(lanes.slider.value)); }}});
  lanes.at = el('output', {id: 'at', for: 'slider'});
  return el('div', {class: 'transport'},
    button('first', 'First step', 'first', () => { stop(); select(1); }), button('back', 'Step back', 'back', () => { stop(); select(now.step - 1); }),
    lanes.play, button('forth', 'Step forward', 'forth', () => { stop(); select(now.step + 1); }),
    button('last', 'Last step', 'last', () => { stop(); select(steps().length); }), lanes.slider, lanes.at);
}

// icon is a sign on a button, drawn so that no font needs to have it.
const icons = {
  first: 'M3 2h2v12H3z M14 2v12L6 8z', back: 'M10.6 2 12 3.4 7.4 8l4.6 4.6-1.4 1.4-6-6z', play: 'M4 2v12l9-6z', pause: 'M4 2h3v12H4z M9 2h3v12H9z',
  forth: 'M5.4 2 4 3.4 8.6 8 4 12.6 5.4 14l6-6z', last: 'M11 2h2v12h-2z M2 2v12l8-6z',
};
const icon = shape => svg('svg', {class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true'}, svg('path', {d: icons[shape]}));

// Places in the drawing.
const column = n => margin + (n - 0.5) * lanes.width;
const laneOf = name => trace().actors.findIndex(a => a.name === name);
const height = lane => lane * laneHeight + (lanes.raised.has(lane) ? laneHeight - 40 : 40);

// drawLanes draws what changes with the trace and the size of the window.
function drawLanes() {
  if (!trace() || lanes.of === now.trace || !lanes.scroller.clientWidth) return;
  lanes.of = now.trace;
  lanes.nodes.clear();
  const labels = trace().actors.map(laneLabel);
  replace(lanes.labels, labels);
  const room = lanes.scroller.clientWidth - lanes.labels.offsetWidth - 2 * margin;
  const count = Math.max(steps().length, 1);
  lanes.width = Math.max(leastColumn, Math.min(room / count, 150));
  lanes.raised = raisedLanes();
  const width = Math.max(room, count * lanes.width) + 2 * margin, total = labels.length * laneHeight;
  fill(lanes.svg, {width, height: total, viewBox: `0 0 ${width} ${total}`}, []);
  lanes.band = svg('rect', {class: 'band', y: 0, height: total, width: lanes.width});
  lanes.steps = svg('g', {class: 'steps'});
  lanes.arrows = svg('g', {class: 'arrows'});
  lanes.captions = svg('g', {class: 'captions', 'aria-hidden': 'true'});
  replace(lanes.svg, arrowHeads(), trace().actors.map((a, i) => laneGround(a, i, width)), lanes.band, lanes.arrows, lanes.steps, lanes.captions);
  drawStrip();
  drawSteps();
}

const laneLabel = a => el('div', {class: 'lane-label ' + (a.part ? 'involved' : ''), 'data-actor': a.name},
  el('b', {}, a.name), el('span', {}, a.kind), a.part && el('span', {class: 'part'}, a.part));

const laneGround = (a, i, width) => svg('g', {class: 'ground ' + (a.part ? 'involved' : '')},
  svg('rect', {x: 0, y: i * laneHeight, width, height: laneHeight}),
  svg('line', {x1: 0, x2: width, y1: height(i), y2: height(i)}));

const arrowHeads = () => svg('defs', {}, ['main', 'other'].map(kind =>
  svg('marker', {id: 'head-' + kind, class: 'head ' + kind, viewBox: '0 0 10 10', refX: 9, refY: 5, markerWidth: 9, markerHeight: 9, orient: 'auto-start-reverse', markerUnits: 'userSpaceOnUse'},
    svg('path', {d: 'M0,0 L10,5 L0,10 z'}))));

// raisedLanes are those whose captions stand above the steps, so that the arrow
// leaves the upper lane downwards, or reaches it from below, without crossing
// them.
function raisedLanes() {
  const arrow = list(trace().arrows)[0];
  return new Set(arrow ? [Math.min(laneOf(arrow.from), laneOf(arrow.to))] : []);
}

// drawSteps draws the steps in sight and marks the one looked at.
function drawSteps() {
  if (lanes.of !== now.trace || !trace()) return;
  const left = lanes.scroller.scrollLeft, seen = lanes.scroller.clientWidth;
  const from = Math.max(1, Math.floor(left / lanes.width) - 2), to = Math.min(steps().length, Math.ceil((left + seen) / lanes.width) + 2);
  for (const [n, node] of lanes.nodes) {
    if ((n < from || n > to) && n !== now.step) { node.remove(); lanes.nodes.delete(n); }
  }
  for (let n = from; n <= to; n++) place(n);
  if (steps().length) place(now.step);
  for (const [n, node] of lanes.nodes) dress(n, node);
  lanes.band.setAttribute('x', column(now.step) - lanes.width / 2);
  drawArrows(from, to);
}

function place(n) {
  if (lanes.nodes.has(n)) return;
  const node = stepNode(steps()[n - 1]);
  lanes.nodes.set(n, node);
  lanes.steps.append(node);
}

function stepNode(s) {
  const lane = laneOf(s.actor), x = column(s.step), y = height(lane);
  const above = lanes.raised.has(lane), kind = main(s) || breaks(s).length ? 'broken' : differs(s) ? 'differs' : !s.performed ? 'never' : s.refused ? 'refused' : 'ok';
  const words = [short(s.verb), short(s.on || '')].filter(Boolean), clear = radius + (main(s) ? 8 : 0), base = above ? y - clear - 8 - (words.length - 1) * 14 : y + clear + 16;
  const node = svg('g', {class: 'step ' + kind, role: 'button', 'data-step': s.step, 'data-actor': s.actor, 'aria-label': inWords(s), tabindex: -1,
    on: {click: () => { stop(); select(s.step, true); }}},
    svg('rect', {class: 'hit', x: x - lanes.width / 2, y: lane * laneHeight, width: lanes.width, height: laneHeight}),
    svg('circle', {cx: x, cy: y, r: main(s) ? radius + 2 : radius}), main(s) && svg('circle', {class: 'ring', cx: x, cy: y, r: radius + 7}),
    svg('text', {class: s.step > 999 ? 'number small' : 'number', x, y: y + 4}, String(s.step)),
    (kind === 'broken' || kind === 'differs') && svg('text', {class: 'sign', x: x + radius + (main(s) ? 13 : 5), y: y - radius + (main(s) ? 0 : 2)}, kind === 'broken' ? '!' : '≠'),
    words.map((word, i) => svg('text', {class: i ? 'on' : 'verb', x, y: base + i * 14}, word)));
  node.append(svg('title', {}, inWords(s)));
  return node;
}

const short = text => (text.length > 11 ? text.slice(0, 10) + '…' : text);

function dress(n, node) {
  node.classList.toggle('later', n > now.step);
  node.classList.toggle('current', n === now.step);
  node.setAttribute('tabindex', n === now.step ? 0 : -1);
  if (n === now.step) node.setAttribute('aria-current', 'step'); else node.removeAttribute('aria-current');
}

const arrowsInSight = 40;

function drawArrows(from, to) {
  const seen = list(trace().arrows).filter(a => a.main || Math.max(a.fromStep, a.toStep) >= from && Math.min(a.fromStep, a.toStep) <= to);
  const shown = seen.filter(a => laneOf(a.from) >= 0 && laneOf(a.to) >= 0).slice(0, arrowsInSight);
  replace(lanes.arrows, shown.map(arrowLine));
  replace(lanes.captions, shown.filter(a => a.main).slice(0, 1).map(a => arrowCaption(a, from, to)));
}

// reach are the end points of an arrow, at the edges of its steps, and the
// height at which it crosses from one to the other.
function reach(a) {
  const up = laneOf(a.to) < laneOf(a.from), same = a.to === a.from, sign = up || same ? -1 : 1;
  const x1 = a.fromStep ? column(a.fromStep) : margin, x2 = column(a.toStep);
  const y1 = height(laneOf(a.from)) + sign * (a.fromStep ? radius + 1 : 0), y2 = height(laneOf(a.to)) - (same ? -1 : 1) * sign * (radius + 8);
  const edge = same ? y2 - 34 : (up ? laneOf(a.to) + 1 : laneOf(a.to)) * laneHeight;
  return {x1, y1, x2, y2, edge};
}

function arrowLine(a) {
  const kind = a.main ? 'main' : 'other';
  return svg('path', {class: 'arrow ' + kind + (a.toStep > now.step ? ' later' : ''), d: bend(reach(a)),
    'marker-end': `url(#head-${kind})`, role: 'img', 'aria-label': `Arrow from ${a.from}, step ${a.fromStep}, to ${a.to}, step ${a.toStep}: ${a.label}`,
    'data-from': a.from, 'data-from-step': a.fromStep, 'data-to': a.to, 'data-to-step': a.toStep, 'data-level': a.level},
    svg('title', {}, a.label));
}

// bend is a line that goes straight out of a step, along between the lanes, and
// straight into the other step, with round corners.
function bend({x1, y1, x2, y2, edge}) {
  const r = Math.min(14, Math.abs(x2 - x1) / 2, Math.abs(edge - y1), Math.abs(y2 - edge)), along = Math.sign(x2 - x1) * r;
  const out = Math.sign(edge - y1) * r, into = Math.sign(y2 - edge) * r;
  return `M${x1},${y1} V${edge - out} Q${x1},${edge} ${x1 + along},${edge} H${x2 - along} Q${x2},${edge} ${x2},${edge + into} V${y2}`;
}

// arrowCaption stands on the arrow, in sight as far as the arrow is.
function arrowCaption(a, from, to) {
  const {x1, x2, edge} = reach(a), wide = a.label.length * 6.9 + 22;
  const far = Math.abs(a.toStep - a.fromStep) > to - from, tight = Math.abs(x2 - x1) < wide + 50, before = Math.min(x1, x2) - wide / 2 - 10;
  const x = far ? Math.max(x1, x2) - wide / 2 - 1.2 * lanes.width : !tight ? (x1 + x2) / 2 : before > wide / 2 ? before : Math.max(x1, x2) + wide / 2 + 10;
  const y = edge;
  return svg('g', {class: 'caption' + (a.toStep > now.step ? ' later' : '')},
    svg('rect', {x: x - wide / 2, y: y - 11, width: wide, height: 22, rx: 11}), svg('text', {x, y: y + 4}, a.label));
}

// drawStrip paints where in a long trace answers were not as expected.
function drawStrip() {
  const wide = lanes.scroller.clientWidth, count = steps().length, ink = lanes.strip.getContext('2d');
  lanes.strip.hidden = count * lanes.width <= wide;
  lanes.strip.width = Math.max(wide, 1);
  const colour = kind => getComputedStyle(lanes.legend.querySelector('.' + kind)).borderTopColor;
  const bad = colour('broken'), caution = colour('differs');
  for (const s of steps()) {
    const broken = breaks(s).length > 0;
    if (!broken && !differs(s)) continue;
    ink.fillStyle = broken ? bad : caution;
    ink.fillRect((s.step - 1) / count * wide, main(s) ? 0 : 2, Math.max(wide / count, main(s) ? 4 : 2), main(s) ? 10 : 6);
  }
}

function showLanes() {
  drawLanes();
  drawSteps();
  for (const b of lanes.choice.children) b.setAttribute('aria-pressed', b.dataset.trace === trace().id);
  replace(lanes.note, trace().note || '');
  lanes.choice.hidden = traces.length < 2;
  replace(lanes.play, icon(playing ? 'pause' : 'play'));
  lanes.play.setAttribute('aria-label', playing ? 'Pause' : 'Play');
  lanes.slider.max = steps().length;
  lanes.slider.value = now.step;
  const s = step();
  if (!s) return;
  lanes.slider.setAttribute('aria-valuetext', inWords(s));
  lanes.at.textContent = 'step ' + now.step + ' of ' + steps().length + (s.atMicros ? ', at ' + (s.atMicros / 1e6).toFixed(3) + ' s' : '');
  follow();
}

// follow keeps the step looked at in sight.
function follow() {
  if (!trace() || lanes.of !== now.trace) return;
  const labels = lanes.labels.offsetWidth, x = column(now.step) - lanes.width / 2, box = lanes.scroller;
  const seen = box.clientWidth - labels;
  if (x < box.scrollLeft + lanes.width || x + 2 * lanes.width > box.scrollLeft + seen) box.scrollLeft = x - seen / 2 + lanes.width / 2;
}
