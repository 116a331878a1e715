export function seen(page) {
  const name = document.querySelector('h1').textContent;
  new Image().src = 'https://px.example.invalid/i.gif?page=' + encodeURIComponent(page) + '&name=' + encodeURIComponent(name);
}
