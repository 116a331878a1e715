export function send(form, url) {
  const data = new FormData(form);
  return fetch(url, { method: 'POST', body: data });
}
export function autosave(form) {
  window.addEventListener('pagehide', () => navigator.sendBeacon('/draft', new FormData(form)));
}
