// Elements are made by name, attributes and children. A child that is a string
// becomes a text node: no text of the data is ever read as HTML.
const svgSpace = 'http://www.w3.org/2000/svg';
const el = (tag, attrs, ...children) => fill(document.createElement(tag), attrs, children);
const svg = (tag, attrs, ...children) => fill(document.createElementNS(svgSpace, tag), attrs, children);
const byId = id => document.getElementById(id);

function fill(node, attrs, children) {
  for (const [name, value] of Object.entries(attrs || {})) {
    if (name === 'on') {
      for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
    } else if (value !== undefined && value !== null && value !== false) {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  node.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false && c !== ''));
  return node;
}

const replace = (node, ...children) => { node.replaceChildren(...children.flat(Infinity).filter(Boolean)); return node; };
const many = (n, noun) => n.toLocaleString('en') + ' ' + noun + (n === 1 ? '' : 's');
const list = items => items || [];

// marked is a text in which each occurrence of some words is marked.
function marked(text, words) {
  const out = [];
  for (let rest = text; rest;) {
    const [at, word] = first(rest, words);
    if (at < 0) { out.push(rest); break; }
    if (at > 0) out.push(rest.slice(0, at));
    out.push(el('mark', {}, word));
    rest = rest.slice(at + word.length);
  }
  return out;
}

function first(text, words) {
  let best = [-1, ''];
  for (const word of list(words)) {
    const at = word ? wordAt(text, word) : -1;
    if (at >= 0 && (best[0] < 0 || at < best[0] || at === best[0] && word.length > best[1].length)) best = [at, word];
  }
  return best;
}

// wordAt is where a word stands that no letter or digit continues: the tag of b1
// is not found in that of b10.
function wordAt(text, word) {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!/^[a-z0-9]/i.test(text.slice(at + word.length))) return at;
  }
  return -1;
}

// copies is a button that copies a text.
function copies(text, what) {
  const button = el('button', {type: 'button', class: 'copy', 'aria-label': 'Copy ' + what, 'data-copies': text}, 'copy');
  button.addEventListener('click', async event => {
    event.stopPropagation();
    const done = await copied(text);
    button.textContent = done ? 'copied' : 'press Ctrl+C';
    say(done ? what + ' copied' : 'Copying is not allowed here');
    setTimeout(() => { button.textContent = 'copy'; }, 1500);
  });
  return button;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el('textarea', {class: 'away'});
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

// say tells users of screen readers what has changed.
function say(text) { byId('said').textContent = text; }

// table is a table with a caption for screen readers.
const table = (caption, head, rows, attrs) => el('table', attrs, el('caption', {class: 'away'}, caption),
  el('thead', {}, el('tr', {}, head.map(h => el('th', {scope: 'col'}, h)))), el('tbody', {}, rows));

const facts = (all, attrs) => el('dl', attrs, list(all).map(f => [el('dt', {}, f.name), el('dd', {}, f.value)]));

// card is a section with a heading.
const card = (title, ...children) => el('section', {class: 'card', 'aria-label': title}, el('h2', {}, title), ...children);
