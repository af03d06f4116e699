// What only the browser can do: preferences, keyboard, clipboard, files, modal dialogs. Loaded by the page itself, so that theme
// and language work before the circuit stands, and imported as a module by the circuit.

const aYear = 60 * 60 * 24 * 365;

function remember(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${aYear}; samesite=lax`;
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function toggleTheme() {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  remember('quorate-theme', theme);
}

function switchLanguage(language) {
  remember('quorate-language', language);
  location.reload();
}

async function reconnect(how) {
  if (how === 'reload' || !(await Blazor.reconnect())) {
    location.reload();
  }
}

function onClick(event) {
  const target = event.target.closest('[data-theme-toggle], [data-language], [data-reconnect]');
  if (target?.hasAttribute('data-theme-toggle')) toggleTheme();
  else if (target?.dataset.language) switchLanguage(target.dataset.language);
  else if (target?.dataset.reconnect) reconnect(target.dataset.reconnect);
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

function dismiss(scope) {
  const buttons = scope.querySelectorAll('[data-dismiss]');
  buttons[buttons.length - 1]?.click();
}

function onKeyDown(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    if (!document.querySelector('dialog[open]')) document.querySelector('[data-palette]')?.click();
  } else if (event.key === 'Escape' && !document.querySelector('dialog[open]')) {
    const menu = document.querySelector('details.menu[open]');
    if (menu) menu.open = false;
    else dismiss(document);
  }
}

// A server that hangs, or a network that swallows everything, closes no connection: after so long without a word the page is out of
// date and says so. The server speaks several times as often.
const silenceMs = 10_000;

function startCircuit() {
  Blazor.start({
    circuit: { configureSignalR: builder => builder.withServerTimeout(silenceMs).withKeepAliveInterval(silenceMs / 2) },
  });
}

let lastChange = new Date();
let current = null;

function onChanges(changes) {
  const modal = document.getElementById('components-reconnect-modal');
  if (changes.some(change => !modal?.contains(change.target))) {
    lastChange = new Date();
    revealCurrent();
  } else {
    for (const time of modal.querySelectorAll('[data-last-change]')) {
      const text = lastChange.toLocaleTimeString('en-GB');
      if (time.textContent !== text) time.textContent = text;
    }
  }
}

// On a phone the pages stand in a row that is wider than the window.
function revealCurrent() {
  const page = document.querySelector('nav a.active');
  if (page === null || page === current) return;
  current = page;
  const list = page.closest('ul');
  const [outer, inner] = [list.getBoundingClientRect(), page.getBoundingClientRect()];
  list.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}

// The module is loaded once per page, whoever asks first.
if (!globalThis.quorateListening) {
  globalThis.quorateListening = true;
  new MutationObserver(onChanges).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ['class'] });
  revealCurrent();
  startCircuit();
  document.addEventListener('click', onClick);
  document.addEventListener('keydown', onKeyDown);
  remember('quorate-time-zone', timeZone() ?? 'UTC');
}

export function timeZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? null;
}

// As the style sheets have it.
export function isNarrow() {
  return matchMedia('(max-width: 640px)').matches;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyThroughSelection(text);
  }
}

// Without TLS a page other than localhost has no clipboard API.
function copyThroughSelection(text) {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}

export function download(name, mediaType, content) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type: mediaType }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
  return true;
}

export function showModal(dialog) {
  if (!dialog?.isConnected || dialog.open) return false;
  dialog.addEventListener('cancel', event => {
    event.preventDefault();
    dismiss(dialog);
  });
  dialog.addEventListener('click', event => {
    if (event.target === dialog) dismiss(dialog);
  });
  returnFocusAfter(dialog);
  dialog.showModal();
  return true;
}

export function focusFirst(element) {
  if (!element?.isConnected) return false;
  returnFocusAfter(element);
  (element.querySelector('[autofocus]') ?? element).focus({ preventScroll: true });
  return true;
}

// An element leaves the page when its component does; the focus, unless somebody has taken it meanwhile, goes
// back to where it was.
function returnFocusAfter(element) {
  const before = document.activeElement;
  new MutationObserver((_, observer) => {
    if (element.isConnected) return;
    observer.disconnect();
    if (before?.isConnected && document.activeElement === document.body) before.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
}
