// The trace as text, a line a step. Only the lines in sight are in the document.
const lineHeight = 30;
const lines = {nodes: new Map(), of: -1, all: false};

function buildList() {
  lines.inner = el('div', {class: 'lines-inner', role: 'list', 'aria-label': 'The trace'});
  lines.scroller = el('div', {class: 'lines', on: {scroll: drawLines}}, lines.inner);
  return card('The trace', lines.scroller);
}

function drawLines() {
  if (!trace()) return;
  if (lines.of !== now.trace) {
    lines.of = now.trace;
    lines.nodes.clear();
    replace(lines.inner);
    lines.inner.style.height = steps().length * lineHeight + 'px';
  }
  const top = lines.scroller.scrollTop, seen = lines.scroller.clientHeight || 600;
  const from = lines.all ? 1 : Math.max(1, Math.floor(top / lineHeight) - 5);
  const to = Math.min(steps().length, lines.all ? printed : Math.ceil((top + seen) / lineHeight) + 5);
  for (const [n, node] of lines.nodes) if (n < from || n > to) { node.remove(); lines.nodes.delete(n); }
  for (let n = from; n <= to; n++) {
    if (!lines.nodes.has(n)) addLine(n);
    const node = lines.nodes.get(n);
    node.firstChild.classList.toggle('current', n === now.step);
    node.firstChild.setAttribute('aria-current', n === now.step ? 'step' : 'false');
  }
}

// printed is the number of steps that are printed.
const printed = 400;

function addLine(n) {
  const s = steps()[n - 1], worst = breaks(s).find(b => b.main) || breaks(s)[0];
  const button = el('button', {type: 'button', class: 'line' + (worst ? ' broken' : differs(s) ? ' differs' : ''), tabindex: -1, 'data-line': n,
    on: {click: () => { stop(); select(n, true); }}},
    el('span', {class: 'n'}, String(n)), el('code', {class: 'op', title: s.op}, s.op),
    el('code', {class: 'answer', title: s.answered}, '// ' + s.answered), worst && el('span', {class: 'flag'}, '← ' + worst.rule),
    !worst && differs(s) && el('span', {class: 'flag'}, '≠'));
  const item = el('div', {role: 'listitem', class: 'line-item'}, button);
  item.style.top = (n - 1) * lineHeight + 'px';
  lines.nodes.set(n, item);
  lines.inner.append(item);
}

function showList() {
  drawLines();
  const at = (now.step - 1) * lineHeight, box = lines.scroller;
  if (at < box.scrollTop) box.scrollTop = at - 2 * lineHeight;
  else if (at + lineHeight > box.scrollTop + box.clientHeight) box.scrollTop = at - box.clientHeight + 3 * lineHeight;
  drawLines();
}
